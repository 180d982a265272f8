/**
 * One upstream connection, any number of takers (A13). The newest frame only (A12): nobody gets a queue. A taker
 * that is not ready for a frame misses it.
 */
import type { Frame } from "./frame.js";

type FrameTaker = (frame: Frame) => void;

export class FrameHub {
  private newest: Frame | undefined;
  private readonly takers = new Set<FrameTaker>();

  /** The last frame, whatever its age; the caller looks at `capturedAtMs`. */
  get latest(): Frame | undefined {
    return this.newest;
  }

  /** Hands the frame to every taker, in the order they came. A taker must not block or throw. */
  publish(frame: Frame): void {
    this.newest = frame;
    for (const taker of this.takers) taker(frame);
  }

  /** What came is of a camera that is not looked through any more. */
  forget(): void {
    this.newest = undefined;
  }

  /** Calls `taker` with each new frame until the returned function is called. */
  take(taker: FrameTaker): () => void {
    this.takers.add(taker);
    return () => this.takers.delete(taker);
  }
}
