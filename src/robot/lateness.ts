/** What a robot that is late gives up, in words for people (PROTOCOL §2.5); the rule itself is `devs/runtime/load.ts`. */

/** By level from 1 on. */
const GIVEN_UP = [
  "half of its motion rate",
  "three quarters of its motion rate",
  "ambient motion",
  "pushes to its clients",
  "new clients",
];

export const LATE_LEVEL_MAX = GIVEN_UP.length;

/** Everything that is given up at this level; empty at 0. */
export function givenUpAt(level: number): string[] {
  // Three quarters of the rate are more than half of it, not besides.
  return GIVEN_UP.slice(level > 1 ? 1 : 0, level);
}
