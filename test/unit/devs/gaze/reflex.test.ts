/**
 * Properties of the reflex: the silence contract (0.6 / 1.5 / 2.0 s), who counts as fresh, one sign
 * convention, no fidgeting on noise, and that the head is never asked to leap when a state ends.
 */
import assert from "node:assert/strict";
import { test } from "node:test";
import { centrePose } from "../../../../devs/body/pose.js";
import {
  BODY_LAG_MS_DEFAULT,
  FACE_AGE_MS_MAX,
  FACE_WAIT_MS_MAX,
  Reflex,
} from "../../../../devs/gaze/reflex.js";
import type { RestingHead } from "../../../../devs/gaze/reflex.js";
import { SteppedGaze } from "./stepped-gaze.js";

/** Where a head comes to rest that rests at these angles. */
function restingAt(pan: number, nod: number): RestingHead {
  return { restPan: () => pan, restNod: () => nod };
}

test("O-10, O-11: a face to the right or below turns the head toward it, in both axes", () => {
  const right = new SteppedGaze();
  right.face({ x: 180 });
  right.run(500);
  assert.ok(right.motion.pan.pos < 90 - 10, "x > 120 is to the robot's right: base falls");
  const left = new SteppedGaze();
  left.face({ x: 60 });
  left.run(500);
  assert.ok(left.motion.pan.pos > 90 + 10);
  const below = new SteppedGaze();
  below.face({ y: 180 });
  below.run(500);
  assert.ok(below.motion.nod.pos > 115 + 8, "y > 120 is below: nod grows");
  const above = new SteppedGaze();
  above.face({ y: 60 });
  above.run(500);
  assert.ok(above.motion.nod.pos < 115 - 8);
});

test("O-9: a response of one degree is the same toward either side", () => {
  const reach = (x: number): number => {
    const stepped = new SteppedGaze();
    for (let frame = 0; frame < 10; frame++) {
      const x0 = x - Math.round((90 - stepped.motion.pan.pos) / 0.25);
      stepped.face({ x: x0 });
      stepped.run(60);
    }
    return stepped.motion.pan.pos - 90;
  };
  assert.ok(Math.abs(reach(124) + reach(116)) < 0.1, `${reach(124)} against ${reach(116)}`);
  assert.ok(Math.abs(reach(116)) > 0.3 && Math.abs(reach(116)) < 1.2);
});

test("reflex: LOST, ACQUIRE with the first face, TRACK with the second near the centre", () => {
  const stepped = new SteppedGaze();
  assert.equal(stepped.reflex.reflexState(), "lost");
  assert.equal(stepped.hasWish, false, "no wish without a face");
  stepped.face({ x: 200 });
  assert.equal(stepped.reflex.reflexState(), "acquire");
  stepped.run(40);
  stepped.face({ x: 190 });
  assert.equal(stepped.reflex.reflexState(), "acquire", "still 70 pixels off");
  stepped.face({ x: 130 });
  assert.equal(stepped.reflex.reflexState(), "track");
});

test("reflex: one weak face does not wake it, a second one does", () => {
  const stepped = new SteppedGaze();
  stepped.face({ x: 200, conf: 20 });
  assert.equal(stepped.reflex.isOnFace(), false);
  stepped.run(66);
  stepped.face({ x: 200, conf: 20 });
  assert.equal(stepped.reflex.isOnFace(), true);
});

