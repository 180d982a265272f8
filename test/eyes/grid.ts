/** The grid: 170 pictures with a face and 64 without, by kind; and what the eyes find in them. */
import type { FaceFinder } from "../../src/vision/detector/finder.js";
import type { SeenFace } from "../../src/vision/detector/sight.js";
import type { FaceSpec, Painter, PictureSpec } from "./pictures.js";

/** Places in the picture, corners first. */
const PLACES = [
  [60, 60],
  [260, 60],
  [60, 180],
  [260, 180],
  [160, 120],
] as const;

function pictures(
  kind: string,
  faces: readonly (FaceSpec | readonly FaceSpec[])[],
  rest: Partial<PictureSpec> = {},
): PictureSpec[] {
  return faces.map((face) => ({ kind, faces: "x" in face ? [face] : face, ...rest }));
}

/** Faces of the given widths at each of the places. */
const everywhere = (sizes: readonly number[], more: Partial<FaceSpec> = {}): FaceSpec[] =>
  sizes.flatMap((size) => PLACES.map(([x, y]) => ({ x, y, size, ...more })));

const middle = (size: number, more: Partial<FaceSpec> = {}): FaceSpec => ({
  x: 160,
  y: 120,
  size,
  ...more,
});

export const WITH_FACE: readonly PictureSpec[] = [
  ...pictures("20 px", everywhere([20])),
  ...pictures("24 to 40 px", everywhere([24, 30, 40])),
  ...pictures("60 to 130 px", everywhere([60, 90]).concat(middle(110), middle(130))),
  ...pictures(
    "at the edge",
    [30, 50, 80].flatMap((size) => [
      { x: size * 0.6, y: 120, size },
      { x: 320 - size * 0.6, y: 120, size },
      { x: 160, y: size * 0.75, size },
      { x: 160, y: 240 - size * 0.7, size },
    ]),
  ),
  ...pictures(
    "roll 30 to 60°",
    [30, 50, 90].flatMap((size) =>
      [-60, -45, -30, 30, 45, 60].map((rollDeg) => middle(size, { rollDeg })),
    ),
  ),
  ...pictures(
    "yaw 15 to 35°",
    [40, 70, 100].flatMap((size) => [-35, -15, 15, 35].map((yawDeg) => middle(size, { yawDeg }))),
  ),
  ...pictures("dark", everywhere([50, 80]), { light: 0.15 }),
  ...pictures("bright", everywhere([50, 80]), { light: 1.7 }),
  ...pictures("blur 2 px", everywhere([60, 90]), { blur: 2 }),
  ...pictures(
    "blur 5 px",
    [70, 90, 110, 130].map((size) => middle(size)),
    { blur: 5 },
  ),
  ...pictures("noise 25 of 255", everywhere([50, 90]), { noise: 25 }),
  ...pictures("mask", everywhere([60, 90]), { over: "mask" }),
  ...pictures("dark glasses", everywhere([60, 90]), { over: "glasses" }),
  ...pictures("half dark", everywhere([60, 90]), { over: "halfDark" }),
  ...pictures("beside the cat", everywhere([40, 70]), { behind: "cat" }),
  ...pictures(
    "two faces",
    [40, 60, 80].flatMap((size) => [
      [
        { x: 90, y: 110, size },
        { x: 230, y: 120, size },
      ],
      [
        { x: 80, y: 130, size },
        { x: 220, y: 100, size: size * 0.6 },
      ],
    ]),
  ),
];

export const WITHOUT_FACE: readonly PictureSpec[] = (["room", "cat", "suit"] as const).flatMap(
  (behind) => [
    ...[0, 20, -20, 90, 180, 45, -45, 270].map((behindTurnDeg) => ({
      kind: `no face: ${behind}`,
      faces: [],
      behind,
      behindTurnDeg,
    })),
    ...[0.15, 0.4, 1.7].flatMap((light) =>
      [3, 12, 25, 40].map((noise) => ({
        kind: `no face: ${behind}`,
        faces: [],
        behind,
        light,
        noise,
      })),
    ),
  ],
);

export interface GridRow {
  readonly kind: string;
  faces: number;
  /** In a picture that nothing was known of before. */
  found: number;
  /** In the same picture with other noise right after. */
  foundAgain: number;
  /** Faces that are none, in either look. */
  false: number;
}

/** Shows the eyes each picture twice, the second time with other noise. */
export async function runGrid(
  finder: FaceFinder,
  painter: Painter,
  specs: readonly PictureSpec[],
): Promise<GridRow[]> {
  const rows = new Map<string, GridRow>();
  for (const [index, spec] of specs.entries()) {
    const row = rows.get(spec.kind) ?? {
      kind: spec.kind,
      faces: 0,
      found: 0,
      foundAgain: 0,
      false: 0,
    };
    rows.set(spec.kind, row);
    row.faces += spec.faces.length;
    finder.forget();
    for (const [look, seed] of [2 * index, 2 * index + 1].entries()) {
      const seen = finder.find(await painter.paint(spec, seed), look * 33);
      const hits = spec.faces.filter((face) => seen.some((one) => isThere(one, face))).length;
      if (look === 0) row.found += hits;
      else row.foundAgain += hits;
      row.false += seen.length - hits;
    }
  }
  return [...rows.values()];
}

/** The centre within half a face, the size within a factor of 1.6. */
function isThere(seen: SeenFace, face: FaceSpec): boolean {
  const isNear = Math.hypot(seen.x - face.x, seen.y - face.y) < face.size * 0.5;
  const ratio = Math.max(seen.w, seen.h) / face.size;
  return isNear && ratio > 0.6 && ratio < 1.6;
}
