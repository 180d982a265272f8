// Demo camera → reader → detector → UDP, as real processes. Properties: what arrives is where the face is; one upstream
// connection whoever looks (A13); faults of the camera are said within 2 s and over by themselves (H1, H2, H5); no face
// is made up (a cat, an empty room); the process ends when told and when its parent is gone.
import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { after, before, test } from "node:test";
import sharp from "sharp";
import { CAMERA_HFOV_DEG, CAMERA_VFOV_DEG, FACE_SPACE } from "../../../src/wire/index.js";
import { FakeCamera, MJPEG_HEAD, mjpegPart } from "../../support/sights.js";
import { demoCamera, getJson, Intake, vision, type Part } from "../../support/vision.js";
import { until } from "../../../src/time/until.js";
import { snapshot, view } from "./viewers.js";

/** The detector's start takes 0.5 s alone, and a long time beside what else runs. */
const FIRST_LOOK_MS_MAX = 120_000;

let intake: Intake;
let camera: Part;
let eyes: Part;
let cameraDoor: string;
let eyesDoor: string;

before(async () => {
  intake = await new Intake().open();
  camera = demoCamera({ path: { name: "still", baseDeg: 82, nodDeg: 118 } });
  cameraDoor = await camera.ready();
  eyes = vision(`http://${cameraDoor}/stream`, intake);
  eyesDoor = await eyes.ready();
  await until("the first face", FIRST_LOOK_MS_MAX, () => intake.faces.length > 0);
});

after(async () => {
  await Promise.all([eyes?.end(), camera?.end()]);
  intake?.close();
});

/** Face datagrams that arrive from now on. */
async function nextFaces(count: number) {
  const from = intake.faces.length;
  await until(`${count} faces`, 30_000, () => intake.faces.length >= from + count);
  return intake.faces.slice(from, from + count);
}

const noFace = async (): Promise<void> => {
  const { noFaces, faces } = intake;
  await until("NO_FACE", 20_000, () => intake.noFaces > noFaces + 2);
  const count = faces.length;
  await until("a few more NO_FACE", 20_000, () => intake.noFaces > noFaces + 6);
  assert.equal(intake.faces.length, count, "a face was made up");
};

/** The coordinates at which a face in direction (base, nod) is seen by a head at (90, 115). */
function expected(baseDeg: number, nodDeg: number): { x: number; y: number } {
  return {
    x: FACE_SPACE / 2 + ((90 - baseDeg) * FACE_SPACE) / CAMERA_HFOV_DEG,
    y: FACE_SPACE / 2 + ((nodDeg - 115) * FACE_SPACE) / CAMERA_VFOV_DEG,
  };
}

test("faces are where the face is, within 0.75°, with the sign of the wire", async () => {
  for (const [baseDeg, nodDeg] of [
    [82, 118],
    [100, 112],
    [70, 115],
  ] as const) {
    camera.send({ type: "path", name: "still", baseDeg, nodDeg });
    const want = expected(baseDeg, nodDeg);
    const isNear = (face: { x: number; y: number }): boolean =>
      Math.abs(face.x - want.x) <= 3 && Math.abs(face.y - want.y) <= 4;
    const seen = (): string =>
      intake.faces
        .slice(-4)
        .map((face) => `${face.x},${face.y}`)
        .join(" ");
    await until(
      () => `faces near ${want.x},${want.y}; they are at ${seen()}`,
      20_000,
      () => {
        const last = intake.faces.slice(-4);
        return last.length === 4 && last.every(isNear);
      },
    );
    for (const face of await nextFaces(10)) {
      assert.ok(isNear(face), `${face.x},${face.y} instead of ${want.x},${want.y}`);
      assert.ok(face.w > 40 && face.w < 80 && face.conf >= 70, JSON.stringify(face));
    }
  }
});

test("the sequence grows by one; every face tells its age", async () => {
  const faces = await nextFaces(20);
  for (let i = 1; i < faces.length; i++) {
    const [last, face] = [faces[i - 1], faces[i]];
    assert.ok(face && last && face.seq > last.seq);
    assert.ok(face.ageMs >= 0 && face.ageMs <= 5000);
  }
});

