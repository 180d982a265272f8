/**
 * `GET /stream`: the camera for any viewer that speaks MJPEG. All viewers share the one upstream behind
 * `FrameSource` (A13). A viewer that does not read gets fewer pictures, never a growing queue (A12): while
 * its socket is full its pictures are skipped, and when it stays full it is cut.
 */
import type { OutgoingHttpHeaders, ServerResponse } from "node:http";
import type { Clock } from "../../time/clock.js";
import type { Frame, FrameSource } from "../../state/feeds.js";

const BOUNDARY = "buddyframe";
/** A viewer whose socket took nothing for this long is gone or broken. */
const STUCK_MS_MAX = 15_000;
/** Without a picture for this long the stream ends, so that the viewer learns of it. */
const SILENCE_MS_MAX = 10_000;

/** An older picture is not sent to a new viewer as if it were now. */
const AGE_MS_MAX = 10_000;

export interface ViewerDeps {
  /** Of the answer, beside what a stream needs. */
  readonly headers: OutgoingHttpHeaders;
  readonly frames: FrameSource;
  readonly clock: Clock;
  /** A picture was sent, or skipped since the viewer was slow. */
  sent(): void;
  skipped(): void;
  onEnd(): void;
}

/** Runs one viewer until it leaves, sticks, or the camera is silent. The response is ours from here on. */
export function streamTo(response: ServerResponse, deps: ViewerDeps): void {
  const { headers, frames, clock } = deps;
  let lastFrameMs = clock.nowMs();
  let lastRoomMs = clock.nowMs();

  response.writeHead(200, {
    ...headers,
    "content-type": `multipart/x-mixed-replace; boundary=${BOUNDARY}`,
    "cache-control": "no-store",
    connection: "close",
  });

  const write = (frame: Frame): void => {
    lastFrameMs = clock.nowMs();
    if (response.writableNeedDrain) {
      deps.skipped();
      return;
    }
    lastRoomMs = lastFrameMs;
    const head = `--${BOUNDARY}\r\nContent-Type: image/jpeg\r\nContent-Length: ${frame.jpeg.length}\r\n\r\n`;
    response.write(Buffer.concat([Buffer.from(head), frame.jpeg, Buffer.from("\r\n")]));
    deps.sent();
  };
  const cancelCheck = clock.every(1000, () => {
    const nowMs = clock.nowMs();
    const isStuck = response.writableNeedDrain && nowMs - lastRoomMs > STUCK_MS_MAX;
    if (isStuck || response.writableEnded) response.destroy();
    else if (nowMs - lastFrameMs > SILENCE_MS_MAX) response.end(`--${BOUNDARY}--\r\n`);
  });
  const unsubscribe = frames.subscribe(write);
  response.once("close", () => {
    unsubscribe();
    cancelCheck();
    deps.onEnd();
  });
  response.on("error", () => response.destroy());

  const newest = frames.latest();
  if (newest && clock.nowMs() - newest.capturedMs <= AGE_MS_MAX) write(newest);
}
