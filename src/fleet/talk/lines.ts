/** What a robot says of its stage by itself, by the first two letters of its language; `NAME` is put in. */

interface Lines {
  readonly hello: string;
  /** Its room was lost in the middle of a word, and is back. */
  readonly cutOff: string;
  /** In fleet safe mode, to who says its name. */
  readonly alone: string;
}

const LINES: Readonly<Record<string, Lines>> = {
  en: {
    hello: "Hello, NAME!",
    cutOff: "I was cut off.",
    alone: "I cannot hear the others now. I keep quiet until I can.",
  },
  de: {
    hello: "Hallo, NAME!",
    cutOff: "Ich wurde unterbrochen.",
    alone: "Ich höre die anderen gerade nicht. Ich bin so lange still.",
  },
  es: {
    hello: "¡Hola, NAME!",
    cutOff: "Se cortó lo que decía.",
    alone: "Ahora no oigo a los demás. Me callo hasta que los oiga.",
  },
  fr: {
    hello: "Bonjour, NAME !",
    cutOff: "J'ai été coupé.",
    alone: "Je n'entends pas les autres. Je me tais en attendant.",
  },
  ja: {
    hello: "こんにちは、NAME！",
    cutOff: "途中で切れてしまいました。",
    alone: "今はみんなの声が聞こえません。聞こえるまで静かにしています。",
  },
};

export function lineOf(line: keyof Lines, language: string, name = ""): string {
  const lines = LINES[language.slice(0, 2).toLowerCase()] ?? (LINES["en"] as Lines);
  return lines[line].replace("NAME", name);
}
