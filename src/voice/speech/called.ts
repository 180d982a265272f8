/** Whether words call Buddy by its name: hands-free, a television calls nobody. Pure. */

/** What people say before a name, in the languages that safe mode speaks. */
const LEADS =
  "hey|hi|hello|ok|okay|hallo|he|na|oye|hola|eh|dis|salut|bonjour|ねえ|ねぇ|おい|もしもし";
/** "Buddy" as it is written where it is no word. */
const WRITTEN: Readonly<Record<string, string>> = { buddy: "バディ" };

/**
 * A call by the name alone, one with what is wanted, or none.
 * @param name as in the persona; "Buddy" counts with every persona.
 */
export function callIn(words: string, name: string): "name" | "words" | "none" {
  const names = [...new Set([bare(name), "buddy"])].filter((one) => one !== "");
  const forms = names.flatMap((one) => [one, WRITTEN[one]]).filter((one) => one !== undefined);
  const said = bare(words);
  for (const form of forms) {
    // After a Latin name a letter would be another word; a name in kana is followed by what it likes.
    const end = /\p{Script=Latin}/u.test(form) ? "(?![\\p{L}\\p{N}])" : "";
    const pattern = `^(?:(?:${LEADS})[\\s,、!！]*){0,2}${escaped(form)}${end}`;
    const call = new RegExp(pattern, "u").exec(said);
    if (call !== null) return /[\p{L}\p{N}]/u.test(said.slice(call[0].length)) ? "words" : "name";
  }
  return forms.some((form) => isOneWordAnd(form, said)) ? "name" : "none";
}

/**
 * Nothing but one word and the name: "Stop, Buddy" is said to Buddy, and so is a call in which a small Whisper, which has so little to
 * go by, hears "Bye Buddy" for "Hi Buddy". Longer words that end with the name may be about somebody.
 */
function isOneWordAnd(form: string, said: string): boolean {
  return new RegExp(`^[\\p{L}'’]+[\\s,]+${escaped(form)}[^\\p{L}\\p{N}]*$`, "u").test(said);
}

/** In lower case, without accents, and without marks before the first word. */
function bare(text: string): string {
  return text
    .normalize("NFKD")
    .replace(/(?<=\p{Script=Latin})\p{M}+/gu, "")
    .normalize("NFC")
    .toLowerCase()
    .replace(/^[^\p{L}\p{N}]+/u, "")
    .trim();
}

function escaped(text: string): string {
  return text.replace(/[\\^$.*+?()[\]{}|/-]/g, "\\$&");
}
