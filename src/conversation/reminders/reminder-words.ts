/** What somebody wants of timers and reminders: to set one, to hear which there are, to take one back. Pure. */
import type { SafeLanguage } from "../safe-mode/language.js";
import { spelledOut, type Understood } from "../safe-mode/understand.js";

export type ReminderWish =
  | {
      readonly kind: "set";
      /** Unix ms. */
      readonly dueMs: number;
      /** How long from now; undefined for a time of day. */
      readonly inMs: number | undefined;
      /** In the person's words; "" for nothing but to be told. */
      readonly what: string;
    }
  | { readonly kind: "list" }
  /** @see inMs that of the one that is meant, where it was said. */
  | { readonly kind: "cancel"; readonly isAll: boolean; readonly inMs: number | undefined };

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
const HALF_DAY_MS = 12 * HOUR_MS;
const DAY_MS = 24 * HOUR_MS;
const SHORTEST_MS = 1000;
export const REMINDER_MS_MAX = 30 * DAY_MS;

/** @returns undefined when it is not about timers, or when no time was said that is understood. */
export function reminderWish(
  said: string,
  { intent, language }: Pick<Understood, "intent" | "language">,
  wallMs: number,
): ReminderWish | undefined {
  if (intent !== "timer") return undefined;
  const heard = said.replace(/[’‘`´]/g, "'").trim();
  // "In ner halben Stunde": where the time is not clear, it is read as it is spelled.
  return wishIn(heard, language, wallMs) ?? wishIn(spelledOut(heard, language), language, wallMs);
}

function wishIn(text: string, language: SafeLanguage, wallMs: number): ReminderWish | undefined {
  const { timers } = language;
  const spoken = spanIn(text, language);
  const inMs = spoken.ms === 0 ? undefined : spoken.ms;
  if (timers.cancel.test(text)) return { kind: "cancel", isAll: timers.all.test(text), inMs };
  if (timers.list.test(text)) return { kind: "list" };
  if (inMs !== undefined) {
    if (inMs < SHORTEST_MS || inMs > REMINDER_MS_MAX) return undefined;
    return { kind: "set", dueMs: wallMs + inMs, inMs, what: whatOf(spoken.rest, language) };
  }
  const at = timers.at.exec(text);
  const dueMs = at === null ? undefined : nextMs(at, language, wallMs);
  if (at === null || dueMs === undefined) return undefined;
  const rest = text.replace(at[0], " ");
  return { kind: "set", dueMs, inMs: undefined, what: whatOf(rest, language) };
}

/** All amounts of time that were said, and the words without them. */
export function spanIn(text: string, language: SafeLanguage): { ms: number; rest: string } {
  let rest = text;
  for (const [pattern, whole] of language.timers.halves) rest = rest.replace(pattern, whole);
  let ms = 0;
  for (const [pattern, value] of language.timers.spans) {
    if (!pattern.test(rest)) continue;
    rest = rest.replace(pattern, " ");
    ms += value;
  }
  for (const [pattern, unitMs] of language.timers.units) {
    rest = rest.replace(pattern, (whole: string, count: string, at: number, all: string) => {
      const amount = numberOf(count, language);
      if (amount === undefined) return whole;
      ms += (amount + tensBefore(all.slice(0, at), amount, language)) * unitMs;
      return " ";
    });
  }
  return { ms, rest };
}

/** A whole number in digits or in one word; a part of a longer word is none. */
function numberOf(said: string, { numbers }: SafeLanguage): number | undefined {
  const word = said.toLowerCase();
  if (/^\d{1,4}$/.test(word)) return Number(word);
  if (/^(?:an?|einer)$/.test(word)) return 1;
  return numbers.find(([pattern]) => pattern.exec(word)?.[0] === word)?.[1];
}

/** "twenty five", "treinta y cinco", "vingt-cinq": the tens before a unit; 0 for none. */
function tensBefore(before: string, unit: number, language: SafeLanguage): number {
  if (unit > 9) return 0;
  const word = /(\p{L}+)[\s-]*$/u.exec(before)?.[1] ?? "";
  const tens = numberOf(word, language) ?? 0;
  return tens >= 20 && tens <= 90 ? tens : 0;
}

/** The next time that this hour comes; without a half of the day, the sooner of the two that it may be. */
function nextMs(
  found: RegExpExecArray,
  language: SafeLanguage,
  wallMs: number,
): number | undefined {
  const { h = "", m, am, pm, half, past, to } = found.groups ?? {};
  const said = numberOf(h, language);
  const over = half !== undefined ? 30 : past === undefined ? Number(m ?? 0) : part(past, language);
  const under = to === undefined ? 0 : part(to, language);
  if (said === undefined || over === undefined || under === undefined) return undefined;
  if (said > 24 || over > 59 || under > 59) return undefined;
  // Negative for those before the hour.
  const minute = over - under;
  const isTwelve = am !== undefined || pm !== undefined;
  if (isTwelve && said > 12) return undefined;
  const hour = isTwelve ? (said % 12) + (pm === undefined ? 0 : 12) : said % 24;
  const today = new Date(wallMs).setHours(hour, minute, 0, 0);
  const isOpen = !isTwelve && language.timers.isTwelveHours && hour <= 12;
  for (let dueMs = today; ; dueMs += isOpen ? HALF_DAY_MS : DAY_MS) {
    if (dueMs > wallMs) return dueMs;
  }
}

/** Minutes of "quarter past", "ten to", "halb". */
function part(word: string, language: SafeLanguage): number | undefined {
  if (/^(?:halb|media|demie?)$/i.test(word)) return 30;
  if (/quart|cuarto|viertel/i.test(word)) return 15;
  return numberOf(word, language);
}

function whatOf(rest: string, { timers }: SafeLanguage): string {
  const text = rest.replace(/\s+/g, " ").trim();
  for (const pattern of timers.about) {
    const what = pattern.exec(text)?.[1];
    if (what !== undefined) return what.replace(/^[\s,:]+|[\s,.!?;:。、！？]+$/g, "");
  }
  return "";
}

/** "10 minutes" in this language, in the largest units that say it exactly. */
export function spanWords(ms: number, code: string): string {
  const units = [
    ["day", DAY_MS],
    ["hour", HOUR_MS],
    ["minute", MINUTE_MS],
    ["second", 1000],
  ] as const;
  let left = Math.round(ms / 1000) * 1000;
  const parts: string[] = [];
  for (const [unit, unitMs] of units) {
    const count = Math.floor(left / unitMs);
    left -= count * unitMs;
    if (count > 0) {
      const style = { style: "unit", unit, unitDisplay: "long" } as const;
      parts.push(new Intl.NumberFormat(code, style).format(count));
    }
  }
  return new Intl.ListFormat(code, { type: "conjunction" }).format(parts);
}
