import type { Frame, FrameSource } from "../../state/feeds.js";

/** The frames that may go out, for whoever sends them on. */
export function outwardFrames(
  frames: FrameSource,
  mayGoOut: (frame: Frame) => boolean,
): FrameSource {
  return {
    latest() {
      const newest = frames.latest();
      return newest && mayGoOut(newest) ? newest : undefined;
    },
    subscribe: (listener) =>
      frames.subscribe((frame) => {
        if (mayGoOut(frame)) listener(frame);
      }),
  };
}
