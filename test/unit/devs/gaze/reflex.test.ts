/**
 * Properties of the reflex: the silence contract (0.6 / 1.5 / 2.0 s), who counts as fresh, one sign
 * convention, no fidgeting on noise, and that the head is never asked to leap when a state ends.
 */
import assert from "node:assert/strict";
import { test } from "node:test";
import { Motion } from "../../../../devs/body/motion.js";
import { centrePose } from "../../../../devs/body/pose.js";
import type { Pose } from "../../../../devs/body/pose.js";
import {
  BODY_LAG_MS_DEFAULT,
  FACE_AGE_MS_MAX,
  FACE_WAIT_MS_MAX,
  Reflex,
} from "../../../../devs/gaze/reflex.js";
import type { RestingHead } from "../../../../devs/gaze/reflex.js";
import type { Face } from "../../../../src/wire/face-frame.js";

const TICK_MS = 20;

/** Where a head comes to rest that rests at these angles. */
function restingAt(pan: number, nod: number): RestingHead {
  return { restPan: () => pan, restNod: () => nod };
}

/** Reflex and motion on one time line, without servo lag: what the firmware runs each 20 ms. */
class Rig implements RestingHead {
  nowMs = 10_000;
  readonly reflex = new Reflex(BODY_LAG_MS_DEFAULT);
  readonly motion: Motion;
  base: Pose;
  /** The last step of the reflex had a wish. */
  hasWish = false;
  /** When the last face came that was fresh enough. */
  freshMs = 0;
  private seq = 0;

  constructor(start: Pose = centrePose()) {
    this.motion = new Motion(start);
    this.base = start;
    for (let step = 0; step < 30; step++) this.tick();
  }

  restPan(): number {
    return this.motion.pan.stopDeg();
  }

  restNod(): number {
    return this.motion.nod.stopDeg();
  }

  tick(): void {
    this.nowMs += TICK_MS;
    const { reflex, motion } = this;
    this.hasWish = reflex.step(this.nowMs, this);
    if (this.hasWish) this.base = { pan: reflex.panDeg, nod: reflex.nodDeg, tilt: this.base.tilt };
    motion.setPace(this.hasWish ? reflex.pace : 1);
    motion.step(this.base, 0, 0, TICK_MS);
    reflex.record(this.nowMs, motion.pan.pos, motion.nod.pos);
  }

  run(ms: number): void {
    for (let end = this.nowMs + ms; this.nowMs < end;) this.tick();
  }

  face(over: Partial<Face> = {}): boolean {
    const sight = {
      x: 120,
      y: 120,
      w: 60,
      h: 60,
      conf: 90,
      seq: ++this.seq,
      ageMs: 60,
      waitMs: 2,
      ...over,
    };
    const isFresh = this.reflex.see(sight, this.nowMs);
    if (isFresh) this.freshMs = this.nowMs;
    return isFresh;
  }

  /** A face at a fixed place in the room, seen 15 times a second for `ms`. */
  watch(panDeg: number, nodDeg: number, ms: number): void {
    for (let frame = 0; frame * 66 < ms; frame++) {
      const pose = this.motion.pose();
      const x = 120 - Math.round((panDeg - pose.pan) / 0.25);
      const y = 120 + Math.round((nodDeg - pose.nod) / 0.1875);
      this.face({ x: Math.min(240, Math.max(0, x)), y: Math.min(240, Math.max(0, y)), ageMs: 0 });
      this.run(66);
    }
  }
}

test("O-10, O-11: a face to the right or below turns the head toward it, in both axes", () => {
  const right = new Rig();
  right.face({ x: 180 });
  right.run(500);
  assert.ok(right.motion.pan.pos < 90 - 10, "x > 120 is to the robot's right: base falls");
  const left = new Rig();
  left.face({ x: 60 });
  left.run(500);
  assert.ok(left.motion.pan.pos > 90 + 10);
  const below = new Rig();
  below.face({ y: 180 });
  below.run(500);
  assert.ok(below.motion.nod.pos > 115 + 8, "y > 120 is below: nod grows");
  const above = new Rig();
  above.face({ y: 60 });
  above.run(500);
  assert.ok(above.motion.nod.pos < 115 - 8);
});

