/** Does what was asked of Buddy's sound, and says so. */
import { clockWords } from "../reminders/reminder-talk.js";
import type { LineId } from "../safe-mode/language.js";
import type { Understood } from "../safe-mode/understand.js";
import { soundWish } from "./sound-words.js";

/** Where volume and quiet are set. */
interface Sound {
  settings(): { readonly volume: number };
  /** Whether there is one that could be louder. */
  readonly voice: { readonly isOff?: boolean };
  setSound(change: { readonly volume?: number; readonly quietUntilMs?: number | null }): void;
}

interface SoundLine {
  readonly line: LineId;
  readonly values: Readonly<Record<string, string>>;
}

/** @returns undefined when nothing of the kind was asked. */
export function talkOfSound(
  understood: Understood,
  { settings, setSound, voice }: Sound,
  wallMs: number,
): SoundLine | undefined {
  const { volume } = settings();
  const wish = soundWish(understood, volume);
  switch (wish?.kind) {
    case undefined:
      return undefined;
    case "quiet": {
      const quietUntilMs = wallMs + wish.ms;
      setSound({ quietUntilMs });
      return {
        line: "quietBegun",
        values: { at: clockWords(quietUntilMs, understood.language, wallMs) },
      };
    }
    case "speak":
      setSound({ quietUntilMs: null });
      return { line: "quietOver", values: {} };
    case "volume": {
      const { percent } = wish;
      if (percent === volume) {
        return { line: percent > 50 ? "volumeMost" : "volumeLeast", values: {} };
      }
      setSound({ volume: percent });
      if (voice.isOff === true) return { line: "volumeKept", values: { n: String(percent) } };
      return { line: "volumeNow", values: { n: String(percent) } };
    }
  }
}
