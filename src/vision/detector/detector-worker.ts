/**
 * The detector's thread: a JPEG in, a `Sight` out, one at a time. Before it says "ready" it has found the face
 * of the reference photograph: a detector that finds nothing is not ready. Anything unexpected ends the thread.
 */
import { parentPort } from "node:worker_threads";
import sharp from "sharp";
import { reasonOf } from "../../host/reason.js";
import { systemClock as clock } from "../../time/clock.js";
import { assetPath } from "../../host/assets.js";
import { decode, type Decoded } from "./decode.js";
import { FaceFinder } from "./finder.js";
import { greyGrid, isBlack, measureLight } from "./light.js";
import { ModelFault } from "./models.js";
import type { SeenFace, Sight, WorkerAnswer, WorkerFrame } from "./sight.js";

/** Runs the whole path once with a face and without, so that the first real frame is not slow. */
async function selfTest(finder: FaceFinder): Promise<void> {
  const photo = sharp(assetPath("astronaut.png")).resize(320, 240, {
    fit: "cover",
    position: "top",
  });
  const pixels = await decode(await photo.jpeg().toBuffer());
  const faces = await finder.find(pixels, 0);
  if (faces.length !== 1) throw new Error(`self test: ${faces.length} faces in the reference`);
  const blank = { ...pixels, rgb: new Uint8Array(pixels.rgb.length).fill(128) };
  const ghosts = await finder.find(blank, 0);
  if (ghosts.length !== 0) throw new Error("self test: a face in an empty picture");
  finder.forget();
}

class Worker {
  private grid: Uint8Array | undefined;

  constructor(private readonly finder: FaceFinder) {}

  async look(frame: WorkerFrame): Promise<WorkerAnswer> {
    const startMs = clock.nowMs();
    let pixels: Decoded;
    try {
      pixels = await decode(frame.jpeg);
    } catch (error) {
      // A broken picture is the camera's fault and costs this frame only.
      return { kind: "fault", index: frame.index, why: reasonOf(error).slice(0, 200) };
    }
    const { rgb, width, height, scale } = pixels;
    const grid = greyGrid(rgb, width, height);
    const light = measureLight(grid, this.grid);
    this.grid = grid;
    const decodedMs = clock.nowMs();
    // There is nothing to be found behind a covered lens.
    const faces = isBlack(light) ? [] : await this.finder.find(pixels, decodedMs);
    const sight: Sight = {
      width: width * scale,
      height: height * scale,
      light,
      faces: faces.map((face) => scaled(face, scale)),
      decodeMs: decodedMs - startMs,
      searchMs: clock.nowMs() - decodedMs,
    };
    return { kind: "sight", index: frame.index, sight };
  }
}

/** From the pixels that were searched to the picture's own. */
function scaled(face: SeenFace, scale: number): SeenFace {
  const { x, y, w, h } = face;
  return { ...face, x: x * scale, y: y * scale, w: w * scale, h: h * scale };
}

async function main(): Promise<void> {
  const port = parentPort;
  if (!port) throw new Error("detector-worker runs as a worker thread only");
  // One picture at a time: decoding in parallel would only take time from the search.
  sharp.concurrency(1);
  sharp.cache(false);
  const startMs = clock.nowMs();
  const answer = (message: WorkerAnswer): void => port.postMessage(message);
  answer({ kind: "phase" });
  let finder: FaceFinder;
  try {
    finder = await FaceFinder.load();
  } catch (error) {
    if (!(error instanceof ModelFault)) throw error;
    return answer({ kind: "unable", why: error.message });
  }
  answer({ kind: "phase" });
  await selfTest(finder);
  const worker = new Worker(finder);
  port.on("message", (frame: WorkerFrame) => void worker.look(frame).then(answer));
  answer({ kind: "ready", startMs: clock.nowMs() - startMs, simd: finder.simd });
}

await main();
