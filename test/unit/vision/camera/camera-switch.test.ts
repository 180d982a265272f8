/**
 * The change of the camera while all else runs. Properties: nothing of a former camera is heard; frames count on; what is
 * no camera changes nothing; a picture that is handed in is answered when it was searched, or when nobody will search it.
 */
import assert from "node:assert/strict";
import { test } from "node:test";
import { seededChance } from "../../../../src/time/chance.js";
import { systemClock } from "../../../../src/time/clock.js";
import { FakeClock } from "../../../../src/time/fake-clock.js";
import { until } from "../../../../src/time/until.js";
import { CameraSwitch } from "../../../../src/vision/camera/camera-switch.js";
import type { Frame } from "../../../../src/vision/camera/frame.js";
import { FakeCamera, MJPEG_HEAD, mjpegPart, tinyJpeg } from "../../../support/sights.js";

function rig(url: string | undefined, clock = new FakeClock() as FakeClock | typeof systemClock) {
  const frames: Frame[] = [];
  const states: string[] = [];
  const eye = new CameraSwitch(
    {
      clock,
      chance: seededChance(1),
      onFrame: (frame) => frames.push(frame),
      onState: ({ kind }) => states.push(kind),
      onDropped: () => undefined,
    },
    url,
  );
  return { eye, frames, states };
}

const picture = (mark: number) => ({ jpeg: tinyJpeg(mark), head: { timestampMs: 0, ageMs: 0 } });

test("frames of another camera count on, and those of the former one are known as such", async () => {
  const cameras = [1, 2].map(
    (mark) =>
      new FakeCamera((response) => {
        response.writeHead(200, MJPEG_HEAD);
        response.write(mjpegPart(tinyJpeg(mark)));
      }),
  );
  const [first = "", second = ""] = await Promise.all(cameras.map((camera) => camera.listen()));
  const { eye, frames } = rig(first, systemClock);
  eye.start();
  await until("a picture of the first", 20_000, () => frames.length > 0);
  assert.ok(eye.change(second));
  assert.equal(eye.change(second), false);
  await until("a picture of the second", 20_000, () => frames.some(({ jpeg }) => jpeg[8] === 2));
  const indices = frames.map(({ index }) => index);
  assert.deepEqual(
    indices,
    indices.map((_, i) => i + 1),
  );
  assert.deepEqual(
    frames.map((frame) => eye.isFormer(frame)),
    frames.map(({ jpeg }) => jpeg[8] === 1),
  );
  await eye.stop();
  await Promise.all(cameras.map((camera) => camera.close()));
});

test("what names no camera is refused, and all is as before", () => {
  const { eye } = rig("given:1");
  assert.throws(() => eye.change("ftp://cam/"), RangeError);
  assert.equal(eye.change("given:1"), false);
});

test("A12: a picture that is handed in is answered when it, or a newer one, was searched", async () => {
  const clock = new FakeClock();
  const { eye, frames, states } = rig("given:1", clock);
  eye.start();
  const answers: (number | boolean)[] = [];
  for (const mark of [1, 2, 3]) {
    void eye.give("1", picture(mark)).then((isSearched) => answers.push(mark, isSearched));
  }
  assert.deepEqual([frames.length, states], [3, ["connecting", "live"]]);
  eye.settle(2);
  await clock.advance(0);
  assert.deepEqual(answers, [1, true, 2, true]);
  await clock.advance(1000);
  assert.deepEqual(answers.slice(4), [3, false]);
  await eye.stop();
});

test("a picture of another giver, or of none that is wanted, is taken by nobody", async () => {
  const { eye, frames } = rig("given:1");
  eye.start();
  assert.equal(await eye.give("2", picture(1)), false);
  const waiting = eye.give("1", picture(2));
  eye.change(undefined);
  // Settled at once: nobody will search it.
  assert.equal(await waiting, true);
  assert.equal(await eye.give("1", picture(3)), false);
  assert.equal(frames.length, 1);
  await eye.stop();
});

test("A6: a giver that falls silent is lost within 2 s, as any camera is", async () => {
  const clock = new FakeClock();
  const { eye, states } = rig("given:1", clock);
  eye.start();
  for (let i = 0; i < 3; i++) {
    void eye.give("1", picture(i));
    await clock.advance(33);
  }
  await clock.advance(1800);
  assert.deepEqual(states.slice(0, 3), ["connecting", "live", "lost"]);
  await eye.stop();
});
