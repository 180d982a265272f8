/**
 * Property: when nobody looks any more, because the camera or the detector is gone, nothing is said of a face as of now: not
 * that one is there, nor where it is, nor that it faces the camera (the host begins to listen on that).
 */
import assert from "node:assert/strict";
import { after, test } from "node:test";
import { seededChance } from "../../../src/time/chance.js";
import { systemClock } from "../../../src/time/clock.js";
import { until } from "../../../src/time/until.js";
import { faceReport, stateReport } from "../../../src/vision/report.js";
import { Vision } from "../../../src/vision/vision.js";
import { FakeCamera, faceWorker, MJPEG_HEAD, mjpegPart, tinyJpeg } from "../../support/sights.js";

const FRAME_MS = 20;

/** A camera that gives pictures until it is told to be silent. */
function camera(): { fake: FakeCamera; silence: () => void } {
  let isSilent = false;
  const fake = new FakeCamera((response) => {
    response.writeHead(200, MJPEG_HEAD);
    let mark = 0;
    const timer = setInterval(() => {
      if (!isSilent) response.write(mjpegPart(tinyJpeg(mark++)));
    }, FRAME_MS);
    response.on("close", () => clearInterval(timer));
  });
  return { fake, silence: () => (isSilent = true) };
}

async function start(workerUrl: URL): Promise<{ vision: Vision; silence: () => void }> {
  const { fake, silence } = camera();
  const vision = new Vision({
    cameraUrl: await fake.listen(),
    intake: { host: "127.0.0.1", port: 9 },
    clock: systemClock,
    chance: seededChance(1),
    log: () => undefined,
    onBroken: () => undefined,
    detector: { workerUrl, search: { quietMsMax: 300, cpuMsMax: 300 } },
  });
  after(async () => {
    await vision.stop();
    await fake.close();
  });
  vision.start();
  await until("a face that looks here", 30_000, () => state(vision)["facing_camera"] === true);
  return { vision, silence };
}

const state = (vision: Vision): Record<string, unknown> =>
  stateReport(vision, systemClock) as Record<string, unknown>;

function assertNobody(vision: Vision): void {
  const now = state(vision);
  assert.deepEqual(
    ["face_detected", "primary_face", "face_count", "facing_camera", "head_yaw", "head_pitch"].map(
      (field) => now[field],
    ),
    [false, null, 0, false, 0, 0],
  );
  const { detected, facing_camera } = faceReport(vision) as Record<string, unknown>;
  assert.deepEqual([detected, facing_camera], [false, false]);
}

test("a camera that falls silent", async () => {
  const { vision, silence } = await start(faceWorker(100_000));
  silence();
  await until("the camera to be lost", 30_000, () => vision.camera.kind === "lost");
  assertNobody(vision);
});

test("a detector that hangs and is replaced", async () => {
  const { vision } = await start(faceWorker(5));
  await until("a new detector", 30_000, () => vision.detector.replacements > 0);
  assertNobody(vision);
});

test("the history tells the confidence that the robot was told", async () => {
  const { vision } = await start(faceWorker(100_000));
  await until("four pictures", 30_000, () => vision.history.length > 3);
  const entry = vision.history.at(-1);
  assert.equal(entry?.conf, Number(entry?.last_udp_msg.split(",")[6]));
});
