/**
 * The head on its canvas. With a graphics card the page draws it itself. Without one a picture costs 40 ms and more, in which a
 * page that draws can do nothing else: there a worker draws it, and a click, STOP among them, waits for no picture.
 */
import type { DrawingOptions, HeadDrawing } from "./head-drawing.js";
import type { FromWorker, ToWorker } from "./head-worker.js";

export type HeadScene = Omit<HeadDrawing, "setSize">;

/** Rejects when the browser has no WebGL; the caller shows numbers instead. */
export async function createHeadScene(canvas: HTMLCanvasElement): Promise<HeadScene> {
  const options = { isSlow: drawsInSoftware(), pixelRatio: devicePixelRatio };
  const drawing = options.isSlow
    ? await drawInWorker(canvas, options)
    : (await import("./head-drawing.js")).drawHead(canvas, options);
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

/** Rejects when the worker cannot be had, cannot draw, or does not say that it can in time. */
async function drawInWorker(
  canvas: HTMLCanvasElement,
  options: DrawingOptions,
): Promise<HeadDrawing> {
  const worker = new Worker(new URL("./head-worker.ts", import.meta.url), { type: "module" });
  const tell = (message: ToWorker, transfer: Transferable[] = []): void =>
    worker.postMessage(message, transfer);
  try {
    await new Promise<void>((resolve, reject) => {
      worker.onerror = () => reject(new Error("the worker of the head cannot be had"));
      setTimeout(() => reject(new Error("the worker of the head says nothing")), WORKER_MS_MAX);
      worker.onmessage = ({ data }: MessageEvent<FromWorker>) =>
        data.trouble === undefined ? resolve() : reject(new Error(data.trouble));
      const offscreen = canvas.transferControlToOffscreen();
      tell({ type: "begin", canvas: offscreen, options }, [offscreen]);
    });
  } catch (error) {
    worker.terminate();
    throw error;
  }
  return {
    setPose: (pose) => tell({ type: "pose", pose }),
    setMood: (emotion, isLinked) => tell({ type: "mood", emotion, isLinked }),
    setSize: (width, height) => tell({ type: "size", width, height }),
    dispose: () => worker.terminate(),
  };
}

/** True when the browser says that it has no graphics card to draw with. */
function drawsInSoftware(): boolean {
  const gl = document.createElement("canvas").getContext("webgl2");
  const info = gl?.getExtension("WEBGL_debug_renderer_info");
  const name = String(info ? gl?.getParameter(info.UNMASKED_RENDERER_WEBGL) : "");
  gl?.getExtension("WEBGL_lose_context")?.loseContext();
  return /swiftshader|llvmpipe|software|basic render/i.test(name);
}
