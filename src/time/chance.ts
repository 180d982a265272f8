/** The only source of chance in the companion: real for running, seeded for tests and drills. */

export interface Chance {
  /** A number in [0, 1). */
  next(): number;
}

export const systemChance: Chance = { next: () => Math.random() };

/** mulberry32 (public domain, Tommy Ettinger): the same seed gives the same sequence everywhere. */
export function seededChance(seed: number): Chance {
  let state = seed >>> 0;
  return {
    next() {
      state = (state + 0x6d2b79f5) >>> 0;
      let t = state;
      t = Math.imul(t ^ (t >>> 15), t | 1);
      t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
      return ((t ^ (t >>> 14)) >>> 0) / 4_294_967_296;
    },
  };
}
