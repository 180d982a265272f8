/** Properties: the old API's fields are all there, in `/state` too, never null where the host wants a number or a word. */
import assert from "node:assert/strict";
import { after, test } from "node:test";
import { seededChance } from "../../../src/time/chance.js";
import { FakeClock } from "../../../src/time/fake-clock.js";
import {
  faceReport,
  responseReport,
  stateReport,
  statusReport,
} from "../../../src/vision/report.js";
import type { Frame } from "../../../src/vision/camera/frame.js";
import { Vision } from "../../../src/vision/vision.js";
import { EXPRESSIONS } from "../../../src/wire/index.js";
import { visionState } from "../../../src/state/buddy-state.js";
import { seenFace, sight, tinyJpeg } from "../../support/sights.js";

const clock = new FakeClock(50_000);
const vision = new Vision({
  cameraUrl: undefined,
  intake: { host: "127.0.0.1", port: 9 },
  clock,
  chance: seededChance(1),
  log: () => undefined,
  onBroken: () => undefined,
});
after(() => vision.stop());

const RESPONSE_FIELDS = [
  "face_detected",
  "expression",
  "last_stable_expression",
  "expression_changed_at",
  "face_appeared_at",
  "person_left_at",
  "person_count",
  "scene_novelty",
  "head_yaw",
  "head_pitch",
  "facing_camera",
];
const STATE_FIELDS = [
  "face_detected",
  "primary_face",
  "face_x",
  "face_y",
  "face_vx",
  "face_vy",
  "face_w",
  "face_h",
  "confidence",
  "sequence",
  "face_count",
  "tracking_fps",
  "detection_fps",
  "detection_latency_ms",
  "stream_connected",
  "stream_fps",
  "frame_count",
  "udp_sent",
  "reconnect_count",
  "objects",
  "face_expression",
  "head_yaw",
  "head_pitch",
  "facing_camera",
  "scene_novelty",
  "person_count",
  "errors",
  "last_error",
  "last_udp_msg",
];

let frames = 0;

/** The camera gives a picture that was taken 20 ms ago. */
function picture(): Frame {
  vision.camera = { kind: "live" };
  const receivedAtMs = clock.nowMs();
  const jpeg = tinyJpeg(frames);
  const frame = { index: ++frames, jpeg, capturedAtMs: receivedAtMs - 20, receivedAtMs };
  vision.hub.publish(frame);
  return frame;
}

/** The detector sees a frontal face in a new picture. */
function see(): void {
  vision.judge(picture(), sight([seenFace()]));
}

/** What the door, its siblings and the status tell of a face. */
function told(): object {
  const state = stateReport(vision, clock) as Record<string, unknown>;
  const face = faceReport(vision) as Record<string, unknown>;
  const status = statusReport(vision, clock, 0);
  return {
    state: [state["face_detected"], state["primary_face"] !== null, state["facing_camera"]],
    face: [face["detected"], face["face"] !== null, face["facing_camera"]],
    status: [status.faces > 0, status.face !== undefined, status["isFacing"]],
  };
}

const SOMEBODY = {
  state: [true, true, true],
  face: [true, true, true],
  status: [true, true, true],
};
const NOBODY = {
  state: [false, false, false],
  face: [false, false, false],
  status: [false, false, false],
};

test("O-20: /state has every field of /response_detection, and its own", () => {
  for (const isSeen of [false, true]) {
    if (isSeen) see();
    const state = stateReport(vision, clock) as Record<string, unknown>;
    assert.deepEqual(Object.keys(responseReport(vision, clock)), RESPONSE_FIELDS);
    for (const field of [...RESPONSE_FIELDS, ...STATE_FIELDS]) assert.ok(field in state, field);
    for (const [field, value] of Object.entries(state)) {
      if (field !== "primary_face") assert.notEqual(value, null, field);
    }
    assert.equal(state["primary_face"] === null, !isSeen);
  }
});

test("times are unix seconds, 0 for never", () => {
  see();
  const report = responseReport(vision, clock) as Record<string, number>;
  assert.equal(report["person_left_at"], 0);
  assert.ok(Math.abs((report["face_appeared_at"] ?? 0) - clock.wallMs() / 1000) < 1);
});

test("D4, H1: of a picture that has grown old nobody is told, whether or not its loss was noticed", async () => {
  see();
  assert.deepEqual(told(), SOMEBODY);
  await clock.advance(1980);
  assert.deepEqual(told(), SOMEBODY);
  await clock.advance(1);
  assert.deepEqual(told(), NOBODY);
  assert.equal(statusReport(vision, clock, 0).camera.state, "stale");
});

test("D4, H1: nobody is told while the camera is lost or dialled, however young the last picture is", () => {
  for (const camera of [
    { kind: "lost", why: "it is gone", retryInMs: 100 },
    { kind: "connecting", attempt: 1 },
  ] as const) {
    see();
    vision.camera = camera;
    assert.deepEqual(told(), NOBODY);
  }
});

test("D4: nobody is told while a detector looks at none of the pictures that come", async () => {
  see();
  // In a blink of the detector the direction of the face is kept: that must grow old too.
  vision.judge(picture(), sight([]));
  assert.deepEqual(told(), { ...NOBODY, ...facing(true) });
  for (let i = 0; i < 20; i++) {
    await clock.advance(100);
    picture();
  }
  assert.equal((stateReport(vision, clock) as Record<string, unknown>)["stream_connected"], true);
  assert.deepEqual(told(), NOBODY);
});

/** Nobody there, and the direction of the one who was there a moment ago. */
function facing(isFacing: boolean): object {
  const row = [false, false, isFacing];
  return { state: row, face: row, status: row };
}

test("O-21, O-22: a frontal face faces the camera; expressions are words of the vocabulary, never null", () => {
  see();
  const state = stateReport(vision, clock) as Record<string, unknown>;
  assert.equal(state["facing_camera"], true);
  for (const field of ["face_expression", "expression", "last_stable_expression"]) {
    assert.ok((EXPRESSIONS as readonly unknown[]).includes(state[field]), field);
  }
  const face = faceReport(vision) as { face: Record<string, unknown> };
  assert.deepEqual(Object.keys(face.face), [
    "x",
    "y",
    "w",
    "h",
    "vx",
    "vy",
    "conf",
    "score",
    "frame_x",
    "frame_y",
  ]);
});

test("the status for the companion has the shape that the page shows", () => {
  see();
  assert.ok(visionState.safeParse(statusReport(vision, clock, 0)).success);
});

test("two people are told with their numbers: whom the robot looks at, and the other", () => {
  const near = seenFace({ x: 100, w: 90, h: 110 });
  const far = seenFace({ x: 240, w: 40, h: 50 });
  vision.judge(picture(), sight([near, far]));
  const status = visionState.parse(statusReport(vision, clock, 0));
  assert.equal(status.faces, 2);
  const { number, others = [] } = status.face ?? {};
  const [first, second] = [...vision.scene.people.here].map((one) => one.number);
  assert.equal(number, first);
  assert.deepEqual(
    others.map(({ number: other, x, w }) => [other, x, w]),
    [[second, 180, 30]],
  );
  const { people } = stateReport(vision, clock) as { people: { number: number }[] };
  assert.deepEqual(
    people.map((one) => one.number),
    [first, second],
  );
  vision.judge(picture(), sight([near]));
  assert.equal(visionState.parse(statusReport(vision, clock, 0)).face?.others, undefined);
});
