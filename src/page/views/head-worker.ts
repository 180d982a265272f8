/** The worker that draws the head where only the processor draws: does what the page tells it, in order. */
import type { Pose } from "../../robot/pose.js";
import { drawHead, type DrawingOptions, type HeadDrawing } from "./head-drawing.js";

export type ToWorker =
  | { readonly type: "begin"; readonly canvas: OffscreenCanvas; readonly options: DrawingOptions }
  | { readonly type: "pose"; readonly pose: Pose }
  | { readonly type: "mood"; readonly emotion: string; readonly isLinked: boolean }
  | { readonly type: "size"; readonly width: number; readonly height: number }
  | { readonly type: "beat" };

export type FromWorker =
  /** Answers `begin`: it draws. */
  | { readonly type: "begun" }
  /** Answers `begin`, or comes later: it does not draw, or draws no more. */
  | { readonly type: "trouble"; readonly why: string }
  /** Answers `beat`. */
  | { readonly type: "beat" };

let drawing: HeadDrawing | undefined;

addEventListener("message", ({ data }: MessageEvent<ToWorker>) => {
  switch (data.type) {
    case "begin":
      begin(data.canvas, data.options);
      return;
    case "pose":
      drawing?.setPose(data.pose);
      return;
    case "mood":
      drawing?.setMood(data.emotion, data.isLinked);
      return;
    case "size":
      drawing?.setSize(data.width, data.height);
      return;
    case "beat":
      tell({ type: "beat" });
  }
});

function tell(message: FromWorker): void {
  postMessage(message);
}

function begin(canvas: OffscreenCanvas, options: DrawingOptions): void {
  const trouble = (error: unknown): void => tell({ type: "trouble", why: String(error) });
  try {
    drawing = drawHead(canvas, options, trouble);
    tell({ type: "begun" });
  } catch (error) {
    trouble(error);
  }
}
