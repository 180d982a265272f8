/**
 * The face mesh: 468 points of one face, from an upright square around it. Point numbers are those of MediaPipe's
 * canonical face; "left" and "right" are the picture's. Pure.
 */
import type { Numbers } from "../nets/net.js";
import type { Square } from "../nets/sampler.js";
import { fromPatch } from "./patch.js";
import type { Proposal } from "./proposals.js";
import type { SeenFace } from "./sight.js";

/** Points of a face, and how sure the model is that there is one. */
export interface Mesh {
  /** x, y, z of each point; x and y in the picture's pixels, z in the same unit, smaller is nearer. */
  readonly points: Float32Array;
  /** 0..1. */
  readonly score: number;
}

export const MESH_POINTS = 468;

/** The square is this much larger than the face in it, as MediaPipe trains and runs the model. */
const MARGIN = 1.5;

/** Points that the measures below use. */
const TOP = 10;
const CHIN = 152;
const LEFT_CHEEK = 234;
const RIGHT_CHEEK = 454;
const LEFT_EYE_CORNER = 33;
const RIGHT_EYE_CORNER = 263;

/**
 * The plane's pitch for a level face that looks into the lens (the reference photograph at 18 to 105 px, n = 12: 10.3 to
 * 11.6). Without it a frontal face would be half way out of "facing".
 */
const FRONTAL_PITCH_DEG = 10.7;

/** Where to look for the mesh of a face that the detector proposes, in the picture's pixels. */
export function squareOfProposal(proposal: Proposal, patch: Square): Square {
  const left = fromPatch(patch, proposal.leftEye.x, proposal.leftEye.y);
  const right = fromPatch(patch, proposal.rightEye.x, proposal.rightEye.y);
  const centre = fromPatch(patch, proposal.x, proposal.y);
  const side = Math.max(proposal.w, proposal.h) * patch.side * MARGIN;
  return { ...centre, side, roll: Math.atan2(right.y - left.y, right.x - left.x) };
}

/** Where to look for a face in the next picture: upright around the points of this one. */
export function squareOfMesh({ points }: Mesh): Square {
  const roll = rollOf(points);
  const cos = Math.cos(roll);
  const sin = Math.sin(roll);
  let [left, top, right, bottom] = [Infinity, Infinity, -Infinity, -Infinity];
  for (let i = 0; i < points.length; i += 3) {
    const x = points[i] as number;
    const y = points[i + 1] as number;
    const u = x * cos + y * sin;
    const v = y * cos - x * sin;
    left = Math.min(left, u);
    right = Math.max(right, u);
    top = Math.min(top, v);
    bottom = Math.max(bottom, v);
  }
  const [u, v] = [(left + right) / 2, (top + bottom) / 2];
  const side = Math.max(right - left, bottom - top) * MARGIN;
  return { x: u * cos - v * sin, y: u * sin + v * cos, side, roll };
}

/** The model's two outputs, from a square sampled at `size` pixels, in the picture's pixels. */
export function readMesh(raw: Numbers, logit: number, square: Square, size: number): Mesh {
  const points = new Float32Array(MESH_POINTS * 3);
  for (let i = 0; i < points.length; i += 3) {
    const u = raw(i) / size;
    const v = raw(i + 1) / size;
    const { x, y } = fromPatch(square, u, v);
    points[i] = x;
    points[i + 1] = y;
    points[i + 2] = (raw(i + 2) / size) * square.side;
  }
  return { points, score: 1 / (1 + Math.exp(-logit)) };
}

/** The face as vision knows it. */
export function faceOfMesh({ points, score }: Mesh): SeenFace {
  const box = extent(points);
  const height = Math.max(1, distance(points, TOP, CHIN));
  const share = (a: number, b: number): number => distance(points, a, b) / height;
  const { yawDeg, pitchDeg } = anglesOf(points);
  return {
    ...box,
    score,
    yawDeg,
    pitchDeg,
    rollDeg: degrees(rollOf(points)),
    mouthShare: share(13, 14),
    eyeShare: (share(159, 145) + share(386, 374)) / 2,
    browShare: (share(105, 159) + share(334, 386)) / 2,
    smileShare: smileOf(points),
  };
}

function extent(points: Float32Array): { x: number; y: number; w: number; h: number } {
  let sumX = 0;
  let sumY = 0;
  let [left, top, right, bottom] = [Infinity, Infinity, -Infinity, -Infinity];
  for (let i = 0; i < points.length; i += 3) {
    const x = points[i] as number;
    const y = points[i + 1] as number;
    sumX += x;
    sumY += y;
    left = Math.min(left, x);
    right = Math.max(right, x);
    top = Math.min(top, y);
    bottom = Math.max(bottom, y);
  }
  return { x: sumX / MESH_POINTS, y: sumY / MESH_POINTS, w: right - left, h: bottom - top };
}

function rollOf(points: Float32Array): number {
  const [ax, ay] = pointOf(points, LEFT_EYE_CORNER);
  const [bx, by] = pointOf(points, RIGHT_EYE_CORNER);
  return Math.atan2(by - ay, bx - ax);
}

/** How far the corners of the mouth stand over its middle, by its width; negative: they hang. */
function smileOf(points: Float32Array): number {
  const [ax, ay] = pointOf(points, 61);
  const [bx, by] = pointOf(points, 291);
  const width = Math.max(1, Math.hypot(bx - ax, by - ay));
  const [ux, uy] = pointOf(points, 13);
  const [lx, ly] = pointOf(points, 14);
  // Down, across the line from corner to corner.
  const [nx, ny] = [-(by - ay) / width, (bx - ax) / width];
  const middle = ((ux + lx) / 2 - ax) * nx + ((uy + ly) / 2 - ay) * ny;
  return middle / width;
}

/** Which way the plane through forehead, chin and cheeks looks, as the face sees it: a head on its side is turned back first. */
function anglesOf(points: Float32Array): { yawDeg: number; pitchDeg: number } {
  const across = direction(points, LEFT_CHEEK, RIGHT_CHEEK);
  const down = direction(points, TOP, CHIN);
  const [x, y, z] = cross(across, down);
  const roll = rollOf(points);
  const length = Math.max(Number.MIN_VALUE, Math.hypot(x, y, z));
  const side = (x * Math.cos(roll) + y * Math.sin(roll)) / length;
  const up = (x * Math.sin(roll) - y * Math.cos(roll)) / length;
  return {
    yawDeg: degrees(Math.asin(side)),
    pitchDeg: degrees(Math.asin(up)) - FRONTAL_PITCH_DEG,
  };
}

type Vector = readonly [number, number, number];

function direction(points: Float32Array, from: number, to: number): Vector {
  const [ax, ay, az] = pointOf(points, from);
  const [bx, by, bz] = pointOf(points, to);
  return [bx - ax, by - ay, bz - az];
}

function cross(a: Vector, b: Vector): Vector {
  return [a[1] * b[2] - a[2] * b[1], a[2] * b[0] - a[0] * b[2], a[0] * b[1] - a[1] * b[0]];
}

function distance(points: Float32Array, a: number, b: number): number {
  const [ax, ay] = pointOf(points, a);
  const [bx, by] = pointOf(points, b);
  return Math.hypot(bx - ax, by - ay);
}

function pointOf(points: Float32Array, index: number): Vector {
  const at = index * 3;
  return [points[at] as number, points[at + 1] as number, points[at + 2] as number];
}

function degrees(radians: number): number {
  return (radians * 180) / Math.PI;
}
