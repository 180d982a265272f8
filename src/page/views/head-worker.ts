/** The worker that draws the head where only the processor draws: does what the page tells it, in order. */
import type { Pose } from "../../robot/pose.js";
import { drawHead, type DrawingOptions, type HeadDrawing } from "./head-drawing.js";

export type ToWorker =
  | { readonly type: "begin"; readonly canvas: OffscreenCanvas; readonly options: DrawingOptions }
  | { readonly type: "pose"; readonly pose: Pose }
  | { readonly type: "mood"; readonly emotion: string; readonly isLinked: boolean }
  | { readonly type: "size"; readonly width: number; readonly height: number };

/** Answers `begin`; undefined: it draws. Told again later: it draws no more. */
export interface FromWorker {
  readonly trouble: string | undefined;
}

let drawing: HeadDrawing | undefined;

addEventListener("message", ({ data }: MessageEvent<ToWorker>) => {
  switch (data.type) {
    case "begin":
      tell({ trouble: begin(data.canvas, data.options) });
      return;
    case "pose":
      drawing?.setPose(data.pose);
      return;
    case "mood":
      drawing?.setMood(data.emotion, data.isLinked);
      return;
    case "size":
      drawing?.setSize(data.width, data.height);
  }
});

function tell(message: FromWorker): void {
  postMessage(message);
}

function begin(canvas: OffscreenCanvas, options: DrawingOptions): string | undefined {
  try {
    drawing = drawHead(canvas, options, (error) => tell({ trouble: String(error) }));
    return undefined;
  } catch (error) {
    return String(error);
  }
}
