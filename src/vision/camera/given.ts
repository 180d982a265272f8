/** Pictures that are handed in instead of fetched, as by a page that gives its camera. */
import type { Picture } from "./camera-stream.js";

export class GivenPictures {
  private taker: ((picture: Picture) => void) | undefined;

  /** From now on `taker` gets what is given, until the signal is aborted. */
  open(taker: (picture: Picture) => void, signal: AbortSignal): void {
    this.taker = taker;
    signal.addEventListener(
      "abort",
      () => {
        if (this.taker === taker) this.taker = undefined;
      },
      { once: true },
    );
  }

  /** @returns false when nobody takes it. */
  give(picture: Picture): boolean {
    this.taker?.(picture);
    return this.taker !== undefined;
  }
}