test("D4, A6: silence holds at 0.6 s, returns at 1.5 s, ends at 2.0 s, and nothing jumps", () => {
  const stepped = new SteppedGaze();
  stepped.watch(120, 105, 1000);
  const silentFrom = stepped.freshMs;
  const held = stepped.motion.pan.pos;
  assert.ok(Math.abs(held - 120) < 1, `on the face: ${held}`);
  let last = held;
  let lastSpeed = 0;
  while (stepped.nowMs - silentFrom < 4000) {
    stepped.tick();
    const silentMs = stepped.nowMs - silentFrom;
    const speed = stepped.motion.pan.vel;
    assert.ok(Math.abs(stepped.motion.pan.pos - last) < 2, "a leap in position");
    assert.ok(Math.abs(speed - lastSpeed) <= 14.1, "a leap in speed");
    if (silentMs < 1500) assert.ok(Math.abs(stepped.motion.pan.pos - held) < 0.6, `at ${silentMs}`);
    assert.equal(stepped.reflex.isOnFace(), silentMs < 2000, `tracking at ${silentMs} ms`);
    last = stepped.motion.pan.pos;
    lastSpeed = speed;
  }
  assert.ok(Math.abs(last - 90) < 0.1, "back at the centre");
  assert.equal(stepped.reflex.counts.lostSilence, 1);
  assert.equal(stepped.reflex.takeEnd(), "silence");
  assert.equal(stepped.reflex.takeEnd(), "");
});

test("D4: a head caught in mid turn by silence stops within the hold and stays there", () => {
  const stepped = new SteppedGaze();
  for (let frame = 0; frame < 3; frame++) {
    stepped.face({ x: 0 });
    stepped.run(40);
  }
  stepped.run(600 - 40);
  const held = stepped.motion.pan.pos;
  stepped.run(700);
  assert.ok(Math.abs(stepped.motion.pan.pos - held) < 0.5);
});

test("D4: from 0.6 s of silence on the head is told to stay where it comes to rest", () => {
  const reflex = new Reflex(BODY_LAG_MS_DEFAULT);
  const face = { x: 240, y: 120, w: 60, h: 60, conf: 90, seq: 1, ageMs: 0, waitMs: 0 };
  reflex.see(face, 5000);
  const stop = restingAt(81, 117);
  assert.equal(reflex.step(5580, stop), true);
  assert.notEqual(reflex.panDeg, 81, "still on its way to the face");
  reflex.step(5600, stop);
  assert.deepEqual([reflex.panDeg, reflex.nodDeg], [81, 117]);
  reflex.step(6480, restingAt(1, 1));
  assert.equal(reflex.panDeg, 81, "decided once");
  reflex.step(6500, stop);
  assert.equal(reflex.panDeg, 90);
});

test("O-13: a face that sits still is tracked as long as its datagrams come", () => {
  const stepped = new SteppedGaze();
  stepped.watch(100, 115, 1000);
  for (let frame = 0; frame < 15 * 15; frame++) {
    stepped.face({ x: 120, y: 120 });
    stepped.run(66);
    assert.equal(stepped.reflex.reflexState(), "track");
  }
});

test("O-12: NO_FACE ends tracking at once and smoothly; the head waits, then goes back", () => {
  const stepped = new SteppedGaze();
  stepped.watch(110, 115, 1000);
  stepped.reflex.lose(stepped);
  assert.equal(stepped.reflex.isOnFace(), false);
  assert.equal(stepped.reflex.takeEnd(), "no_face");
  stepped.run(1000);
  assert.ok(Math.abs(stepped.motion.pan.pos - 110) < 1, "waits for the face to come back");
  stepped.run(3000);
  assert.ok(Math.abs(stepped.motion.pan.pos - 90) < 0.1);
  stepped.reflex.lose(stepped);
  assert.equal(stepped.reflex.counts.lostNoFace, 1, "a second NO_FACE means nothing");
  assert.equal(stepped.reflex.counts.lostSilence, 0);
});

test("reflex: gives its hold up when somebody else moves the head, but not a face it tracks", () => {
  const stepped = new SteppedGaze();
  stepped.watch(110, 115, 500);
  stepped.reflex.letGo();
  assert.equal(stepped.reflex.isOnFace(), true);
  stepped.reflex.lose(stepped);
  stepped.reflex.letGo();
  stepped.tick();
  assert.equal(stepped.hasWish, false);
});