test("the loop is closed: a pose that points at the face brings it to the centre", async () => {
  camera.send({ type: "path", name: "still", baseDeg: 100, nodDeg: 110 });
  camera.send({ type: "pose", base: 100, nod: 110, tilt: 85 });
  await until("a centred face", 20_000, () => {
    const last = intake.faces.at(-1);
    return last && Math.abs(last.x - 120) <= 3 && Math.abs(last.y - 120) <= 4;
  });
  camera.send({ type: "pose", base: 90, nod: 115, tilt: 85 });
  camera.send({ type: "path", name: "still" });
});

test("compact VISION comes about 3 times a second", async () => {
  const count = (): number => intake.lines.filter((line) => line.startsWith("!VISION:")).length;
  // Those that this process was too busy to read are not counted.
  const read = count();
  await until("a VISION line", 20_000, () => count() > read);
  const from = count();
  const startMs = performance.now();
  await until("12 VISION lines", 30_000, () => count() >= from + 12);
  assert.ok(performance.now() - startMs > 1000, "too many");
  const line = intake.lines.findLast((text) => text.startsWith("!VISION:")) ?? "";
  const json = JSON.parse(line.slice("!VISION:".length)) as Record<string, unknown>;
  assert.deepEqual(Object.keys(json), ["f", "fc", "ex", "nv", "ob", "mv"]);
  assert.equal(json["f"], 1);
});

test("A13: viewers, snapshots and the detector share one connection to the camera", async () => {
  const viewers = await Promise.all(
    ["/stream", "/stream", "/raw_stream"].map((path) => view(eyesDoor, path)),
  );
  const snapshots = await Promise.all(
    ["/snapshot", "/annotated_snapshot", "/snapshot"].map((path) => snapshot(eyesDoor, path)),
  );
  const narrow = await sharp(await snapshot(eyesDoor, "/snapshot?width=160")).metadata();
  assert.deepEqual([narrow.width, narrow.height, narrow.format], [160, 120, "jpeg"]);
  assert.equal((await fetch(`http://${eyesDoor}/snapshot?width=9`)).status, 400);
  for (const jpeg of snapshots) {
    const { width, height, format } = await sharp(jpeg).metadata();
    assert.deepEqual([width, height, format], [320, 240, "jpeg"]);
  }
  await until("pictures for every viewer", 20_000, () => viewers.every((v) => v.pictures() >= 3));
  await nextFaces(3);
  const told = camera.of("status").length;
  await until("the camera to say how it is now", 20_000, () => camera.of("status").length > told);
  const { watchers, streamsOpened } = camera.status();
  assert.equal(watchers, 1);
  // On a machine that stands still for long enough the one connection is made again.
  const { reconnect_count } = await getJson(eyesDoor, "/state");
  assert.ok((streamsOpened as number) <= 1 + (reconnect_count as number), `${streamsOpened}`);
  for (const viewer of viewers) viewer.close();
  await until("no viewers", 10_000, () => eyes.status()["viewers"] === 0);
});

test("the door answers as the old API; a frontal face faces the camera (O-20, O-21)", async () => {
  const state = await until("a face in /state", 20_000, async () => {
    const now = await getJson(eyesDoor, "/state");
    return now["face_detected"] === true && now;
  });
  assert.equal(state["facing_camera"], true);
  assert.equal(state["stream_connected"], true);
  assert.ok(["smiling", "happy"].includes(String(state["last_stable_expression"])));
  assert.ok((state["face_appeared_at"] as number) > 1_600_000_000);
  await until("a healthy camera", 20_000, async () => (await getJson(eyesDoor, "/health"))["ok"]);
  const history = (await getJson(eyesDoor, "/coord_history")) as unknown as unknown[];
  assert.ok(history.length > 0 && history.length <= 300);
  await until("a face told last", 20_000, async () => {
    const last = await getJson(eyesDoor, "/last_udp_msg");
    return /^FACE:/.test(String(last["last_udp_msg"]));
  });
});

test("errors are JSON; foreign pages and names are refused (N2)", async () => {
  for (const [path, init, status, code] of [
    ["/nowhere", {}, 404, "VISION_NOT_FOUND"],
    ["/state", { method: "POST" }, 405, "VISION_METHOD"],
    ["/state", { headers: { origin: "http://evil.example" } }, 403, "VISION_ORIGIN_REFUSED"],
    [`/state?${"x".repeat(3000)}`, {}, 414, "VISION_URL_LONG"],
  ] as const) {
    const response = await fetch(`http://${eyesDoor}${path}`, init);
    const body = (await response.json()) as { error: { code: string } };
    assert.deepEqual([response.status, body.error.code], [status, code]);
  }
});

