/**
 * Properties of what gives too little: a camera of half a picture a second is shown and called slow, and the robot, which would
 * follow the past by it, is told nothing of faces; a detector that looks at nothing is not called well.
 */
import assert from "node:assert/strict";
import { after, test } from "node:test";
import type { Patience } from "../../../src/resilience/patience.js";
import { seededChance } from "../../../src/time/chance.js";
import { FakeClock } from "../../../src/time/fake-clock.js";
import { until } from "../../../src/time/until.js";
import { statusReport } from "../../../src/vision/report.js";
import { Vision } from "../../../src/vision/vision.js";
import { cuedCamera, faceWorker } from "../../support/sights.js";

const LIMIT_MS = 20_000;

/** Vision on a clock of the test's own, and a camera that gives a picture when it is told to. */
async function start(detector: { workerUrl: URL; search?: Patience }) {
  const clock = new FakeClock();
  const { camera, send } = cuedCamera();
  const vision = new Vision({
    cameraUrl: await camera.listen(),
    intake: { host: "127.0.0.1", port: 9 },
    clock,
    chance: seededChance(1),
    log: () => undefined,
    onBroken: () => undefined,
    detector,
  });
  after(async () => {
    await vision.stop();
    await camera.close();
  });
  vision.start();
  await until("the detector", LIMIT_MS, () => vision.detector.stateName === "free");
  await until("the connection", LIMIT_MS, () => camera.connections === 1);
  const picture = async (i: number): Promise<void> => {
    send();
    await until(`picture ${i}`, LIMIT_MS, () => vision.hub.latest?.index === i);
  };
  return { clock, vision, picture, status: () => statusReport(vision, clock, 0) };
}

test("C1: a slow camera is shown, said to be slow, and the head does not follow by it", async () => {
  const { clock, vision, picture, status } = await start({ workerUrl: faceWorker(1000) });
  const told: number[] = [];
  for (let i = 1; i <= 8; i++) {
    await picture(i);
    await until(`a look at picture ${i}`, LIMIT_MS, () => vision.judged?.frame.index === i);
    told.push(vision.sender.sequence);
    if (i < 8) await clock.advance(2000);
  }
  assert.deepEqual(told.slice(2), Array(6).fill(told[1]), "told of faces by pictures of 2 s apart");
  const { camera, face, detector } = status();
  assert.equal(camera.state, "slow");
  assert.match(camera.text, /a picture every 2\.0 s/);
  assert.equal(detector.state, "works");
  assert.ok(face, "what is seen is shown all the same");
  await clock.advance(5001);
  const late = status();
  assert.deepEqual([late.camera.state, late.face], ["stale", undefined]);
});

test("C1: a detector that looks at nothing while pictures come is said to, and no face is", async () => {
  const { clock, vision, picture, status } = await start({
    workerUrl: faceWorker(1),
    search: { quietMsMax: 600_000, cpuMsMax: 600_000 },
  });
  const said: string[] = [];
  for (let i = 1; i <= 121; i++) {
    await picture(i);
    if (i === 1) await until("a look", LIMIT_MS, () => vision.judged?.frame.index === 1);
    const { camera, detector, face } = status();
    assert.equal(camera.state, "live");
    const now = `${detector.state}, ${face ? "a face" : "no face"}`;
    if (said.at(-1) !== now) said.push(now);
    await clock.advance(100);
  }
  assert.deepEqual(said, ["works, a face", "slow, no face", "silent, no face"]);
});
