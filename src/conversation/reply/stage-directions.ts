/**
 * Stage directions (`*nods*`, `(smiles)`) and emoji: what a model writes where a body would move. They are not for the ear;
 * those that the robot can do become its gestures. Pure.
 */

/** Words of a direction, each with the wish it becomes; "" for what a head on a desk cannot show. First match counts. */
const DIRECTIONS: readonly (readonly [RegExp, string])[] = [
  [/\b(?:shak\w+|schüttel\w*|secou\w*|sacud\w*|nieg\w*)\b/i, "shake"],
  [/\b(?:nod\w*|nick\w*|hoch\w*|acquiesc\w*|asient\w*|asint\w*)\b|うなず|頷/i, "nod"],
  [/\b(?:tilt\w*|cock\w*|neig\w*|pench\w*|inclin\w*|ladea\w*)\b|首をかしげ/i, "curious_tilt"],
  [/\b(?:sigh\w*|seufz\w*|soupir\w*|suspir\w*|exhal\w*)\b|ため息/i, "sigh"],
  [
    /\b(?:danc\w*|cheer\w*|celebrat\w*|bounc\w*|clap\w*|jump\w*|jubel\w*|tanz\w*|klatsch\w*|dans\w*|applaud\w*|bail\w*|aplaud\w*)\b|踊|拍手/i,
    "celebrate",
  ],
  [
    /\b(?:smil\w*|grin\w*|laugh\w*|chuckl\w*|giggl\w*|beam\w*|wink\w*|purr\w*|lächel\w*|lach\w*|kicher\w*|grins\w*|zwinker\w*|souri\w*|rit|rires?|riant|sonr\w*|ríe|rie|riendo|guiñ\w*)\b|笑|微笑/i,
    "express:content",
  ],
  [/\b(?:gasp\w*|flinch\w*|startl\w*|zuck\w*|erschr\w*|sursaut\w*|sobresalt\w*)\b|驚/i, "startled"],
  [
    /\b(?:look\w*|turn\w*|glanc\w*|peek\w*|schaut?|blick\w*|dreht?|regard\w*|tourn\w*|mira\w*|gira\w*)\b.*\b(?:left|links|gauche|izquierda)\b/i,
    "attention:left",
  ],
  [
    /\b(?:look\w*|turn\w*|glanc\w*|peek\w*|schaut?|blick\w*|dreht?|regard\w*|tourn\w*|mira\w*|gira\w*)\b.*\b(?:right|rechts|droite|derecha)\b/i,
    "attention:right",
  ],
  [
    /\b(?:look\w*|glanc\w*|schaut?|blick\w*|regard\w*|mira\w*)\b.*\b(?:up|ceiling|oben|haut|arriba)\b/i,
    "attention:up",
  ],
  [
    /\b(?:look\w*|glanc\w*|schaut?|blick\w*|regard\w*|mira\w*|lower\w*)\b.*\b(?:down|floor|unten|bas|abajo)\b/i,
    "attention:down",
  ],
  [
    /\b(?:frown\w*|confus\w*|scratch\w*|puzzl\w*|stirn\w*|verwirrt|fronc\w*|confund\w*)\b|困/i,
    "express:confused",
  ],
  [
    /\b(?:ponder\w*|think\w*|wonder\w*|muse\w*|consider\w*|überleg\w*|denkt|nachdenk\w*|réfléch\w*|piens\w*)\b|考え/i,
    "express:curious",
  ],
  [
    /\b(?:look\w*|turn\w*|glanc\w*|peek\w*|peer\w*|blink\w*|wav\w*|shrug\w*|paus\w*|yawn\w*|lean\w*|whirr?\w*|beep\w*|bow\w*|whisper\w*|clear\w*|rais\w*|lift\w*|star\w*|gaz\w*|perk\w*|rolls?|rolling|stretch\w*|blush\w*|pout\w*|sniff\w*|nuzzl\w*|rougi\w*|sonroj\w*|adjust\w*|hum\w*|schaut?|blick\w*|winkt?|zwinker\w*|gähn\w*|pause|flüster\w*|regard\w*|chuchot\w*|hauss\w*|mira\w*|parpade\w*|encog\w*|susurr\w*)\b|瞬き|手を振|見/i,
    "",
  ],
];

/** Words that a direction begins with besides its verb: "slowly nods", "er nickt", "Buddy smiles". */
const BEFORE =
  /^(?:\p{L}+(?:ly|lich|ment|mente)\s+|he\s+|she\s+|it\s+|i\s+|er\s+|sie\s+|es\s+|ich\s+|il\s+|elle\s+|se\s+|me\s+|buddy\s+|the robot\s+|a\s+(?:small|little|soft)\s+|with\s+a\s+)+/iu;
/** A verb as a direction has it: the third person or a participle, a noun of a sound. */
const VERB_FORM =
  /^(?:\p{Ll}+(?:s|es|ing|ed|t|e|a|end|ando|iendo)|pause|smile|sigh|laugh|laughter|nod|grin|wink|chuckle|giggle|gasp|shrug|rit|sourire|soupir|suspiro|risa|seufzer|lachen)\b/iu;

export interface Direction {
  readonly wish: string;
}

/**
 * @param text what stands between the marks.
 * @returns undefined when it is something to say, in brackets or with stress.
 */
export function directionOf(text: string): Direction | undefined {
  const words = text.trim();
  if (words === "" || /[?!:;"“”=\d_\n]/.test(words) || words.split(/\s+/).length > 9)
    return undefined;
  const isJapanese = /[\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Han}]/u.test(words);
  const core = words.replace(BEFORE, "");
  if (!isJapanese && !VERB_FORM.test(core)) return undefined;
  // The verb leads: "(see the look of it)" and "*not the left one*" are words to say.
  const head = isJapanese
    ? core
    : core
        .split(/[\s,]+/)
        .slice(0, 1)
        .join(" ");
  const isDirection = DIRECTIONS.some(([verb]) => verb.test(head) || leads(verb, core, head));
  if (!isDirection) return undefined;
  const wish = DIRECTIONS.find(([verb]) => verb.test(core))?.[1] ?? "";
  return { wish };
}

/** Of a verb with a direction ("looks … left") the verb alone stands at the head. */
function leads(verb: RegExp, core: string, head: string): boolean {
  return (
    verb.test(core) &&
    /^(?:look|turn|glanc|peek|schau|blick|dreh|regard|tourn|mira|gira|lower)/i.test(head)
  );
}

/** A gesture for each group of emoji. */
const EMOJI: readonly (readonly [RegExp, string])[] = [
  [/[🎉🎊🥳🏆🎈🙌👏]/u, "celebrate"],
  [/[👎🙅🚫❌]/u, "shake"],
  [/[👍👌✅✔🙆👋🫡🙏]/u, "nod"],
  [/[🤔🧐❓👀]/u, "curious_tilt"],
  [/[😢😭😞😔☹🙁😥😓😟😰😨]/u, "express:anxious"],
  [/[😮😲😱🤯‼]/u, "startled"],
  [/[😴🥱😪💤]/u, "sigh"],
  [/[😕😵🤷]/u, "express:confused"],
];

/** The gesture of a reply that is nothing but emoji; undefined when it holds none. */
export function emojiWish(text: string): string | undefined {
  if (!/\p{Extended_Pictographic}/u.test(text)) return undefined;
  return EMOJI.find(([emoji]) => emoji.test(text))?.[1] ?? "express:content";
}