test("H1, H2, H5: each fault of the camera is said, no face is made up, and it is over by itself", async () => {
  for (const [fault, says] of [
    ["freeze", () => eyes.status()["visibility"] === "frozen"],
    ["black", () => eyes.status()["visibility"] === "dark"],
  ] as const) {
    await nextFaces(3);
    camera.send({ type: "fault", name: fault });
    await until(`${fault} to be said`, 20_000, says);
    await noFace();
    camera.send({ type: "fault", name: "none" });
  }
  for (const fault of ["stall", "garbage", "refuse"]) {
    await nextFaces(3);
    camera.send({ type: "fault", name: fault });
    await until(`${fault} to be said`, 20_000, async () => {
      // One answer: the status is of another moment, which may be that of the fault before.
      const { stream_connected, face_detected } = await getJson(eyesDoor, "/state");
      if (!stream_connected) assert.equal(face_detected, false, "a face without a camera");
      return !stream_connected;
    });
    const told = eyes.of("status").length;
    const isDown = (): boolean =>
      eyes.of("status").length > told &&
      ["down", "connecting"].includes((eyes.status()["camera"] as { state: string }).state);
    await until(`${fault} in the status`, 20_000, isDown);
    camera.send({ type: "fault", name: "none" });
  }
  await nextFaces(5);
});

test("H1: a camera that was killed and is back is used again", async () => {
  await camera.end("SIGKILL");
  await until(
    "the loss",
    20_000,
    () => (eyes.status()["camera"] as { state: string }).state === "down",
  );
  await until("no snapshot", 20_000, async () => {
    const response = await fetch(`http://${eyesDoor}/snapshot`);
    await response.arrayBuffer();
    return response.status === 503;
  });
  const port = Number(cameraDoor.split(":")[1]);
  camera = demoCamera({ port, path: { name: "still" } });
  await camera.ready();
  await nextFaces(5);
});

test("a face that leaves is told at once, and found again when it is back", async () => {
  camera.send({ type: "path", name: "leave", stayMs: 1000, awayMs: 600_000 });
  await until("NO_FACE again and again", 20_000, () => {
    const told = intake.lines.filter((line) => /FACE/.test(line)).slice(-7);
    return told.length === 7 && told.every((line) => line.startsWith("NO_FACE"));
  });
  await until(
    "the leaving",
    20_000,
    async () => ((await getJson(eyesDoor, "/response_detection"))["person_left_at"] as number) > 0,
  );
  camera.send({ type: "path", name: "still" });
  await nextFaces(5);
});

test("a cat is no face", async (t) => {
  const photograph = await readFile(new URL("../../fixtures/chelsea.png", import.meta.url));
  // No two that follow each other are the same, whichever of them the detector leaves out.
  const cats = await Promise.all(
    Array.from({ length: 17 }, (_, i) =>
      sharp(photograph)
        .resize(320, 240)
        .linear(1 + i / 100, 1)
        .jpeg()
        .toBuffer(),
    ),
  );
  const catCamera = new FakeCamera((response) => {
    response.writeHead(200, MJPEG_HEAD);
    let i = 0;
    const timer = setInterval(() => response.write(mjpegPart(cats[i++ % cats.length]!)), 60);
    response.on("close", () => clearInterval(timer));
  });
  const own = await new Intake().open();
  const other = vision(await catCamera.listen(), own);
  t.after(async () => {
    await other.end("SIGKILL");
    own.close();
    await catCamera.close();
  });
  await other.ready();
  await until("10 NO_FACE", FIRST_LOOK_MS_MAX, () => own.noFaces >= 10);
  assert.deepEqual(own.faces, []);
  assert.equal(other.status()["visibility"], "clear");
  assert.equal(await other.end(), 0);
});

test("the process ends on a signal, and when its parent's channel is gone", async (t) => {
  const own = await new Intake().open();
  t.after(() => own.close());
  for (const how of ["SIGINT", "SIGHUP", "channel"] as const) {
    const other = vision(`http://${cameraDoor}/stream`, own);
    t.after(() => other.end("SIGKILL"));
    await other.ready();
    if (how === "channel") other.child.disconnect();
    else other.child.kill(how);
    await until(`the end by ${how}`, 20_000, () => other.child.exitCode !== null);
    assert.equal(other.child.exitCode, 0);
  }
});