test("A12: a face that waited or was taken too long ago is refused and counted, and is no sign of life", () => {
  const stepped = new SteppedGaze();
  assert.equal(stepped.face({ waitMs: FACE_WAIT_MS_MAX }), true);
  assert.equal(stepped.face({ waitMs: FACE_WAIT_MS_MAX + 1 }), false);
  assert.equal(stepped.face({ ageMs: FACE_AGE_MS_MAX, waitMs: 1 }), false);
  assert.equal(stepped.face({ ageMs: FACE_AGE_MS_MAX, waitMs: 0 }), true);
  assert.equal(stepped.reflex.counts.stale, 2);
  for (let frame = 0; frame < 40; frame++) {
    stepped.run(60);
    stepped.face({ x: 240, ageMs: 400 });
  }
  assert.equal(stepped.reflex.isOnFace(), false, "old faces do not keep tracking alive");
});

test("A12: tells the sequence number and the age of the face behind the gaze", () => {
  const stepped = new SteppedGaze();
  assert.equal(stepped.reflex.ageOfFaceMs(stepped.nowMs), -1);
  stepped.face({ seq: 77, ageMs: 40, waitMs: 5 });
  assert.equal(stepped.reflex.lastSeq, 77);
  assert.equal(stepped.reflex.ageOfFaceMs(stepped.nowMs), 45);
  stepped.run(100);
  assert.equal(stepped.reflex.ageOfFaceMs(stepped.nowMs), 145);
});

test("reflex: sets out for a face far away at once, turns back if the next picture does not show it", () => {
  const stepped = new SteppedGaze();
  stepped.watch(90, 115, 1000);
  stepped.face({ x: 220 });
  stepped.tick();
  stepped.tick();
  assert.ok(stepped.motion.pan.pos < 90 - 0.1, "no time is lost");
  stepped.run(26);
  stepped.face({ x: 120 });
  let least = 90;
  for (let tick = 0; tick < 30; tick++) {
    stepped.tick();
    least = Math.min(least, stepped.motion.pan.pos);
  }
  assert.ok(least > 90 - 3, `turned to ${least} for a mistake`);
  assert.ok(Math.abs(stepped.motion.pan.pos - 90) < 0.6, `back at ${stepped.motion.pan.pos}`);
  assert.equal(stepped.reflex.outlierCount(), 1);
});

test("reflex: a second picture makes the face far away the one to follow", () => {
  const stepped = new SteppedGaze();
  stepped.watch(90, 115, 1000);
  stepped.face({ x: 220 });
  stepped.run(66);
  stepped.face({ x: 220 });
  stepped.run(400);
  assert.ok(stepped.motion.pan.pos < 90 - 15, `at ${stepped.motion.pan.pos}`);
});

test("reflex: two faces seen in turn do not make the head swing between them", () => {
  const stepped = new SteppedGaze();
  stepped.watch(90, 115, 1000);
  let least = 90;
  for (let frame = 0; frame < 60; frame++) {
    stepped.face({ x: frame % 2 === 0 ? 220 : 120 });
    stepped.run(33);
    least = Math.min(least, stepped.motion.pan.pos);
  }
  assert.ok(least > 90 - 3, `swung to ${least}`);
});

test("reflex: RESET_PID forgets the face and moves nothing; the next face is followed", () => {
  const stepped = new SteppedGaze();
  stepped.watch(110, 115, 1000);
  const before = stepped.motion.pan.pos;
  stepped.reflex.reset();
  assert.equal(stepped.reflex.errorPx(), 0);
  stepped.run(200);
  assert.ok(Math.abs(stepped.motion.pan.pos - before) < 0.6);
  stepped.watch(100, 115, 1000);
  assert.ok(Math.abs(stepped.motion.pan.pos - 100) < 1);
});

test("reflex: a face beyond the head's reach is followed to the limit and no further", () => {
  const stepped = new SteppedGaze({ ...centrePose(), pan: 165 });
  for (let frame = 0; frame < 30; frame++) {
    stepped.face({ x: 0 });
    stepped.run(66);
  }
  assert.ok(stepped.motion.pan.pos > 169 && stepped.motion.pan.pos <= 170);
});
