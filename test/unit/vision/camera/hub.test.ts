/** Properties: every taker gets each frame once, as long as it wants; the newest is at hand; nothing is kept besides. */
import assert from "node:assert/strict";
import { test } from "node:test";
import type { Frame } from "../../../../src/vision/camera/frame.js";
import { FrameHub } from "../../../../src/vision/camera/hub.js";

const frame = (index: number): Frame => ({
  index,
  jpeg: new Uint8Array(1),
  capturedAtMs: index,
  receivedAtMs: index,
});

test("A13: one frame goes to every taker", () => {
  const hub = new FrameHub();
  const taken: number[][] = [[], [], []];
  const cancels = taken.map((list) => hub.take((f) => list.push(f.index)));
  hub.publish(frame(1));
  cancels[1]?.();
  hub.publish(frame(2));
  assert.deepEqual(taken, [[1, 2], [1], [1, 2]]);
});

test("A12: only the newest frame is kept", () => {
  const hub = new FrameHub();
  for (let i = 1; i < 50; i++) hub.publish(frame(i));
  const { latest } = hub;
  assert.equal(latest?.index, 49);
});
