/** What somebody wants of Buddy's sound: that it is quiet for a while, that it speaks again, or how loud it is. Pure. */
import { spanIn } from "../reminders/reminder-words.js";
import type { Understood } from "../safe-mode/understand.js";

export type SoundWish =
  | { readonly kind: "quiet"; readonly ms: number }
  | { readonly kind: "speak" }
  /** Percent. */
  | { readonly kind: "volume"; readonly percent: number };

const HOUR_MS = 3_600_000;
/** "Be quiet" without a time: long enough for a meeting, and it ends by itself. */
const QUIET_MS = HOUR_MS;
const QUIET_MS_MAX = 24 * HOUR_MS;
const MINUTE_MS = 60_000;
/** How much louder "louder" is. */
const STEP_PERCENT = 20;
/** By word it never becomes so quiet that it cannot be asked to be louder. */
const PERCENT_MIN = 10;
const PERCENT_MAX = 100;
const PERCENT =
  /(\d{1,3})(?:\.0)? ?(?:%|％|percent|per cent|prozent|por ?ciento|pour ?cent|パーセント)/;

/** @param volume percent, as it is now. @returns undefined for none. */
export function soundWish(
  { intent, language, words }: Pick<Understood, "intent" | "language" | "words">,
  volume: number,
): SoundWish | undefined {
  const { quiet } = language;
  if (intent === "volume") {
    const said = PERCENT.exec(words)?.[1];
    const step = quiet.louder.test(words)
      ? STEP_PERCENT
      : quiet.softer.test(words)
        ? -STEP_PERCENT
        : 0;
    if (said === undefined && step === 0) return undefined;
    const wanted = said === undefined ? volume + step : Number(said);
    return { kind: "volume", percent: Math.min(PERCENT_MAX, Math.max(PERCENT_MIN, wanted)) };
  }
  if (intent !== "quiet") return undefined;
  if (quiet.over.test(words)) return { kind: "speak" };
  const { ms } = spanIn(words, language);
  const wanted = ms === 0 ? QUIET_MS : ms;
  return { kind: "quiet", ms: Math.min(QUIET_MS_MAX, Math.max(MINUTE_MS, wanted)) };
}
