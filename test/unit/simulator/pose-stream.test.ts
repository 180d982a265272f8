// The pose of the simulated head as messages. Properties: while it moves it goes out every 20 ms, at rest five times a second;
// with nobody there (G7) as often as a picture is taken from it, and at once again when somebody comes.
import assert from "node:assert/strict";
import { test } from "node:test";
import type { PartMessage } from "../../../src/child/messages.js";
import { PoseStream } from "../../../src/simulator/pose-stream.js";
import { FakeClock } from "../../../src/time/fake-clock.js";

function streamed(): { clock: FakeClock; sent: PartMessage[]; stream: PoseStream; hold(): void } {
  const clock = new FakeClock();
  const sent: PartMessage[] = [];
  let isMoving = true;
  const pose = (): { base: number; nod: number; tilt: number } => ({
    base: isMoving ? clock.nowMs() / 100 : 90,
    nod: 90,
    tilt: 90,
  });
  const stream = new PoseStream(pose, {
    clock,
    send: (message) => sent.push(message) > 0,
  });
  return { clock, sent, stream, hold: () => (isMoving = false) };
}

test("a head that moves says so every 20 ms, one at rest five times a second", async () => {
  const { clock, sent, stream, hold } = streamed();
  await clock.advance(1000);
  assert.equal(sent.length, 50);
  hold();
  await clock.advance(20);
  sent.length = 0;
  await clock.advance(1000);
  assert.equal(sent.length, 5);
  stream.stop();
  await clock.advance(1000);
  assert.equal(sent.length, 5);
});

test("G7: with nobody there a moving head says where it looks once a picture, and at once when somebody comes", async () => {
  const { clock, sent, stream } = streamed();
  stream.setPace(5);
  sent.length = 0;
  await clock.advance(1000);
  assert.equal(sent.length, 5);
  await clock.advance(150);
  sent.length = 0;
  stream.setPace(30);
  assert.deepEqual(
    sent.map(({ base }) => base),
    [11.5],
  );
  await clock.advance(1000);
  assert.equal(sent.length, 51);
});

test("a camera that is slower than the pose must be leaves it as it is", async () => {
  const { clock, sent, stream } = streamed();
  stream.setPace(1);
  sent.length = 0;
  await clock.advance(1000);
  assert.equal(sent.length, 5);
});
