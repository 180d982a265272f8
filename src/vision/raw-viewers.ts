/**
 * The camera's own frames to any number of takers, each frame with its age, so that a `MjpegReader` at the other end
 * knows when it was taken. A taker that has not taken the last frame misses the next.
 */
import type { ServerResponse } from "node:http";
import type { Clock } from "../time/clock.js";
import type { Frame } from "./camera/frame.js";
import { beginMultipart, multipartPart } from "./camera/multipart.js";
import { STUCK_MS_MAX, VIEWERS_MAX } from "./viewers.js";

export class RawViewers {
  /** When a viewer last had room, monotonic ms. */
  private readonly viewers = new Map<ServerResponse, number>();

  constructor(private readonly clock: Clock) {}

  get count(): number {
    return this.viewers.size;
  }

  /** Adds a response whose head is still to be written; false: too many. */
  add(response: ServerResponse, headers: Record<string, string>): boolean {
    if (this.viewers.size >= VIEWERS_MAX) return false;
    beginMultipart(response, headers);
    this.viewers.set(response, this.clock.nowMs());
    response.on("close", () => this.viewers.delete(response));
    return true;
  }

  send(frame: Frame): void {
    if (this.viewers.size === 0) return;
    const nowMs = this.clock.nowMs();
    const { jpeg, capturedAtMs } = frame;
    const bytes = multipartPart(jpeg, { capturedAtMs, nowMs });
    for (const [response, roomAtMs] of this.viewers) {
      if (response.writableNeedDrain) {
        if (nowMs - roomAtMs > STUCK_MS_MAX) response.destroy();
        continue;
      }
      this.viewers.set(response, nowMs);
      response.write(bytes);
    }
  }

  close(): void {
    for (const response of this.viewers.keys()) response.destroy();
  }
}
