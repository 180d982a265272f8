/**
 * A camera beside the robot. Properties: whatever the head does, the robot is told the face where it is; a head that looks
 * straight ahead is told what the camera sees; the pose is that of the picture's time.
 */
import assert from "node:assert/strict";
import { test } from "node:test";
import { HeadTrack, seenFromHead } from "../../../src/vision/head-view.js";
import {
  BASE_DEG_CENTER,
  CAMERA_HFOV_DEG,
  CAMERA_VFOV_DEG,
  FACE_SPACE,
  NOD_DEG_CENTER,
} from "../../../src/wire/limits.js";

/** Where the robot takes a face to be (`devs/gaze/face-estimate.ts`). */
function laidOn(spot: { x: number; y: number }, pose: { baseDeg: number; nodDeg: number }) {
  const half = FACE_SPACE / 2;
  return {
    baseDeg: pose.baseDeg - ((spot.x - half) * CAMERA_HFOV_DEG) / FACE_SPACE,
    nodDeg: pose.nodDeg + ((spot.y - half) * CAMERA_VFOV_DEG) / FACE_SPACE,
  };
}

test("G1: a face that stays where it is in the picture is one place to look at, wherever the head looks", () => {
  const seen = { x: 96, y: 109 };
  const ahead = { baseDeg: BASE_DEG_CENTER, nodDeg: NOD_DEG_CENTER };
  assert.deepEqual(seenFromHead(seen, ahead), seen);
  for (const baseDeg of [60, 84, 96, 120]) {
    for (const nodDeg of [100, 113, 130]) {
      const place = laidOn(seenFromHead(seen, { baseDeg, nodDeg }), { baseDeg, nodDeg });
      assert.ok(Math.abs(place.baseDeg - 96) < 1e-9, `base ${place.baseDeg}`);
      assert.ok(Math.abs(place.nodDeg - 112.9375) < 1e-9, `nod ${place.nodDeg}`);
    }
  }
});

test("the head's pose is that of the picture's time", () => {
  const track = new HeadTrack();
  assert.equal(track.at(0), undefined);
  track.record({ baseDeg: 90, nodDeg: 115 }, 100);
  track.record({ baseDeg: 100, nodDeg: 105 }, 200);
  assert.deepEqual(
    [50, 100, 130, 200, 900].map((timeMs) => track.at(timeMs)?.baseDeg),
    [90, 90, 93, 100, 100],
  );
  assert.equal(track.at(130)?.nodDeg, 112);
});

test("a head that rests for long is still known, and old poses are not kept", () => {
  const track = new HeadTrack();
  for (let i = 0; i <= 300; i++) track.record({ baseDeg: i, nodDeg: 115 }, i * 20);
  track.record({ baseDeg: 0, nodDeg: 115 }, 60_000);
  assert.equal(track.at(59_990)?.baseDeg.toFixed(2), "0.06");
  assert.equal(track.at(0)?.baseDeg, 300);
});
