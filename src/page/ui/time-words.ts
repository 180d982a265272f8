/** Times as people say them. */
import { count, fill, languageNow, number, t } from "../language/language.js";

/** "4 s", "3 min", "2 h 5 min": as precise as people need. */
export function duration(seconds: number): string {
  if (seconds < 120) return fill(t.time.s, { n: Math.round(seconds) });
  const minutes = Math.floor(seconds / 60);
  if (minutes < 120) return fill(t.time.min, { n: minutes });
  const hours = Math.floor(minutes / 60);
  return hours < 48
    ? fill(t.time.hours, { hours, minutes: minutes % 60 })
    : count(t.time.days, Math.floor(hours / 24));
}

/** How long something has been so: from `sinceWallMs` to now. */
export function ago(wallMs: number, sinceWallMs: number): string {
  return duration(Math.max(0, (wallMs - sinceWallMs) / 1000));
}

/** An age for people: "40 ms", "1.2 s", "3 min". */
export function age(ms: number): string {
  if (ms < 1000) return fill(t.time.ms, { n: Math.round(ms) });
  return ms < 10_000 ? fill(t.time.s, { n: number(ms / 1000, 1) }) : duration(ms / 1000);
}

/** Making one costs as much as a hundred uses of it. */
const CLOCKS = new Map<string, Intl.DateTimeFormat>();

/** The time of day where the page is looked at. */
export function timeOfDay(wallMs: number): string {
  const language = languageNow();
  const clock =
    CLOCKS.get(language) ??
    new Intl.DateTimeFormat(language, { timeStyle: "medium", hour12: false });
  CLOCKS.set(language, clock);
  return clock.format(wallMs);
}

/** "once", "twice", "5 times". */
export function times(n: number): string {
  return n === 2 ? t.time.twice : count(t.time.times, n);
}
