/**
 * Where the demo's face is at a time, in the head's own angles: the base and nod (degrees) that would point the
 * head exactly at it. Pure: a bench that knows the path and its start knows the truth at every moment.
 */
import { z } from "zod";
import { BASE_DEG_CENTER, NOD_DEG_CENTER } from "../../wire/index.js";

/** The head angles that would centre the face. base grows to the robot's left, nod grows downwards. */
export interface FaceSpot {
  readonly baseDeg: number;
  readonly nodDeg: number;
}

const baseDeg = z.number().min(0).max(180).default(BASE_DEG_CENTER);
const nodDeg = z.number().min(60).max(170).default(NOD_DEG_CENTER);
const timeMs = (fallback: number) => z.number().min(100).max(600_000).default(fallback);

export const pathSchema = z.discriminatedUnion("name", [
  /** Does not move. */
  z.object({ name: z.literal("still"), baseDeg, nodDeg }),
  /** Jumps: centre, +amplitude (left), centre, −amplitude (right), each for `holdMs`. */
  z.object({
    name: z.literal("steps"),
    amplitudeDeg: z.number().min(0).max(60).default(20),
    holdMs: timeMs(4000),
    nodDeg,
  }),
  /** A slow sinus to both sides, and a smaller one up and down at twice the pace. */
  z.object({
    name: z.literal("sweep"),
    amplitudeDeg: z.number().min(0).max(60).default(25),
    nodAmplitudeDeg: z.number().min(0).max(20).default(5),
    periodMs: timeMs(12_000),
  }),
  /** Stays, sinks out of every view within `SINK_MS`, stays away, comes back somewhere else. */
  z.object({ name: z.literal("leave"), stayMs: timeMs(6000), awayMs: timeMs(4000) }),
  /** What a person at a desk does: leans about, rests, moves again. */
  z.object({ name: z.literal("wander") }),
]);

export type FacePath = z.output<typeof pathSchema>;

/** How fast the face of "leave" goes and comes. */
export const SINK_MS = 400;
/** Far below the lowest view: lowest nod 150 + half a view 22.5 + the photograph's height 42. */
const AWAY_NOD_DEG = 220;

/** The truth at `tMs` ≥ 0 after the path's start. */
export function faceAt(path: FacePath, tMs: number): FaceSpot {
  switch (path.name) {
    case "still":
      return { baseDeg: path.baseDeg, nodDeg: path.nodDeg };
    case "steps": {
      const side = [0, 1, 0, -1][Math.floor(tMs / path.holdMs) % 4] ?? 0;
      return { baseDeg: BASE_DEG_CENTER + side * path.amplitudeDeg, nodDeg: path.nodDeg };
    }
    case "sweep": {
      const angle = (2 * Math.PI * tMs) / path.periodMs;
      return {
        baseDeg: BASE_DEG_CENTER + path.amplitudeDeg * Math.sin(angle),
        nodDeg: NOD_DEG_CENTER + path.nodAmplitudeDeg * Math.sin(2 * angle),
      };
    }
    case "leave":
      return leaveAt(path, tMs);
    case "wander":
      return wanderAt(tMs);
  }
}

function leaveAt(path: Extract<FacePath, { name: "leave" }>, tMs: number): FaceSpot {
  const cycleMs = path.stayMs + path.awayMs + 2 * SINK_MS;
  const cycle = Math.floor(tMs / cycleMs);
  const inMs = tMs - cycle * cycleMs;
  const baseDeg = BASE_DEG_CENTER + (cycle % 2 === 0 ? 0 : 15);
  const sunk =
    inMs < path.stayMs
      ? 0
      : inMs < path.stayMs + SINK_MS
        ? (inMs - path.stayMs) / SINK_MS
        : inMs < cycleMs - SINK_MS
          ? 1
          : (cycleMs - inMs) / SINK_MS;
  return { baseDeg, nodDeg: NOD_DEG_CENTER + sunk * (AWAY_NOD_DEG - NOD_DEG_CENTER) };
}

/** One turn of "wander": where to be (offsets from the centre, degrees) and how long to take to get there. */
const WANDER: readonly { base: number; nod: number; ms: number }[] = [
  { base: 0, nod: 0, ms: 2500 },
  { base: 18, nod: -3, ms: 1800 },
  { base: 18, nod: -3, ms: 1200 },
  { base: -6, nod: 4, ms: 2600 },
  { base: -22, nod: 0, ms: 1500 },
  { base: -22, nod: 0, ms: 1500 },
  { base: -10, nod: -6, ms: 1100 },
  { base: 26, nod: 3, ms: 4000 },
  { base: 26, nod: 3, ms: 800 },
  { base: 0, nod: 0, ms: 2200 },
];
const WANDER_MS = WANDER.reduce((sum, leg) => sum + leg.ms, 0);

function wanderAt(tMs: number): FaceSpot {
  let leftMs = tMs % WANDER_MS;
  let from = WANDER[WANDER.length - 1] ?? { base: 0, nod: 0, ms: 0 };
  for (const to of WANDER) {
    if (leftMs < to.ms) {
      const share = leftMs / to.ms;
      const eased = share * share * (3 - 2 * share);
      return {
        baseDeg: BASE_DEG_CENTER + from.base + (to.base - from.base) * eased,
        nodDeg: NOD_DEG_CENTER + from.nod + (to.nod - from.nod) * eased,
      };
    }
    leftMs -= to.ms;
    from = to;
  }
  return { baseDeg: BASE_DEG_CENTER + from.base, nodDeg: NOD_DEG_CENTER + from.nod };
}
