/**
 * The head on its canvas. With a graphics card the page draws it itself. Without one a picture costs 40 ms and more, in which a
 * page that draws can do nothing else: there a worker draws it, and a click, STOP among them, waits for no picture.
 */
import { drawsInSoftware } from "../ui/software.js";
import type { DrawingOptions, HeadDrawing } from "./head-drawing.js";
import type { FromWorker, ToWorker } from "./head-worker.js";

export type HeadScene = Omit<HeadDrawing, "setSize">;

/**
 * Rejects when the browser has no WebGL; the caller shows numbers instead.
 * @param lost it has begun, and can draw no more: why. The caller disposes of it, and shows numbers.
 */
export async function createHeadScene(
  canvas: HTMLCanvasElement,
  lost: (error: unknown) => void,
): Promise<HeadScene> {
  const options = { isSlow: drawsInSoftware(), pixelRatio: devicePixelRatio };
  const drawing = options.isSlow
    ? await drawInWorker(canvas, options, lost)
    : (await import("./head-drawing.js")).drawHead(canvas, options, lost);
  const resize = new ResizeObserver(() => {
    const { clientWidth: width, clientHeight: height } = canvas;
    if (width > 0 && height > 0) drawing.setSize(width, height);
  });
  resize.observe(canvas);
  return {
    setPose: (pose) => drawing.setPose(pose),
    setMood: (emotion, isLinked) => drawing.setMood(emotion, isLinked),
    dispose() {
      resize.disconnect();
      drawing.dispose();
    },
  };
}

/** A worker that has not drawn by then never will, whatever keeps it: the caller shows numbers. */
const WORKER_MS_MAX = 30_000;
const BEAT_MS = 5000;
/** So many without an answer, and it hangs. Counted, not timed: a laptop that slept an hour has sent none meanwhile. */
const BEATS_UNANSWERED_MAX = 3;

/** Rejects when the worker cannot be had, cannot draw, or does not say that it can in time. */
async function drawInWorker(
  canvas: HTMLCanvasElement,
  options: DrawingOptions,
  lost: (error: unknown) => void,
): Promise<HeadDrawing> {
  const worker = new Worker(new URL("./head-worker.ts", import.meta.url), { type: "module" });
  const tell = (message: ToWorker, transfer: Transferable[] = []): void =>
    worker.postMessage(message, transfer);
  let timer: ReturnType<typeof setTimeout> | undefined;
  try {
    await new Promise<void>((resolve, reject) => {
      worker.onerror = () => reject(new Error("the worker of the head cannot be had"));
      const silent = new Error("the worker of the head says nothing");
      timer = setTimeout(() => reject(silent), WORKER_MS_MAX);
      worker.onmessage = ({ data }: MessageEvent<FromWorker>) =>
        data.type === "trouble" ? reject(new Error(data.why)) : resolve();
      const offscreen = canvas.transferControlToOffscreen();
      tell({ type: "begin", canvas: offscreen, options }, [offscreen]);
    });
  } catch (error) {
    worker.terminate();
    throw error;
  } finally {
    clearTimeout(timer);
  }
  let unanswered = 0;
  const beats = setInterval(() => {
    if (unanswered >= BEATS_UNANSWERED_MAX) lost("the worker of the head hangs");
    unanswered += 1;
    tell({ type: "beat" });
  }, BEAT_MS);
  worker.onerror = ({ message }) => lost(message);
  worker.onmessage = ({ data }: MessageEvent<FromWorker>) => {
    if (data.type === "trouble") lost(data.why);
    else unanswered = 0;
  };
  return {
    setPose: (pose) => tell({ type: "pose", pose }),
    setMood: (emotion, isLinked) => tell({ type: "mood", emotion, isLinked }),
    setSize: (width, height) => tell({ type: "size", width, height }),
    dispose() {
      clearInterval(beats);
      worker.terminate();
    },
  };
}
