/** Properties (G7): a camera that can be asked is asked for what is of use, once for each change, and again when it has come back. */
import assert from "node:assert/strict";
import type { ServerResponse } from "node:http";
import { after, test } from "node:test";
import { seededChance } from "../../../src/time/chance.js";
import { FakeClock } from "../../../src/time/fake-clock.js";
import { until } from "../../../src/time/until.js";
import { Vision } from "../../../src/vision/vision.js";
import { FakeCamera, faceWorker, MJPEG_HEAD, mjpegPart, tinyJpeg } from "../../support/sights.js";

const LIMIT_MS = 20_000;

/** Vision with a detector that finds a face in each of so many pictures. */
async function start(isViewed: () => boolean, facesMax = 1000) {
  const clock = new FakeClock();
  const wanted: number[] = [];
  let now: ServerResponse | undefined;
  const camera = new FakeCamera((response) => {
    response.writeHead(200, MJPEG_HEAD);
    now = response;
  });
  const vision = new Vision({
    cameraUrl: await camera.listen(),
    intake: { host: "127.0.0.1", port: 9 },
    clock,
    chance: seededChance(1),
    log: () => undefined,
    onBroken: () => undefined,
    isViewed,
    onWanted: (perS) => void wanted.push(perS),
    detector: { workerUrl: faceWorker(facesMax) },
  });
  after(async () => {
    await vision.stop();
    await camera.close();
  });
  vision.start();
  await until("the detector", LIMIT_MS, () => vision.detector.stateName === "free");
  let sent = 0;
  const picture = async (): Promise<void> => {
    now?.write(mjpegPart(tinyJpeg(sent++)));
    await until(`picture ${sent}`, LIMIT_MS, () => vision.hub.latest?.index === sent);
  };
  await until("the connection", LIMIT_MS, () => camera.connections === 1);
  return { clock, camera, vision, wanted, picture, cut: () => now?.destroy() };
}

test("G7: the camera is asked for few pictures until a face is seen, and at once for all of them then", async () => {
  const { vision, wanted, picture } = await start(() => false);
  await picture();
  assert.equal(wanted[0], 5, "nobody is there yet");
  await until("the face", LIMIT_MS, () => vision.judged !== undefined);
  assert.deepEqual(wanted, [5, 30]);
});

test("G7: whoever begins to look gets all pictures, also while nobody is there", async () => {
  let isViewed = true;
  const { vision, wanted, picture } = await start(() => isViewed);
  vision.want();
  assert.deepEqual(wanted, [], "there is no camera yet");
  await picture();
  vision.want();
  assert.deepEqual(wanted, [30]);
  isViewed = false;
  await until("the face", LIMIT_MS, () => vision.judged !== undefined);
  assert.deepEqual(wanted, [30], "somebody is there");
});

test("G7: vision is at rest while pictures come, nobody was seen and nobody looks", async () => {
  let isViewed = false;
  const { vision, picture, cut } = await start(() => isViewed, 0);
  assert.equal(vision.wanted.isFew, false, "no picture has come");
  await picture();
  assert.equal(vision.wanted.isFew, true);
  isViewed = true;
  vision.want();
  assert.equal(vision.wanted.isFew, false, "somebody looks");
  isViewed = false;
  vision.want();
  assert.equal(vision.wanted.isFew, true);
  cut();
  await until("the camera to be lost", LIMIT_MS, () => vision.camera.kind === "lost");
  assert.equal(vision.wanted.isFew, false);
});

test("G7: vision is not at rest while somebody is there", async () => {
  const { vision, picture } = await start(() => false);
  await picture();
  await until("the face", LIMIT_MS, () => vision.judged !== undefined);
  assert.equal(vision.wanted.isFew, false);
});

test("C1, G7: a camera that has come back is asked again", async () => {
  const { clock, camera, wanted, picture, cut } = await start(() => true);
  await picture();
  cut();
  await until("the next try", LIMIT_MS, async () => {
    await clock.advance(1000);
    return camera.connections === 2;
  });
  await picture();
  assert.deepEqual(wanted, [30, 30]);
});
