/**
 * Who is who on screen: each face has a number that it keeps while people cross and when it is away for a moment. No person is
 * recognised: a number belongs to a place that moves, and whoever comes back later has another. Pure; face space, monotonic ms.
 */
import type { Face } from "./face.js";

/** Away for longer: whoever comes then is somebody new. A second, and what the search for others takes to find them again. */
const AWAY_MS_MAX = 2000;
/** How far from where it is expected a face may be, in face widths; and how much further for each ms that it was away. */
const REACH_WIDTHS = 1.2;
const REACH_WIDTHS_PER_MS = 0.0015;
/** Nobody is expected to go on in a line for longer. */
const FORESIGHT_MS = 500;
/** A face that is twice as wide is as unlikely as one half a reach away. */
const SIZE_WEIGHT = 0.5;
const SPEED_SMOOTHING = 0.3;
/** Those who are here and those who have just left. */
const KNOWN_MAX = 8;

export interface Person {
  /** From 1 on; none is given twice in a life of vision with one camera. */
  readonly number: number;
  /** As last seen. */
  readonly face: Face;
  readonly seenAtMs: number;
  /** Units of face space per ms. */
  readonly vx: number;
  readonly vy: number;
}

export interface People {
  /** In the picture, in the order of its faces. */
  readonly here: readonly Person[];
  /** Not in it, and not away for long. */
  readonly away: readonly Person[];
  readonly next: number;
}

export const NOBODY: People = { here: [], away: [], next: 1 };

/** The people of the next picture, taken at `atMs`. */
export function stepPeople(people: People, faces: readonly Face[], atMs: number): People {
  const known = [...people.here, ...people.away].filter(
    ({ seenAtMs }) => atMs - seenAtMs <= AWAY_MS_MAX,
  );
  const matches = likeliest(faces, known, atMs);
  let { next } = people;
  const here = faces.map((face, i): Person => {
    const before = matches[i];
    if (before === undefined) return { number: next++, face, seenAtMs: atMs, vx: 0, vy: 0 };
    return { number: before.number, face, seenAtMs: atMs, ...speedOf(before, face, atMs) };
  });
  const away = known.filter((one) => !matches.includes(one)).slice(0, KNOWN_MAX - here.length);
  return { here, away, next };
}

function speedOf(before: Person, face: Face, atMs: number): Pick<Person, "vx" | "vy"> {
  const gapMs = atMs - before.seenAtMs;
  // Over a gap it may have gone any way.
  if (gapMs <= 0 || gapMs > FORESIGHT_MS) return { vx: 0, vy: 0 };
  const mix = (old: number, fresh: number): number => old + (fresh - old) * SPEED_SMOOTHING;
  return {
    vx: mix(before.vx, (face.x - before.face.x) / gapMs),
    vy: mix(before.vy, (face.y - before.face.y) / gapMs),
  };
}

/**
 * Which face is whom, all together: where two have come close, the pairs that fit best as a whole. At most 4 faces and 8 known
 * people: a few thousand combinations at the worst, one as a rule.
 */
function likeliest(
  faces: readonly Face[],
  known: readonly Person[],
  atMs: number,
): readonly (Person | undefined)[] {
  let best: readonly (Person | undefined)[] = faces.map(() => undefined);
  let bestCost = Infinity;
  const extend = (taken: readonly (Person | undefined)[], cost: number): void => {
    if (cost >= bestCost) return;
    const face = faces[taken.length];
    if (face === undefined) {
      [best, bestCost] = [taken, cost];
      return;
    }
    for (const person of known) {
      const distance = unlikeness(face, person, atMs);
      if (distance < 1 && !taken.includes(person)) extend([...taken, person], cost + distance);
    }
    // Somebody new is as unlikely as somebody out of reach.
    extend([...taken, undefined], cost + 1);
  };
  extend([], 0);
  return best;
}

/** 0: just as expected; 1 and more: not this person. */
function unlikeness(face: Face, { face: last, seenAtMs, vx, vy }: Person, atMs: number): number {
  const awayMs = Math.max(0, atMs - seenAtMs);
  const aheadMs = Math.min(awayMs, FORESIGHT_MS);
  const off = Math.hypot(face.x - last.x - vx * aheadMs, face.y - last.y - vy * aheadMs);
  const reach = (REACH_WIDTHS + REACH_WIDTHS_PER_MS * awayMs) * Math.max(last.w, face.w);
  return off / reach + SIZE_WEIGHT * Math.abs(Math.log2(face.w / last.w));
}
