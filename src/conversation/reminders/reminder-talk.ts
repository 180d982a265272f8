/** What is said about timers and reminders: which line of a language, with what in its gaps. Pure but for `Reminders`. */
import type { LineId, SafeLanguage } from "../safe-mode/language.js";
import type { Understood } from "../safe-mode/understand.js";
import { reminderWish, spanWords } from "./reminder-words.js";
import { REMINDERS_MAX, type Reminder, type Reminders } from "./reminders.js";

export interface ReminderLine {
  readonly line: LineId;
  readonly values: Readonly<Record<string, string>>;
}

/** Due this long ago, it was missed: Buddy was off. */
const LATE_MS = 120_000;
const DAY_MS = 24 * 3600 * 1000;

/** Does what was asked of timers, and says so; undefined when nothing of the kind was. */
export function talkOfReminders(
  said: string,
  understood: Understood,
  reminders: Reminders,
  wallMs: number,
): ReminderLine | undefined {
  const { language } = understood;
  const wish = reminderWish(said, understood, wallMs);
  if (wish === undefined) return undefined;
  if (wish.kind === "list") return listed("timerList", reminders.all, language, wallMs);
  if (wish.kind === "cancel") {
    const gone = reminders.cancel(wish.isAll, wish.inMs);
    return listed("timerCancelled", gone, language, wallMs);
  }
  const { dueMs, inMs, what } = wish;
  const isKept = reminders.add({ madeMs: wallMs, dueMs, inMs, what, said });
  if (!isKept) return { line: "timerFull", values: { max: String(REMINDERS_MAX) } };
  const { timers } = language;
  const when =
    inMs === undefined
      ? timers.atWords.replace("{at}", clockWords(dueMs, language, wallMs))
      : timers.inWords.replace("{in}", spanWords(inMs, language.code));
  return { line: "timerSet", values: { when, what: after(what, language) } };
}

/** For one that is due. */
export function dueLine(
  { dueMs, what }: Reminder,
  language: SafeLanguage,
  wallMs: number,
): ReminderLine {
  const values = { what: after(what, language), at: clockWords(dueMs, language, wallMs) };
  return { line: wallMs - dueMs > LATE_MS ? "timerLate" : "timerDue", values };
}

function listed(
  line: "timerList" | "timerCancelled",
  reminders: readonly Reminder[],
  language: SafeLanguage,
  wallMs: number,
): ReminderLine {
  if (reminders.length === 0) return { line: "timerNone", values: {} };
  const list = reminders
    .map(({ dueMs, what }) => clockWords(dueMs, language, wallMs) + after(what, language))
    .join("; ");
  return { line, values: { list } };
}

function after(what: string, { code }: SafeLanguage): string {
  return what === "" ? "" : `${code === "ja" ? "：" : code === "fr" ? " : " : ": "}${what}`;
}

/** The time of day, and the day where it is half a day off or more. */
export function clockWords(dueMs: number, { code }: SafeLanguage, wallMs: number): string {
  const isFar = dueMs - wallMs > DAY_MS / 2;
  return new Intl.DateTimeFormat(code, {
    ...(isFar && { weekday: "long" }),
    hour: "numeric",
    minute: "2-digit",
  }).format(dueMs);
}
