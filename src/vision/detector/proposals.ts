/**
 * What MediaPipe's face detectors say (BlazeFace): for each anchor a score, a box and six points. From their two output
 * tensors to faces in shares of the patch that was searched. Pure.
 */

import type { Numbers } from "../nets/net.js";

/** Where the detector thinks a face is, in shares (0..1) of the patch. */
export interface Proposal {
  readonly score: number;
  readonly x: number;
  readonly y: number;
  readonly w: number;
  readonly h: number;
  /** Of the picture's left and right eye. */
  readonly leftEye: Spot;
  readonly rightEye: Spot;
}

interface Spot {
  readonly x: number;
  readonly y: number;
}

/** Numbers of one anchor: box centre and size, then six points; the first two are the eyes. */
const VALUES = 16;
/** Beyond this a logit says nothing more. */
const LOGIT_MAX = 100;
/** Two boxes that share more than this of their union are one face. */
const OVERLAP_MAX = 0.3;

/** Anchor centres of a detector: `[stride, anchors a cell]` of each layer, as its graph's options have them. */
export function anchorsOf(size: number, layers: readonly (readonly [number, number])[]): Spot[] {
  const anchors: Spot[] = [];
  for (const [stride, perCell] of layers) {
    const cells = Math.ceil(size / stride);
    for (let row = 0; row < cells; row++) {
      for (let column = 0; column < cells; column++) {
        const spot = { x: (column + 0.5) / cells, y: (row + 0.5) / cells };
        for (let i = 0; i < perCell; i++) anchors.push(spot);
      }
    }
  }
  return anchors;
}

/**
 * Faces with at least `scoreMin`, the best first; of two that overlap the better one.
 * @param size of the patch, pixels: the unit of `boxes`.
 */
export function readProposals(
  boxes: Numbers,
  logits: Numbers,
  anchors: readonly Spot[],
  size: number,
  scoreMin: number,
): Proposal[] {
  const logitMin = Math.log(scoreMin / (1 - scoreMin));
  const found: Proposal[] = [];
  for (const [i, anchor] of anchors.entries()) {
    const logit = logits(i);
    if (!(logit >= logitMin)) continue;
    const at = i * VALUES;
    const number = (k: number): number => boxes(at + k) / size;
    const spot = (k: number): Spot => ({ x: anchor.x + number(k), y: anchor.y + number(k + 1) });
    const score = 1 / (1 + Math.exp(-Math.min(LOGIT_MAX, logit)));
    const [leftEye, rightEye] = [spot(4), spot(6)];
    found.push({ score, ...spot(0), w: number(2), h: number(3), leftEye, rightEye });
  }
  found.sort((a, b) => b.score - a.score);
  const kept: Proposal[] = [];
  for (const one of found) {
    if (kept.every((other) => overlap(one, other) <= OVERLAP_MAX)) kept.push(one);
  }
  return kept;
}

interface Box {
  readonly x: number;
  readonly y: number;
  readonly w: number;
  readonly h: number;
}

/** Shared area by the area of both together, 0..1. Boxes by centre and size. */
export function overlap(a: Box, b: Box): number {
  const w = Math.min(a.x + a.w / 2, b.x + b.w / 2) - Math.max(a.x - a.w / 2, b.x - b.w / 2);
  const h = Math.min(a.y + a.h / 2, b.y + b.h / 2) - Math.max(a.y - a.h / 2, b.y - b.h / 2);
  if (w <= 0 || h <= 0) return 0;
  return (w * h) / (a.w * a.h + b.w * b.h - w * h);
}
