/**
 * Hands on a head that follows a face: HOLD keeps it still, and the owner's movements come before the face, which waits
 * until they are done and for 2 s more.
 */
import assert from "node:assert/strict";
import { test } from "node:test";
import { SteppedBody } from "./stepped-body.js";

test("HOLD: the head stays where it is, before a face too, until it is let go", () => {
  const stepped = new SteppedBody();
  stepped.body.move("look", 140, 100);
  stepped.run(2500);
  stepped.body.move("hold", 5, 0);
  for (let i = 0; i < 150; i++) {
    stepped.face(200, 120);
    stepped.run(20);
  }
  stepped.assertPose(140, 100, 85, "held");
  assert.equal(stepped.body.isFollowing(), false);
  stepped.body.move("hold", 0, 0);
  for (let i = 0; i < 50; i++) {
    stepped.face(200, 120);
    stepped.run(20);
  }
  assert.ok(stepped.body.isFollowing(), "let go, it follows");
  stepped.body.move("hold", 1, 0);
  stepped.run(1500);
  assert.equal(stepped.body.isHolding(), false, "and it ends by itself");
});

test("HOLD: a head that follows a face stops there and does not go back to the centre", () => {
  const stepped = new SteppedBody();
  stepped.track(120, 110, 1500);
  stepped.body.move("hold", 10, 0);
  stepped.run(500);
  const { pan, nod } = stepped.pose;
  assert.ok(Math.abs(pan - 120) < 2 && Math.abs(nod - 110) < 2, `stopped at ${pan}, ${nod}`);
  // The companion ends its loop, or the gaze starts afresh: neither moves.
  stepped.body.move("none", 0, 0);
  stepped.body.move("reset", 0, 0);
  stepped.track(120, 110, 5000, (pose) => {
    assert.ok(Math.abs(pose.pan - pan) < 0.1 && Math.abs(pose.nod - nod) < 0.1);
  });
  assert.equal(stepped.body.isFollowing(), false, "others may move it");
  stepped.body.move("idle", 0, 0);
  stepped.track(60, 110, 1500);
  assert.ok(Math.abs(stepped.pose.pan - 60) < 2, "a verb that moves lets go");
});

/** Keeps a face beside the head until it is followed again; how long that took, ms. */
function followedAgainMs(stepped: SteppedBody, msMax: number): number {
  const fromMs = stepped.nowMs;
  while (!stepped.body.reflex.isOnFace() && stepped.nowMs - fromMs < msMax) {
    const isWaiting = stepped.body.isHolding();
    assert.equal(stepped.body.isFollowing(), isWaiting, "for others it is taken all the while");
    stepped.track(90, 110, 60);
  }
  return stepped.nowMs - fromMs;
}

test("A14: the owner's look is done while a face is followed, which waits for 2 s more", () => {
  const stepped = new SteppedBody();
  stepped.track(90, 110, 1500);
  stepped.body.move("yield", 0, 0);
  stepped.body.move("look", 130, 100);
  stepped.track(90, 110, 1500);
  stepped.assertPose(130, 100, 85, "looked there");
  // What the companion's turn sends after it takes nothing back.
  stepped.body.move("none", 0, 0);
  stepped.body.move("speaking", 0, 0);
  stepped.track(90, 110, 200);
  assert.ok(Math.abs(stepped.pose.pan - 130) < 4, `still there, at ${stepped.pose.pan}`);
  stepped.body.move("none", 0, 0);
  const ms = followedAgainMs(stepped, 4000);
  assert.ok(ms > 600 && ms < 2500, `it took ${ms} ms more`);
  stepped.track(90, 110, 1500);
  assert.ok(Math.abs(stepped.pose.pan - 90) < 2, "and follows as before");
});

test("A14: the owner's nods are whole while a face is followed, however many", () => {
  const stepped = new SteppedBody();
  stepped.track(100, 110, 1500);
  stepped.body.move("yield", 0, 0);
  stepped.body.move("nod", 10, 0);
  let max = 0;
  stepped.track(100, 110, 3000, (pose) => {
    max = Math.max(max, pose.nod - 110);
    assert.ok(Math.abs(pose.pan - 100) < 2, "the head stays with the person");
  });
  assert.ok(max > 10, `nods by ${max}, not by an overlay's 8`);
  assert.ok(stepped.body.status().isAnimating, "the tenth nod is not over");
  while (stepped.body.status().isAnimating) stepped.run(20);
  const ms = followedAgainMs(stepped, 4000);
  assert.ok(ms >= 1900 && ms < 2200, `2 s after the last nod: ${ms}`);
});

test("A14: nobody followed, nothing yields; HOLD ends a yielding", () => {
  const stepped = new SteppedBody();
  stepped.body.move("yield", 0, 0);
  assert.equal(stepped.body.isFollowing(), false);
  stepped.track(100, 110, 1500);
  stepped.body.move("yield", 0, 0);
  stepped.body.move("hold", 10, 0);
  stepped.track(100, 110, 1000);
  assert.equal(stepped.body.isFollowing(), false, "others may move it");
});
