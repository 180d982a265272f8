/** Whether a close frame of ours would be understood: only between two frames of a granted upgrade. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { WsBoundary, closeFrame } from "../../../src/gateway/client-bytes/ws-boundary.js";

const GRANTED = Buffer.from("HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\n\r\n");
const FRAMES = [
  Buffer.concat([Buffer.from([0x81, 5]), Buffer.from("hello")]),
  Buffer.concat([Buffer.from([0x81, 126, 0x01, 0x2c]), Buffer.alloc(300, 65)]),
  Buffer.concat([Buffer.from([0x82, 127, 0, 0, 0, 0, 0, 1, 0, 0]), Buffer.alloc(65_536, 66)]),
  Buffer.from([0x8a, 0]),
];

test("stands between frames exactly after each whole frame, whatever the chunks", () => {
  const whole = Buffer.concat([GRANTED, ...FRAMES]);
  const ends = new Set<number>([GRANTED.length]);
  let end = GRANTED.length;
  for (const frame of FRAMES) ends.add((end += frame.length));
  for (const chunkBytes of [1, 2, 7, 1000, whole.length]) {
    const boundary = new WsBoundary();
    for (let at = 0; at < whole.length; at += chunkBytes) {
      boundary.push(whole.subarray(at, at + chunkBytes));
      const seen = Math.min(at + chunkBytes, whole.length);
      assert.equal(boundary.isBetweenFrames(), ends.has(seen), `after ${seen} bytes`);
    }
  }
});

test("plain HTTP is never taken for a WebSocket", () => {
  const boundary = new WsBoundary();
  boundary.push(Buffer.from("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nOK"));
  assert.equal(boundary.isUpgraded(), false);
  assert.equal(boundary.isBetweenFrames(), false);
  const endless = new WsBoundary();
  for (let i = 0; i < 100; i++) endless.push(Buffer.alloc(100, 65));
  assert.equal(endless.isUpgraded(), false);
  assert.equal(endless.bytes, 10_000);
});

test("the close frame is RFC 6455's", () => {
  assert.deepEqual(closeFrame(1013), Buffer.from([0x88, 0x02, 0x03, 0xf5]));
});
