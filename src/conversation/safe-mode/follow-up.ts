/**
 * What is said after something else and means nothing alone: "again", "the other side", "cancel it". It is heard as the whole
 * that it stands for, so that whatever understands a whole sentence understands it, too.
 */
import { SAFE_LANGUAGES, understand } from "./understand.js";
import type { Intent } from "./language.js";

interface Speaker {
  readonly self: string;
  /** BCP 47, the character's. */
  readonly language: string;
}

interface Heard {
  readonly said: string;
  /** What it stands for; the same for most. */
  readonly whole: string;
}

/** Nobody means by "again" what was said before lunch. */
const FOLLOW_MS_MAX = 120_000;
/** May be asked for once more. */
const AGAIN: ReadonlySet<Intent> = new Set([
  "nod",
  "shake",
  "turn",
  "dance",
  "gesture",
  "face",
  "tour",
  "joke",
  "count",
  "coin",
  "die",
  "spell",
  "time",
  "volume",
]);

export class FollowUps {
  private before: { readonly whole: string; readonly nowMs: number } | undefined;
  private last: Heard | undefined;

  hear(said: string, nowMs: number, { language: own, self: name }: Speaker): void {
    const { before } = this;
    const isFresh = before !== undefined && nowMs - before.nowMs < FOLLOW_MS_MAX;
    const whole = (isFresh ? wholeOf(said, before.whole, own, name) : undefined) ?? said;
    this.last = { said, whole };
    if (understand(whole, own, name).intent !== undefined) this.before = { whole, nowMs };
  }

  /** What these words stand for. */
  wholeOf(said: string): string {
    return this.last?.said === said ? this.last.whole : said;
  }
}

/** @returns undefined when it stands for nothing but itself. */
function wholeOf(said: string, before: string, own: string, name: string): string | undefined {
  const words = said
    .toLowerCase()
    .replace(/[’‘`´]/g, "'")
    .replace(/[.!?,;…¡¿。！？、]+/g, " ")
    .replace(/\s+/g, " ")
    .trim();
  const { intent, language, isNegated } = understand(before, own, name);
  // In whatever language it comes: "otra vez" is understood after English, too.
  const is = (kind: "again" | "other" | "cancel"): boolean =>
    SAFE_LANGUAGES.some(({ followUps }) => followUps[kind].test(words));
  if (intent === "timer") return is("cancel") ? language.followUps.cancelTimer : undefined;
  if (intent === undefined || isNegated) return undefined;
  if (AGAIN.has(intent) && is("again")) return before;
  if (intent === "turn" && is("other")) return turned(before, language.followUps.sides);
  return undefined;
}

/** With each direction as its opposite; a whole that names none is left alone. */
function turned(text: string, sides: readonly (readonly [string, string])[]): string | undefined {
  for (const [one, other] of sides) {
    if (new RegExp(one, "i").test(text)) return text.replace(new RegExp(one, "i"), other);
    if (new RegExp(other, "i").test(text)) return text.replace(new RegExp(other, "i"), one);
  }
  return undefined;
}
