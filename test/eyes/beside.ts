/**
 * `npm run eyes:beside [-- PYTHON]`: processor time a picture, decoding included, of our eyes and of MediaPipe's own, one
 * after the other on the same pictures of a face that moves. It prints NOT RUN where that Python has no mediapipe.
 */
import { execFileSync, spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { cpus, loadavg, tmpdir } from "node:os";
import path from "node:path";
import { fileURLToPath } from "node:url";
import sharp from "sharp";
import { ownCpuMs } from "../../src/host/cpu-time.js";
import { Decoder } from "../../src/vision/detector/decode.js";
import { FaceFinder } from "../../src/vision/detector/finder.js";
import { Painter } from "./pictures.js";

const PICTURES = 30;
const ROUNDS = 5;
const PYTHON_MS_MAX = 300_000;

interface Figures {
  readonly version: string;
  readonly trackedMs: number;
  readonly coldMs: number;
  readonly found: number;
}

sharp.concurrency(1);
sharp.cache(false);
const python = process.argv[2] ?? "python3";
const painter = await Painter.load();
const decoder = await Decoder.load();
const finder = await FaceFinder.load();

console.log(`${cpus().length} processors, ${cpus()[0]?.model}, Node ${process.version}`);
console.log("| picture | who | tracked, ms | cold, ms | found | load |");
console.log("|---|---|---|---|---|---|");
for (const [width, height] of [
  [320, 240],
  [640, 480],
] as const) {
  const pictures = await film(width, height);
  row(`${width}×${height}`, await ours(pictures));
  const theirs = mediapipe(pictures);
  if (typeof theirs === "string") console.log(`NOT RUN: mediapipe beside it: ${theirs}`);
  else row(`${width}×${height}`, theirs);
}

function row(size: string, { version, trackedMs, coldMs, found }: Figures): void {
  const load = (loadavg()[0] ?? 0).toFixed(1);
  const [tracked, cold] = [trackedMs.toFixed(1), coldMs.toFixed(1)];
  console.log(
    `| ${size} | ${version} | ${tracked} | ${cold} | ${found} of ${PICTURES} | ${load} |`,
  );
}

/** A face that moves and turns, as JPEG. */
async function film(width: number, height: number): Promise<Buffer[]> {
  const pictures: Buffer[] = [];
  for (let i = 0; i < PICTURES; i += 1) {
    const turn = (2 * Math.PI * i) / PICTURES;
    const face = { x: 160 + 40 * Math.sin(turn), y: 110, size: 60, rollDeg: 10 * Math.cos(turn) };
    const { rgb, ...size } = await painter.paint({ kind: "film", faces: [face] }, i);
    const raw = { ...size, channels: 3 as const };
    const picture = sharp(rgb, { raw }).resize(width, height).jpeg({ quality: 85 });
    pictures.push(await picture.toBuffer());
  }
  return pictures;
}

async function ours(pictures: readonly Buffer[]): Promise<Figures> {
  let nowMs = 0;
  let found = 0;
  const look = async (picture: Buffer): Promise<void> => {
    const faces = finder.find(await decoder.decode(picture), (nowMs += 33));
    found += faces.length;
  };
  const best = async (before: () => void): Promise<number> => {
    let bestMs = Infinity;
    for (let round = 0; round <= ROUNDS; round += 1) {
      const startMs = ownCpuMs();
      found = 0;
      for (const picture of pictures) {
        before();
        await look(picture);
      }
      // The first round warms up.
      if (round > 0) bestMs = Math.min(bestMs, (ownCpuMs() - startMs) / pictures.length);
    }
    return bestMs;
  };
  const trackedMs = await best(() => undefined);
  const trackedFound = found;
  const coldMs = await best(() => finder.forget());
  return { version: `ours, ${finder.simd} SIMD`, trackedMs, coldMs, found: trackedFound };
}

/** What their Python says, or why it was not run. */
function mediapipe(pictures: readonly Buffer[]): Figures | string {
  const has = spawnSync(python, ["-c", "import mediapipe, cv2"], { encoding: "utf8" });
  if (has.status !== 0)
    return has.error?.message ?? has.stderr.trim().split("\n").at(-1) ?? "no mediapipe";
  const folder = mkdtempSync(path.join(tmpdir(), "beside-"));
  try {
    pictures.forEach((picture, i) => writeFileSync(path.join(folder, `${100 + i}.jpg`), picture));
    const script = fileURLToPath(new URL("mediapipe_beside.py", import.meta.url));
    const options = { encoding: "utf8" as const, timeout: PYTHON_MS_MAX };
    const said = execFileSync(python, [script, folder], {
      ...options,
      stdio: ["ignore", "pipe", "ignore"],
    });
    const figures = JSON.parse(said) as Figures;
    return { ...figures, version: `MediaPipe ${figures.version}` };
  } finally {
    rmSync(folder, { recursive: true });
  }
}