test("O-9: a response of one degree is the same toward either side", () => {
  const reach = (x: number): number => {
    const rig = new Rig();
    for (let frame = 0; frame < 10; frame++) {
      const x0 = x - Math.round((90 - rig.motion.pan.pos) / 0.25);
      rig.face({ x: x0 });
      rig.run(60);
    }
    return rig.motion.pan.pos - 90;
  };
  assert.ok(Math.abs(reach(124) + reach(116)) < 0.1, `${reach(124)} against ${reach(116)}`);
  assert.ok(Math.abs(reach(116)) > 0.3 && Math.abs(reach(116)) < 1.2);
});

test("reflex: LOST, ACQUIRE with the first face, TRACK with the second near the centre", () => {
  const rig = new Rig();
  assert.equal(rig.reflex.reflexState(), "lost");
  assert.equal(rig.hasWish, false, "no wish without a face");
  rig.face({ x: 200 });
  assert.equal(rig.reflex.reflexState(), "acquire");
  rig.run(40);
  rig.face({ x: 190 });
  assert.equal(rig.reflex.reflexState(), "acquire", "still 70 pixels off");
  rig.face({ x: 130 });
  assert.equal(rig.reflex.reflexState(), "track");
});

test("reflex: one weak face does not wake it, a second one does", () => {
  const rig = new Rig();
  rig.face({ x: 200, conf: 20 });
  assert.equal(rig.reflex.isOnFace(), false);
  rig.run(66);
  rig.face({ x: 200, conf: 20 });
  assert.equal(rig.reflex.isOnFace(), true);
});

test("D4, A6: silence holds at 0.6 s, returns at 1.5 s, ends at 2.0 s, and nothing jumps", () => {
  const rig = new Rig();
  rig.watch(120, 105, 1000);
  const silentFrom = rig.freshMs;
  const held = rig.motion.pan.pos;
  assert.ok(Math.abs(held - 120) < 1, `on the face: ${held}`);
  let last = held;
  let lastSpeed = 0;
  while (rig.nowMs - silentFrom < 4000) {
    rig.tick();
    const silentMs = rig.nowMs - silentFrom;
    const speed = rig.motion.pan.vel;
    assert.ok(Math.abs(rig.motion.pan.pos - last) < 2, "a leap in position");
    assert.ok(Math.abs(speed - lastSpeed) <= 14.1, "a leap in speed");
    if (silentMs < 1500) assert.ok(Math.abs(rig.motion.pan.pos - held) < 0.6, `at ${silentMs}`);
    assert.equal(rig.reflex.isOnFace(), silentMs < 2000, `tracking at ${silentMs} ms`);
    last = rig.motion.pan.pos;
    lastSpeed = speed;
  }
  assert.ok(Math.abs(last - 90) < 0.1, "back at the centre");
  assert.equal(rig.reflex.counts.lostSilence, 1);
  assert.equal(rig.reflex.takeEnd(), "silence");
  assert.equal(rig.reflex.takeEnd(), "");
});

test("D4: a head caught in mid turn by silence stops within the hold and stays there", () => {
  const rig = new Rig();
  for (let frame = 0; frame < 3; frame++) {
    rig.face({ x: 0 });
    rig.run(40);
  }
  rig.run(600 - 40);
  const held = rig.motion.pan.pos;
  rig.run(700);
  assert.ok(Math.abs(rig.motion.pan.pos - held) < 0.5);
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
  const rig = new Rig();
  rig.watch(100, 115, 1000);
  for (let frame = 0; frame < 15 * 15; frame++) {
    rig.face({ x: 120, y: 120 });
    rig.run(66);
    assert.equal(rig.reflex.reflexState(), "track");
  }
});

test("O-12: NO_FACE ends tracking at once and smoothly; the head waits, then goes back", () => {
  const rig = new Rig();
  rig.watch(110, 115, 1000);
  rig.reflex.lose(rig);
  assert.equal(rig.reflex.isOnFace(), false);
  assert.equal(rig.reflex.takeEnd(), "no_face");
  rig.run(1000);
  assert.ok(Math.abs(rig.motion.pan.pos - 110) < 1, "waits for the face to come back");
  rig.run(3000);
  assert.ok(Math.abs(rig.motion.pan.pos - 90) < 0.1);
  rig.reflex.lose(rig);
  assert.equal(rig.reflex.counts.lostNoFace, 1, "a second NO_FACE means nothing");
  assert.equal(rig.reflex.counts.lostSilence, 0);
});

