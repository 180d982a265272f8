/** What the detector's worker says about one picture, in the picture's own pixels. Crosses a thread: plain data. */

import type { Simd } from "../nets/net.js";

/** One face as the detector sees it. Pixels of the picture, x→right, y→down. */
export interface SeenFace {
  /** Centre: the mean of the mesh's points. It stands still where the box jumps (0.3 px against 2.8 px, n = 150). */
  readonly x: number;
  readonly y: number;
  /** Size of the mesh: forehead to chin, ear to ear. */
  readonly w: number;
  readonly h: number;
  /** 0..1. */
  readonly score: number;
  /** Degrees; 0 is a face straight towards the camera. */
  readonly yawDeg: number;
  readonly pitchDeg: number;
  /** Positive: the picture's right eye stands lower than its left one. */
  readonly rollDeg: number;
  /** How far the mouth's corners stand over its middle, as a share of its width; negative: they hang. */
  readonly smileShare: number;
  /** Openings as shares of the face's height. */
  readonly mouthShare: number;
  readonly eyeShare: number;
  readonly browShare: number;
}

/** The picture as a whole, on a coarse grey grid. */
export interface Light {
  /** 0..1, mean brightness. */
  readonly mean: number;
  /** 0..1, standard deviation of brightness. */
  readonly deviation: number;
  /** 0..1, mean difference to the picture before; 0 only for an identical picture; undefined for the first. */
  readonly difference: number | undefined;
}

export interface Sight {
  readonly width: number;
  readonly height: number;
  readonly light: Light;
  readonly faces: readonly SeenFace[];
  readonly decodeMs: number;
  readonly searchMs: number;
}

/** To the worker. One at a time: the next only after the answer. */
export interface WorkerFrame {
  readonly index: number;
  readonly jpeg: Uint8Array;
}

/**
 * From the worker. `phase`: its start has come a step further. `unable`: it cannot start, and another one could not either.
 * `fault`: the picture could not be decoded. Anything worse ends the worker.
 */
export type WorkerAnswer =
  | { readonly kind: "phase" }
  | { readonly kind: "ready"; readonly startMs: number; readonly simd: Simd }
  | { readonly kind: "unable"; readonly why: string }
  | { readonly kind: "sight"; readonly index: number; readonly sight: Sight }
  | { readonly kind: "fault"; readonly index: number; readonly why: string };
