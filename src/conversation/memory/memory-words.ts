/**
 * What a person tells about themselves and about the memory, recognised in code so that it works with every model and
 * without one, in the five languages of safe mode.
 */
import { cutText } from "../../host/cut-text.js";

export type MemoryWish =
  | { readonly kind: "met"; readonly name: string }
  /** "My name isn't Tom." */
  | { readonly kind: "notMet"; readonly name: string }
  | { readonly kind: "fact"; readonly text: string };

const FACT_CHARS_MAX = 160;

/**
 * now: said plainly and alone; forGood: and never to be taken back; ask: it may have been meant; more: not of today only, which
 * cannot be done by word.
 */
export type ForgetWish = "now" | "forGood" | "ask" | "more";

const POLITE =
  /^(?:(?:hey|ok|okay|please|buddy|now|just|and|well|bitte|also|por favor|s'il te pla[iî]t|(?:can|could|would|will) you|i want you to|kannst du|puedes|peux-tu)[\s,]+|(?!vergiss|forget|olvida|oublie)\p{L}+,\s*)+/iu;
/** What of a day is to go, in each language; what follows it may only be one of `TAILS`. */
const ORDERS: readonly RegExp[] = [
  /^(?:forget|delete|erase)\s+(?:all |everything |about |all of )*(?:(?:of )?today(?:['’]s (?:memor(?:y|ies)|conversations?|talks?|words|chats?))?\b(?!['’])|(?:that )?what (?:i|we)(?:['’]ve)? (?:just )?(?:said|told you|talked about)|(?:that )?(?:i|we) (?:just )?(?:said|told you|talked about))/iu,
  /^vergiss,? (?:alles,? )?(?:heute|was (?:ich|wir) (?:heute |gerade |dir )*(?:gesagt|erz[aä]hlt|besprochen) (?:habe|haben))/iu,
  /^olvida (?:todo )?(?:lo de hoy|hoy|lo que (?:te )?(?:dije|he dicho|dijimos|hemos dicho))/iu,
  /^oublie (?:tout )?(?:aujourd['’]hui|ce (?:que j['’]ai|qu['’]on a|que nous avons) dit)/iu,
  /^(?:今日(?:の話|のこと|話したこと)?|(?:私が|僕が|さっき)?(?:言った|話した)こと)(?:を|は)?(?:全部|ぜんぶ)?忘れて/u,
];
/** All that is known of a person, of whatever day. */
const MORE: readonly RegExp[] = [
  /^(?:forget|delete|erase|wipe|clear|remove)\s+(?:(?:all|everything)\s+(?:(?:that|of what)\s+)?(?:you\b.*\b(?:about|of|on) me|about me|i(?:['’]ve)? (?:ever )?told you)|me\s*(?:$|please)|my (?:name|data|memor(?:y|ies)|facts)\b)/iu,
  /^(?:vergiss|lösche?)\s+(?:bitte\s+)?(?:alles,? was du (?:über|von) mir? (?:weißt|hast)|alles (?:über|von) mi(?:ch|r)|mich\s*(?:$|bitte)|meine(?:n)? (?:namen|daten|erinnerungen))/iu,
  /^(?:olvida|borra|elimina)\s+(?:todo lo que (?:sabes|tienes|recuerdas) (?:de|sobre) mí|mi nombre|mis datos)/iu,
  /^(?:oublie|efface|supprime)\s+(?:tout ce que tu (?:sais|as) (?:de|sur) moi|mon (?:pré)?nom|mes données)/iu,
  /^(?:(?:私|僕|俺)(?:のこと|の名前|の(?:データ|記録)|について知っていること))(?:を)?(?:全部|ぜんぶ|すべて)?(?:忘れて|消して|削除して)/u,
];
/** May follow an order without making it another one. */
const TAILS =
  /^(?:\s*(?:,\s*)?(?:today|now|please|again|all of it|to you|to me|in here|about it|heute|bitte|hoy|por favor|aujourd['’]hui|s['’]il te pla[iî]t|ください|for good|for ever|forever|f[uü]r immer|para siempre|pour toujours|pour de bon|永久に))*[\s.!。！]*$/iu;
const FOR_GOOD =
  /\b(?:for good|for ever|forever|für immer|fuer immer|endgültig|para siempre|pour toujours|pour de bon)\b|永久に|完全に/iu;
const TAKE_BACK =
  /^(?:\p{L}+,\s*)?(?:please |bitte |no,? )*(?:take (?:that|it) back|undo (?:that|it)|remember (?:it|that|everything) again|un-?forget(?: it| that)?|bring (?:it|that|them) back|nimm das zurück|erinnere dich wieder|deshazlo|recuérdalo|annule ça|reviens en arrière|取り消して|思い出して|元に戻して)[\s,.!。]*(?:please|bitte)?[\s.!。]*$/iu;
const YES =
  /^(?:yes|yeah|yep|sure|do it|do that|please do|go ahead|ok(?:ay)?|ja|klar|mach das|sí|si|claro|hazlo|oui|vas-y|d['’]accord|はい|うん|お願い)(?:[\s,]+(?:please|bitte|por favor|s['’]il te plaît|forget it|do|do it|buddy))*[\s.!。]*$/iu;

const WORD = "[\\p{Lu}\\p{Lo}][\\p{L}'’-]{0,30}";
/** A name and a second one, both written large. */
const FULL = `(${WORD}(?:\\s+(?!And\\b|I\\b|But\\b)\\p{Lu}[\\p{L}'’-]{1,30})?)`;
/** People write names small when they type. */
const NAMES: readonly RegExp[] = [
  new RegExp(`\\b[Mm]y name(?:'s|’s| is)\\s+(?:called\\s+)?${FULL}`, "u"),
  new RegExp(`\\b(?:[Ii] am called|[Cc]all me|[Mm]y friends call me)\\s+${FULL}`, "u"),
  new RegExp(
    `(?:^|[.!?,]\\s*|\\b(?:[Hh]i|[Hh]ello|[Hh]ey|[Mm]orning|[Ee]vening|[Tt]here),?\\s+)(?:I'm|I’m|[Ii]m|[Ii] am|i'm|[Tt]his is)\\s+${FULL}(?=\\s*(?:[.!,]|$|and\\b|by the way|nice to|pleased to|here\\b))`,
    "u",
  ),
  new RegExp(
    `\\b(?:[Ii]ch heiße(?: übrigens)?|[Ii]ch heisse|[Mm]ein [Nn]ame ist|[Nn]enn mich|[Ii]ch bin(?:['’]?s)?,? (?:der|die))\\s+${FULL}(?![\\p{L}'’-]|\\s+\\p{Ll})`,
    "u",
  ),
  new RegExp(
    `^(?:[Hh]allo|[Hh]i|[Hh]ey|[Gg]uten (?:Tag|Morgen|Abend)|[Ss]ervus|[Mm]oin),? ich bin\\s+${FULL}(?![\\p{L}'’-]|\\s+\\p{Ll})`,
    "u",
  ),
  new RegExp(`(?:\\b[Mm]e llamo|\\b[Mm]i nombre es|\\b[Ll]lámame)\\s+${FULL}`, "u"),
  new RegExp(
    `(?:^|[.!?,]\\s*|\\b[Hh]ola,?\\s+|\\b[Bb]uenas,?\\s+)(?:[Yy]o )?[Ss]oy\\s+${FULL}(?=\\s*(?:[.!,]|$|y\\b|encantad|mucho gusto|un placer))`,
    "u",
  ),
  new RegExp(
    `(?:[Jj]e m['’]appelle|\\b[Mm]on nom est|\\b[Aa]ppelle-moi|\\b[Mm]oi,? c['’]est)\\s+${FULL}`,
    "u",
  ),
  new RegExp(
    `(?:^|[.!?,]\\s*|\\b[Bb]onjour,?\\s+|\\b[Ss]alut,?\\s+)[Jj]e suis\\s+${FULL}(?=\\s*(?:[.!,]|$|et\\b|enchant|ravi))`,
    "u",
  ),
  /(?:^|[。、！]|ちなみに)(?:私|僕|俺|わたし|ぼく)(?:の名前)?は\s*([\p{Script=Han}\p{Script=Katakana}ー]{1,12})(?:です|だよ|だ|といいます|と言います|と申します|$)/u,
  /^(?:はじめまして|初めまして|こんにちは|どうも)[。、！]?([\p{Script=Han}\p{Script=Katakana}ー]{2,8})(?:です|だよ|と)/u,
  /(?:^|[。、！])(?:(?:私|僕|俺|わたし|ぼく)は)?([\p{Script=Han}\p{Script=Katakana}\p{Script=Hiragana}ー]{1,12}?)(?:と|って)(?:いい|言い|申し)ます[。！]*$/u,
];
/** Speech-to-text and hasty people write names small. */
const NAME_SMALL =
  /(?<!\p{L})(?:my name(?:'s|’s| is)|ich hei(?:ß|ss)e|mein name ist|me llamo|mi nombre es|je m['’]appelle|mon (?:pré)?nom est)\s+(\p{L}[\p{L}'’-]{1,30})\s*[.!]*$/iu;
/** What people are, in the place of a name. */
const NO_NAME_JA =
  /(?:学生|生徒|社員|[人者師員男女]|元気|大丈夫|幸せ|病気|心配|不安|暇|退屈|子供|大人|好き|嫌い|無理|最高|最悪|[歳才]|満足|孤独|AI|ロボット|ファン|エンジニア|プログラマー|サラリーマン|フリーター|ここ|そこ|どこ|今|誰|だれ|何|なに|どなた)$/u;
const FACT =
  /\b(?:remember (?:that|this:?)|don't forget that|note that|keep in mind that|merk dir,?(?: dass)?|denk daran,?(?: dass)?|recuerda que|acuérdate de que|souviens-toi que|n['’]oublie pas que|retiens que)\s+(.{3,})|^(.{2,}?)(?:と|を|ことを)?(?:覚えて(?:おいて)?|覚えといて)/iu;
/** What is true next month, too. */
const OWN =
  /\bi (?:really |also |just )?((?:like|love|hate|prefer|live in|work (?:as|at|in|for)|play|am allergic to|come from|was born (?:in|on)|study|speak|collect|have (?:a|an|two|three|four|five|\d+) (?!question|idea|problem|minute|moment|look|second|guess|feeling|cold|headache|bad|good|lot|meeting|call|question|request|plan|thought|favou?r|job for))\s*[^.?!,]{2,80})/iu;
/** The same in the other languages. */
const OWN_TOO: readonly RegExp[] = [
  /(?<!\p{L})(ich (?:mag|liebe|hasse|wohne in|arbeite (?:als|bei|in)|spiele|komme aus|spreche|sammle|studiere|bin allergisch gegen|habe (?:einen|eine|ein|zwei|drei|vier)(?! (?:frage|idee|problem|moment|termin|bitte|gefühl|schlechten|guten)))\s+(?!dich|dir|es\b|das\b|nicht\b)[^.?!,]{2,80})/iu,
  /(?<!\p{L})((?:(?:no )?me (?:gusta|encanta)|odio|vivo en|trabajo (?:como|en|de)|juego al?|soy alérgic[oa] a|tengo (?:un|una|dos|tres|cuatro)(?! (?:pregunta|idea|problema|momento|duda|mal|cita)))\s+(?!hablar contigo|eso\b|esto\b|tu\b)[^.?!,]{2,80})/iu,
  /(?<!\p{L})(j['’](?:aime|adore|habite à|habite en|ai (?:un|une|deux|trois|quatre)(?! (?:question|idée|problème|moment|doute|rendez-vous|mauvais|envie)))\s+(?!bien (?:ça|te)|ça\b|te\b)[^.?!,]{2,80}|je (?:travaille (?:comme|chez|à)|déteste|joue (?:du|de|au|à)|suis allergique (?:au|à)) [^.?!,]{2,80})/iu,
  /((?:私|僕|俺)は[^。？！、]{1,20}(?:が(?:大)?(?:好き|嫌い)|に住んで(?:い|る)|で働いて(?:い|る))[^。？！]{0,6})/u,
];
/** "my dog is called Rex": whose and what, in each language. */
const MINE: readonly RegExp[] = [
  /\b(my (?!name\b|god\b|question\b|point\b|bad\b|friend said\b)[\p{L}' -]{2,30}? (?:is called|are called|is named|'s name is|’s name is|name is|is|are|lives in|was born) [^.?!,]{1,80})/iu,
  /\b(mein(?:e|er)? (?!name\b|gott\b|frage\b)[\p{L} -]{2,30}? (?:heißt|heisst|heißen|ist|sind|wohnt in) [^.?!,]{1,80})/iu,
  /(?:^|[^\p{L}])(mis? (?!nombre\b|dios\b|pregunta\b)[\p{L} -]{2,30}? (?:se llaman?|es|son|está|vive en) [^.?!,]{1,80})/iu,
  /(?:^|[^\p{L}])(m(?:on|a|es) (?!nom\b|dieu\b|question\b)[\p{L} -]{2,30}? (?:s['’]appelle(?:nt)?|est|sont|habite) [^.?!,]{1,80})/iu,
  /((?:私|僕|うち)の[^。？！名]{1,12}(?:の名前)?は[^。？！]{1,30}(?:です|だよ|といいます))/u,
];
/** Small talk: true for a moment, or about nobody. */
const SMALL =
  /^(?:like|love|hate|prefer|play) (?:it|that|this|you|him|her|them|to (?:know|ask|hear|see)|your|the way|how|what|when|me)\b|^my (?:day|week|morning|evening|time|turn|mood|head|back|battery|phone|computer|screen|internet|coffee|tea|food|dinner|lunch|plan|idea|answer|guess|opinion) |\b(?:right now|today|tonight|at the moment|a bit|so far|kidding|joking)\b|^mein(?:e|er)? (?:tag|kopf|idee|meinung|laune) |^mi (?:día|cabeza|idea|opinión) |^m(?:a|on) (?:journée|tête|idée|avis) /iu;
/** Words that are no names however they are written. */
const NO_NAME = new Set(
  (
    "a the not so very just back here sorry it me again an at by if in later maybe now of on or soon spelled that to tomorrow tonight what when " +
    "whenever fine good great ok okay happy sad tired bored hungry ready done home sick late lonely alone angry busy serious sure going trying " +
    "looking nicht kein no pas i buddy from glad afraid important true wrong right german french english spanish japanese american british " +
    "neue chef chefin vater mutter papa mama bruder schwester mann frau meinung beste erste letzte einzige ältere jüngere sohn tochter freund freundin " +
    "lehrer lehrerin arzt ärztin student studentin nachbar nachbarin boss besitzer deutscher vegetarier veganer español française français"
  ).split(" "),
);

/** Whether somebody asks to forget what was said today, and how plainly. */
export function forgetWish(said: string): ForgetWish | undefined {
  const sentences = said.split(/(?<=[.!?。！])\s*/).filter((sentence) => sentence.trim() !== "");
  for (const sentence of sentences) {
    if (MORE.some((pattern) => pattern.test(sentence.trim().replace(POLITE, "")))) return "more";
    const isQuestion = /[?？]\s*$/.test(sentence);
    const words = sentence.trim().replace(POLITE, "");
    const order = ORDERS.map((pattern) => pattern.exec(words)).find((found) => found !== null);
    if (order === undefined || order === null) continue;
    const rest = words.slice(order[0].length).replace(/\?\s*$/, "");
    // "…, tell me a joke instead": an idiom, and something else to do.
    if (!TAILS.test(rest)) continue;
    if (sentences.length > 1 || isQuestion) return "ask";
    return FOR_GOOD.test(rest) ? "forGood" : "now";
  }
  return undefined;
}

/** Whether somebody wants back what was forgotten. */
export function wantsBack(said: string): boolean {
  return TAKE_BACK.test(said.trim());
}

export function saysYes(said: string): boolean {
  return YES.test(said.trim());
}

const NOT_ME: readonly RegExp[] = [
  /\b(?:my name (?:isn['’]?t|is not)|i(?:['’]m| am) not|(?:don['’]t|do not) call me)\s+(\p{Lu}[\p{L}'’-]{0,30})/iu,
  /\b(?:ich heiße nicht|ich bin nicht|mein name ist nicht|nenn mich nicht)\s+(\p{L}[\p{L}'’-]{0,30})/iu,
  /(?<!\p{L})(?:no me llamo|no soy|mi nombre no es)\s+(\p{L}[\p{L}'’-]{0,30})/iu,
  /(?<!\p{L})(?:je ne m['’]appelle pas|je m['’]appelle pas|je ne suis pas|mon nom n['’]est pas)\s+(\p{L}[\p{L}'’-]{0,30})/iu,
  /(?:私|僕|俺)(?:の名前)?は(.{1,12}?)(?:じゃ|では)(?:ない|ありません)/u,
];

/** Everything found; a question is never taken for a fact. */
export function memoryWishes(said: string): MemoryWish[] {
  const text = said.replace(/\s+/g, " ").trim();
  const wishes: MemoryWish[] = [];
  const name = nameIn(text);
  if (name !== undefined) wishes.push({ kind: "met", name });
  else {
    const denied = NOT_ME.map((pattern) => pattern.exec(text)?.[1]).find(Boolean);
    if (denied !== undefined) wishes.push({ kind: "notMet", name: denied });
  }
  if (/[?？]$/.test(text)) return wishes;
  const told = FACT.exec(text);
  if (told !== null) {
    wishes.push({ kind: "fact", text: clean(told[1] ?? told[2] ?? "") });
    return wishes;
  }
  for (const pattern of [OWN, ...OWN_TOO, ...MINE]) {
    const own = pattern.exec(text)?.[1];
    if (own === undefined || SMALL.test(own)) continue;
    wishes.push({ kind: "fact", text: clean(own) });
  }
  return wishes;
}

function nameIn(text: string): string | undefined {
  const found = [...NAMES, NAME_SMALL].map((pattern) => pattern.exec(text)?.[1]).find(Boolean);
  if (found === undefined) return undefined;
  const words = found.split(" ");
  if (NO_NAME.has((words[0] ?? "").toLowerCase()) || NO_NAME_JA.test(found)) return undefined;
  return found.charAt(0).toUpperCase() + found.slice(1);
}

/** Facts go into prompts: one line, no brackets that could look like a tag. */
function clean(text: string): string {
  return cutText(text.replace(/[[\]<>{}"]/g, "").replace(/[.!\s]+$/, ""), FACT_CHARS_MAX);
}

const STOP_WORDS = new Set([
  "stop",
  "stop it",
  "stop talking",
  "be quiet",
  "quiet",
  "shut up",
  "silence",
  "enough",
  "halt",
  "hush",
  "stopp",
  "ruhe",
  "sei still",
  "arrete",
  "arrête",
  "tais-toi",
  "alto",
  "basta",
]);

const QUIET_FOR_ALL =
  /\b(?:quiet|silence|hush|stop),? (?:every(?:one|body)|all(?: of you)?)\b|\b(?:ruhe|still),? alle\b|\balle (?:still|ruhig)\b|\bsilencio,? todos\b|\bsilence,? tous\b|みんな静かに(?:して(?:ください|ね)?)?/iu;

/** May stand around a stop word without making it a question. */
const AROUND_STOP = new Set(["please", "ok", "okay", "hey", "now", "no", "just", "buddy"]);

/**
 * Whether somebody wants silence and nothing else, once or "stop, stop, stop".
 * @param name what the robot is called, too.
 */
export function isStopWord(said: string, name = ""): boolean {
  const called = name.toLowerCase();
  const words = said
    .toLowerCase()
    .replace(QUIET_FOR_ALL, "quiet")
    .replace(/[.!¡,…]/g, " ")
    .split(/\s+/)
    .filter((word) => word !== "" && word !== called && !AROUND_STOP.has(word))
    .join(" ");
  return STOP_WORDS.has(words.replace(/^(.+?)(?: \1)+$/, "$1"));
}

/** Whether somebody asks all robots of a room for quiet, among other things perhaps. */
export function asksForQuiet(said: string): boolean {
  return QUIET_FOR_ALL.test(said);
}
