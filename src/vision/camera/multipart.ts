/** MJPEG over HTTP as this folder speaks it: one endless answer, each picture a part with its length. */
import type { OutgoingHttpHeaders, ServerResponse } from "node:http";

/** Writes the head of an endless answer of pictures, each to be sent at once. */
export function beginMultipart(response: ServerResponse, headers: OutgoingHttpHeaders): void {
  response.writeHead(200, {
    ...headers,
    "content-type": "multipart/x-mixed-replace; boundary=frame",
    "cache-control": "no-store",
    connection: "close",
  });
  response.flushHeaders();
  response.socket?.setNoDelay(true);
  // A reset by the viewer is its way to leave; "close" follows.
  response.on("error", () => undefined);
}

/** One picture of it; with `taken`, both on the same monotonic clock, it carries its age, which `CameraReader` reads. */
export function multipartPart(
  jpeg: Uint8Array,
  taken?: { capturedAtMs: number; nowMs: number },
): Buffer {
  let head = `--frame\r\nContent-Type: image/jpeg\r\nContent-Length: ${jpeg.length}\r\n`;
  if (taken) {
    head += `X-Timestamp: ${(taken.capturedAtMs / 1000).toFixed(6)}\r\n`;
    head += `X-Frame-Age: ${(taken.nowMs - taken.capturedAtMs).toFixed(3)}\r\n`;
  }
  return Buffer.concat([Buffer.from(`${head}\r\n`), jpeg, Buffer.from("\r\n")]);
}
