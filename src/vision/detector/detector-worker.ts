/**
 * The detector's thread: a JPEG in, a `Sight` out, one at a time. Before it says "ready" it has found the face
 * of the reference photograph: a detector that finds nothing is not ready. Anything unexpected ends the thread.
 */
import { parentPort } from "node:worker_threads";
import sharp from "sharp";
import { reasonOf } from "../../host/reason.js";
import { systemClock as clock } from "../../time/clock.js";
import { assetPath } from "../../host/assets.js";
import { Decoder } from "./decode.js";
import { FaceFinder } from "./finder.js";
import { Looker } from "./looker.js";
import { ModelFault } from "./models.js";
import type { WorkerAnswer, WorkerFrame } from "./sight.js";
import type { Decoded } from "./turbo-jpeg.js";

/** Runs the whole path once with a face and without, so that the first real frame is not slow. */
async function selfTest(decoder: Decoder, finder: FaceFinder): Promise<void> {
  const photo = sharp(assetPath("astronaut.png")).resize(320, 240, {
    fit: "cover",
    position: "top",
  });
  const pixels = await decoder.decode(await photo.jpeg().toBuffer());
  const faces = finder.find(pixels, 0);
  if (faces.length !== 1) throw new Error(`self test: ${faces.length} faces in the reference`);
  const blank = { ...pixels, rgb: new Uint8Array(pixels.rgb.length).fill(128) };
  const ghosts = finder.find(blank, 0);
  if (ghosts.length !== 0) throw new Error("self test: a face in an empty picture");
  finder.forget();
}

async function answerTo(
  frame: WorkerFrame,
  decoder: Decoder,
  looker: Looker,
): Promise<WorkerAnswer> {
  const startMs = clock.nowMs();
  let pixels: Decoded;
  try {
    pixels = await decoder.decode(frame.jpeg);
  } catch (error) {
    // A broken picture is the camera's fault and costs this frame only.
    return { kind: "fault", index: frame.index, why: reasonOf(error).slice(0, 200) };
  }
  const decodeMs = clock.nowMs() - startMs;
  return { kind: "sight", index: frame.index, sight: { ...looker.look(pixels), decodeMs } };
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
  let decoder: Decoder;
  let finder: FaceFinder;
  try {
    decoder = await Decoder.load();
    finder = await FaceFinder.load();
  } catch (error) {
    if (!(error instanceof ModelFault)) throw error;
    return answer({ kind: "unable", why: error.message });
  }
  answer({ kind: "phase" });
  await selfTest(decoder, finder);
  const looker = new Looker(finder, clock);
  port.on("message", (frame: WorkerFrame) => void answerTo(frame, decoder, looker).then(answer));
  answer({ kind: "ready", startMs: clock.nowMs() - startMs, simd: finder.simd });
}

await main();
