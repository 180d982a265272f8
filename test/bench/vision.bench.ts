/**
 * Question: how many pictures a second are searched for a face, and how old is the picture when its datagram leaves?
 * Bars (docs/BENCH.md): ≥ 25 frames/s, age ≤ 80 ms p95, 320×240 real JPEG, 2 cores. Real processes: demo camera with a
 * moving face → reader → detector → UDP, with viewers. Run alone (after `npm run build`):
 * `node --import tsx test/bench/vision.bench.ts [seconds] [viewers]`.
 */
import http from "node:http";
import { cpus, loadavg } from "node:os";
import { pathToFileURL } from "node:url";
import { percentile } from "../../src/time/meter.js";
import { demoCamera, Intake, vision } from "../support/vision.js";
import { until } from "../../src/time/until.js";

/** The bars of docs/BENCH.md. */
export const BAR_FRAMES_PER_S = 25;
export const BAR_AGE_P95_MS = 80;

export interface VisionBench {
  readonly seconds: number;
  readonly viewers: number;
  readonly facesPerS: number;
  readonly missedPerS: number;
  readonly ageP50Ms: number;
  readonly ageP95Ms: number;
  readonly ageP99Ms: number;
  /** Error of x against the path's truth at capture, face space units, standard deviation and worst. */
  readonly errorSdUnits: number;
  readonly errorWorstUnits: number;
  /** Processor time per searched picture, all threads of the process; it does not grow with other load. */
  readonly visionCpuMsPerFrame: number;
  readonly cameraCpuMsPerFrame: number;
  /** Mean load of the machine over the last minute, and its processors: what else was running. */
  readonly loadAverage: number;
  readonly processors: number;
}

/** Measures for `seconds` with `viewers` on the annotated stream. The machine's other load is part of the result. */
export async function benchVision(
  options: { readonly seconds?: number; readonly viewers?: number } = {},
): Promise<VisionBench> {
  const { seconds = 15, viewers = 2 } = options;
  const intake = await new Intake().open();
  const camera = demoCamera({ path: { name: "still" } });
  const door = await camera.ready();
  const eyes = vision(`http://${door}/stream`, intake);
  const eyesDoor = await eyes.ready();
  const watching = Array.from({ length: viewers }, () =>
    http.get(`http://${eyesDoor}/stream`, (response) => response.resume()),
  );
  for (const request of watching) request.on("error", () => undefined);
  try {
    await until("the first faces", 60_000, () => intake.faces.length > 10);
    const startWallMs = Date.now();
    camera.send({
      type: "path",
      name: "sweep",
      amplitudeDeg: AMPLITUDE_DEG,
      nodAmplitudeDeg: 0,
      periodMs: PERIOD_MS,
    });
    await until("a second of warm-up", 5000, () => Date.now() - startWallMs > 1000);
    const from = { faces: intake.faces.length, none: intake.noFaces, ...cpuOf(eyes, camera) };
    await until(
      "the end",
      seconds * 1000 + 5000,
      () => Date.now() - startWallMs > 1000 + seconds * 1000,
    );
    const to = cpuOf(eyes, camera);
    const faces = intake.faces.slice(from.faces);
    const ages = faces.map((face) => face.ageMs);
    const errors = faces.map((face) => {
      const capturedMs = performance.timeOrigin + face.atMs - face.ageMs - startWallMs;
      const baseDeg = AMPLITUDE_DEG * Math.sin((2 * Math.PI * capturedMs) / PERIOD_MS);
      return face.x - (120 - baseDeg * 4);
    });
    const mean = errors.reduce((sum, error) => sum + error, 0) / errors.length;
    const variance = errors.reduce((sum, error) => sum + (error - mean) ** 2, 0) / errors.length;
    return {
      seconds,
      viewers,
      facesPerS: faces.length / seconds,
      missedPerS: (intake.noFaces - from.none) / seconds,
      ageP50Ms: percentile(ages, 0.5),
      ageP95Ms: percentile(ages, 0.95),
      ageP99Ms: percentile(ages, 0.99),
      errorSdUnits: Math.sqrt(variance),
      errorWorstUnits: Math.max(...errors.map((error) => Math.abs(error - mean))),
      visionCpuMsPerFrame: (to.eyesCpuMs - from.eyesCpuMs) / Math.max(1, faces.length),
      cameraCpuMsPerFrame: (to.cameraCpuMs - from.cameraCpuMs) / Math.max(1, faces.length),
      loadAverage: loadavg()[0] ?? 0,
      processors: cpus().length,
    };
  } finally {
    for (const request of watching) request.destroy();
    await Promise.all([eyes.end(), camera.end()]);
    intake.close();
  }
}

/** The face stays whole in the view; at most 14°/s. */
const AMPLITUDE_DEG = 18;
const PERIOD_MS = 8000;

function cpuOf(eyes: { status(): object }, camera: { status(): object }) {
  return { eyesCpuMs: cpuMs(eyes), cameraCpuMs: cpuMs(camera) };
}

function cpuMs(part: { status(): object }): number {
  const { cpuMs: ms } = part.status() as { cpuMs?: number };
  return ms ?? 0;
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? "").href) {
  const result = await benchVision({
    seconds: Number(process.argv[2] ?? 15),
    viewers: Number(process.argv[3] ?? 2),
  });
  console.log(JSON.stringify(result, (_key, value: unknown) => rounded(value), 2));
}

function rounded(value: unknown): unknown {
  return typeof value === "number" ? Math.round(value * 100) / 100 : value;
}
