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
import { stepScene } from "../../../src/vision/scene.js";
import { Vision } from "../../../src/vision/vision.js";
import { EXPRESSIONS } from "../../../src/wire/index.js";
import { visionState } from "../../../src/state/buddy-state.js";
import { seenFace, sight } from "../../support/sights.js";

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

function see(): void {
  const step = stepScene(vision.scene, sight([seenFace()]), clock.nowMs() - 20, clock.nowMs());
  vision.scene = step.scene;
}

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

test("times are unix seconds, 0 for never", () => {
  see();
  const report = responseReport(vision, clock) as Record<string, number>;
  assert.equal(report["person_left_at"], 0);
  assert.ok(Math.abs((report["face_appeared_at"] ?? 0) - clock.wallMs() / 1000) < 1);
});

test("the status for the companion has the shape that the page shows", () => {
  see();
  assert.ok(visionState.safeParse(statusReport(vision, clock, 0)).success);
});
