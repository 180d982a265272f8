/**
 * The face detector: `@vladmandic/human` on tfjs' WASM backend, models from the package, no network. Only the
 * detector's worker loads this. What it costs: `test/bench/vision.bench.ts`.
 */
import { readFile } from "node:fs/promises";
import { createRequire } from "node:module";
import path from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import type { Config, FaceResult, Human } from "@vladmandic/human";
import type { SeenFace } from "./sight.js";

/** A search that finds less is not believed. */
const SCORE_MIN = 0.4;
/**
 * The model's pitch for a level face that looks into the lens (mean over the reference photograph, n = 150,
 * 0.11 to 0.15 rad). Without it a frontal face would be half way out of "facing".
 */
const FRONTAL_PITCH_DEG = 6.7;

const CONFIG = {
  backend: "wasm",
  async: false,
  warmup: "none",
  debug: false,
  // Together with skipFrames: the box comes from the last mesh, a whole search only every 10th picture or second.
  cacheSensitivity: 1e6,
  filter: { enabled: false },
  gesture: { enabled: false },
  body: { enabled: false },
  hand: { enabled: false },
  object: { enabled: false },
  segmentation: { enabled: false },
  face: {
    enabled: true,
    detector: {
      maxDetected: 2,
      rotation: false,
      skipFrames: 10,
      skipTime: 1000,
      minConfidence: SCORE_MIN,
    },
    mesh: { enabled: true },
    emotion: { enabled: true, skipFrames: 99, skipTime: 500 },
    iris: { enabled: false },
    description: { enabled: false },
    antispoof: { enabled: false },
    liveness: { enabled: false },
  },
} satisfies Partial<Config>;

export interface FaceFinder {
  /** Searches RGB pixels. Not to be called again before it has answered. */
  find(rgb: Uint8Array, width: number, height: number): Promise<SeenFace[]>;
}

/** Loads models and backend. Changes `fetch` of the whole thread: only `file:` works afterwards. */
export async function loadFaceFinder(): Promise<FaceFinder> {
  globalThis.fetch = fetchFile;
  const require = createRequire(import.meta.url);
  // The package's `exports` do not lead to its WASM build, and its main file wants tfjs-node.
  const folder = path.dirname(require.resolve("@vladmandic/human"));
  const { Human } = require(path.join(folder, "human.node-wasm.js")) as {
    Human: new (config: Partial<Config>) => Human;
  };
  const wasmFile = require.resolve("@tensorflow/tfjs-backend-wasm/dist/tfjs-backend-wasm.wasm");
  const human = new Human({
    ...CONFIG,
    wasmPath: `${path.dirname(wasmFile)}/`,
    modelBasePath: `${pathToFileURL(path.join(folder, "..", "models")).href}/`,
  });
  await human.load();
  return {
    async find(rgb, width, height) {
      const tensor = human.tf.tensor3d(rgb, [height, width, 3], "int32");
      try {
        const result = await human.detect(tensor);
        if (result.error) throw new Error(`the detector failed: ${result.error}`);
        return result.face.flatMap((face) => seenFace(face));
      } finally {
        human.tf.dispose(tensor);
      }
    },
  };
}

async function fetchFile(input: string | URL | Request): Promise<Response> {
  const url = new URL(input instanceof Request ? input.url : input);
  if (url.protocol !== "file:") throw new Error(`the detector may not load ${url.href}`);
  return new Response(await readFile(fileURLToPath(url)));
}

type Point = readonly [number, number, number?];

/** A face without a mesh is only a guess of the first stage: left out. */
function seenFace(face: FaceResult): SeenFace[] {
  const points: readonly Point[] = face.mesh;
  const score = face.faceScore || face.boxScore || face.score;
  if (points.length < MESH_POINTS || score < SCORE_MIN) return [];
  const box = extent(points);
  const angle = face.rotation?.angle ?? { yaw: 0, pitch: 0 };
  const gap = (a: number, b: number): number =>
    Math.abs((points[a]?.[1] ?? 0) - (points[b]?.[1] ?? 0)) / Math.max(1, box.h);
  const emotions: Record<string, number> = {};
  for (const { emotion, score: share } of face.emotion ?? []) emotions[emotion] = share;
  return [
    {
      ...box,
      score: Math.min(1, score),
      yawDeg: degrees(angle.yaw),
      pitchDeg: degrees(angle.pitch) - FRONTAL_PITCH_DEG,
      emotions,
      // Mesh points: lips 13 and 14; lids 159/145 and 386/374; brows 105 and 334 over the eyes' outer corners.
      mouthShare: gap(13, 14),
      eyeShare: (gap(159, 145) + gap(386, 374)) / 2,
      browShare: (gap(105, 159) + gap(334, 386)) / 2,
    },
  ];
}

const MESH_POINTS = 468;

function extent(points: readonly Point[]): { x: number; y: number; w: number; h: number } {
  let sumX = 0;
  let sumY = 0;
  let [left, top, right, bottom] = [Infinity, Infinity, -Infinity, -Infinity];
  for (const [x, y] of points) {
    sumX += x;
    sumY += y;
    left = Math.min(left, x);
    right = Math.max(right, x);
    top = Math.min(top, y);
    bottom = Math.max(bottom, y);
  }
  return { x: sumX / points.length, y: sumY / points.length, w: right - left, h: bottom - top };
}

function degrees(radians: number): number {
  return (radians * 180) / Math.PI;
}
