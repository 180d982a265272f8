/**
 * The camera's own frames to any number of takers, each frame with its age, so that a `MjpegReader` at the other end
 * knows when it was taken. A taker that has not taken the last frame misses the next.
 */
import type { ServerResponse } from "node:http";
import type { Clock } from "../time/clock.js";
import type { Frame } from "./frame.js";
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
    response.writeHead(200, {
      ...headers,
      "content-type": "multipart/x-mixed-replace; boundary=frame",
      "cache-control": "no-store",
      connection: "close",
    });
    response.flushHeaders();
    response.socket?.setNoDelay(true);
    this.viewers.set(response, this.clock.nowMs());
    response.on("close", () => this.viewers.delete(response));
    // A reset by the viewer is its way to leave; "close" follows.
    response.on("error", () => undefined);
    return true;
  }

  send(frame: Frame): void {
    if (this.viewers.size === 0) return;
    const nowMs = this.clock.nowMs();
    const head =
      `--frame\r\nContent-Type: image/jpeg\r\nContent-Length: ${frame.jpeg.length}\r\n` +
      `X-Timestamp: ${(frame.capturedAtMs / 1000).toFixed(6)}\r\n` +
      `X-Frame-Age: ${(nowMs - frame.capturedAtMs).toFixed(3)}\r\n\r\n`;
    const bytes = Buffer.concat([Buffer.from(head), frame.jpeg, Buffer.from("\r\n")]);
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