test("reflex: gives its hold up when somebody else moves the head, but not a face it tracks", () => {
  const rig = new Rig();
  rig.watch(110, 115, 500);
  rig.reflex.letGo();
  assert.equal(rig.reflex.isOnFace(), true);
  rig.reflex.lose(rig);
  rig.reflex.letGo();
  rig.tick();
  assert.equal(rig.hasWish, false);
});

test("A12: a face that waited or was taken too long ago is refused and counted, and is no sign of life", () => {
  const rig = new Rig();
  assert.equal(rig.face({ waitMs: FACE_WAIT_MS_MAX }), true);
  assert.equal(rig.face({ waitMs: FACE_WAIT_MS_MAX + 1 }), false);
  assert.equal(rig.face({ ageMs: FACE_AGE_MS_MAX, waitMs: 1 }), false);
  assert.equal(rig.face({ ageMs: FACE_AGE_MS_MAX, waitMs: 0 }), true);
  assert.equal(rig.reflex.counts.stale, 2);
  for (let frame = 0; frame < 40; frame++) {
    rig.run(60);
    rig.face({ x: 240, ageMs: 400 });
  }
  assert.equal(rig.reflex.isOnFace(), false, "old faces do not keep tracking alive");
});

test("A12: tells the sequence number and the age of the face behind the gaze", () => {
  const rig = new Rig();
  assert.equal(rig.reflex.ageOfFaceMs(rig.nowMs), -1);
  rig.face({ seq: 77, ageMs: 40, waitMs: 5 });
  assert.equal(rig.reflex.lastSeq, 77);
  assert.equal(rig.reflex.ageOfFaceMs(rig.nowMs), 45);
  rig.run(100);
  assert.equal(rig.reflex.ageOfFaceMs(rig.nowMs), 145);
});

test("reflex: sets out for a face far away at once, turns back if the next picture does not show it", () => {
  const rig = new Rig();
  rig.watch(90, 115, 1000);
  rig.face({ x: 220 });
  rig.tick();
  rig.tick();
  assert.ok(rig.motion.pan.pos < 90 - 0.1, "no time is lost");
  rig.run(26);
  rig.face({ x: 120 });
  let least = 90;
  for (let tick = 0; tick < 30; tick++) {
    rig.tick();
    least = Math.min(least, rig.motion.pan.pos);
  }
  assert.ok(least > 90 - 3, `turned to ${least} for a mistake`);
  assert.ok(Math.abs(rig.motion.pan.pos - 90) < 0.6, `back at ${rig.motion.pan.pos}`);
  assert.equal(rig.reflex.outlierCount(), 1);
});

test("reflex: a second picture makes the face far away the one to follow", () => {
  const rig = new Rig();
  rig.watch(90, 115, 1000);
  rig.face({ x: 220 });
  rig.run(66);
  rig.face({ x: 220 });
  rig.run(400);
  assert.ok(rig.motion.pan.pos < 90 - 15, `at ${rig.motion.pan.pos}`);
});

test("reflex: two faces seen in turn do not make the head swing between them", () => {
  const rig = new Rig();
  rig.watch(90, 115, 1000);
  let least = 90;
  for (let frame = 0; frame < 60; frame++) {
    rig.face({ x: frame % 2 === 0 ? 220 : 120 });
    rig.run(33);
    least = Math.min(least, rig.motion.pan.pos);
  }
  assert.ok(least > 90 - 3, `swung to ${least}`);
});

test("reflex: RESET_PID forgets the face and moves nothing; the next face is followed", () => {
  const rig = new Rig();
  rig.watch(110, 115, 1000);
  const before = rig.motion.pan.pos;
  rig.reflex.reset();
  assert.equal(rig.reflex.errorPx(), 0);
  rig.run(200);
  assert.ok(Math.abs(rig.motion.pan.pos - before) < 0.6);
  rig.watch(100, 115, 1000);
  assert.ok(Math.abs(rig.motion.pan.pos - 100) < 1);
});

test("reflex: a face beyond the head's reach is followed to the limit and no further", () => {
  const rig = new Rig({ ...centrePose(), pan: 165 });
  for (let frame = 0; frame < 30; frame++) {
    rig.face({ x: 0 });
    rig.run(66);
  }
  assert.ok(rig.motion.pan.pos > 169 && rig.motion.pan.pos <= 170);
});
