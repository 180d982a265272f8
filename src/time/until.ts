/**
 * Waits for a condition that nobody announces: of another process, a socket, the firmware. For drills, benches and tests;
 * a part of Buddy is told of what it waits for.
 */
import { systemClock } from "./clock.js";

type Truthy<T> = Exclude<T, false | 0 | "" | null | undefined>;

/**
 * Looks every `periodMs` until `condition` gives something truthy, one look after the other, and once more after the limit.
 * @param what what is waited for, for the error; a function is asked at the end.
 * @returns what the condition gave.
 * @throws Error after `limitMs`: the limit is an error, not a result. What the condition throws ends the wait.
 */
export async function until<T>(
  what: string | (() => string),
  limitMs: number,
  condition: () => T | Promise<T>,
  periodMs = 20,
): Promise<Truthy<T>> {
  const endMs = systemClock.nowMs() + limitMs;
  for (;;) {
    const isLate = systemClock.nowMs() > endMs;
    const value = await condition();
    if (value) return value as Truthy<T>;
    if (isLate) {
      throw new Error(`waited ${limitMs} ms for ${typeof what === "string" ? what : what()}`);
    }
    await systemClock.sleep(periodMs);
  }
}
