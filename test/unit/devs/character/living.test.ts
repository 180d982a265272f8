/**
 * The character with the real body: it moves the head by itself, yields to faces and commands, and QUERY shows its
 * live values in the wire's polarity.
 */
import assert from "node:assert/strict";
import { test } from "node:test";
import { Body } from "../../../../devs/body/body.js";
import { queryReply } from "../../../../devs/command/query.js";
import { LivingMind } from "../../../../devs/character/living.js";
import { IDLE_MOTION_OFF, newState } from "../../../../src/wire/state.js";
import { parseVision } from "../../../../src/wire/vision.js";
import { FakeRobot } from "../../../support/fake-robot.js";
import { seededChance } from "../../../../src/time/chance.js";
import type { Face } from "../../../../src/wire/face-frame.js";

class Robot {
  readonly saved = newState();
  readonly mind: LivingMind;
  readonly body = new Body(50, () => 0.5);
  nowMs = 0;
  pans: number[] = [];
  nods: number[] = [];

  constructor(seed: number) {
    const chance = seededChance(seed);
    this.mind = new LivingMind(this.saved, () => chance.next(), 0, this.body.ambient);
  }

  run(seconds: number, each?: () => void): this {
    for (const endMs = this.nowMs + seconds * 1000; this.nowMs < endMs;) {
      this.nowMs += 20;
      this.mind.breathe(this.nowMs, true);
      this.body.step(this.nowMs);
      const pose = this.body.pose();
      this.pans.push(pose.pan);
      this.nods.push(pose.nod);
      if (this.nowMs % 200 !== 0) continue;
      each?.();
      this.mind.live(this.body.sense(), "here", this.nowMs);
      this.mind.moveBody(this.body);
    }
    return this;
  }
}

function face(x: number, seq: number): Face {
  return { x, y: 120, w: 60, h: 60, conf: 90, seq, ageMs: 30, waitMs: 0 };
}

test("left alone, it moves: the head goes places by itself and never stands still for long", () => {
  const robot = new Robot(2).run(600);
  assert.ok(Math.max(...robot.pans) - Math.min(...robot.pans) > 40, "it looked around");
  for (let from = 500; from + 500 < robot.nods.length; from += 500) {
    const nods = robot.nods.slice(from, from + 500);
    assert.ok(Math.max(...nods) - Math.min(...nods) > 0.8, `still at ${from / 50} s`);
  }
  assert.match(robot.mind.causesJson(1), /^\[\[\d+,".+",".+",\d\.\d\d,\d+\]\]$/);
});

test("A2, O-18: after an hour of it the base the body reports is where it was asked to be", () => {
  const robot = new Robot(3).run(900);
  robot.saved.flags |= IDLE_MOTION_OFF;
  robot.mind.yieldTo(robot.nowMs);
  robot.body.look(90, 115);
  robot.run(5);
  const pose = robot.body.status().pose;
  assert.ok(Math.abs(pose.pan - 90) < 0.2 && Math.abs(pose.nod - 115) < 0.2, JSON.stringify(pose));
});

test("what somebody asked for stays for a while, and the robot breathes meanwhile", () => {
  const robot = new Robot(4).run(30);
  robot.mind.yieldTo(robot.nowMs);
  robot.body.look(140, 100);
  robot.run(2);
  robot.pans = [];
  robot.nods = [];
  robot.run(12);
  for (const pan of robot.pans) assert.ok(Math.abs(pan - 140) < 15, `${pan}`);
  assert.ok(Math.max(...robot.nods) - Math.min(...robot.nods) > 1);
});

test("O-15: a face that is tracked keeps the gaze, the mind goes on and is content with it", () => {
  const robot = new Robot(5).run(5);
  const social = robot.mind.mind.social;
  let seq = 0;
  const base = 115;
  const seePerson = () => {
    const pan = robot.body.status().pose.pan;
    const message = face(120 + (pan - base) / 0.25, ++seq);
    robot.body.followFace(message, robot.nowMs);
    robot.mind.feelFace(message, pan, robot.nowMs);
  };
  robot.run(3, seePerson);
  robot.pans = [];
  robot.run(30, seePerson);
  for (const pan of robot.pans) assert.ok(Math.abs(pan - base) < 10, `gaze at ${pan}`);
  assert.ok(robot.mind.mind.social < social - 0.1);
  assert.ok(
    robot.mind.mind.presence.some((p) => p > 0.1),
    "it remembers where people are",
  );
  assert.ok(
    robot.mind.mind.meanCm.some((cm) => cm > 30 && cm < 60),
    "and how far",
  );
});

test("a face it is not sure of moves no heart", () => {
  const robot = new Robot(5);
  robot.mind.feelFace({ ...face(120, 1), conf: 29 }, 90, 0);
  robot.run(1);
  assert.equal(robot.mind.mind.hadFace, false);
});

test("vision is felt and its age shown", () => {
  const robot = new Robot(6).run(3);
  assert.equal(robot.mind.mind.visionAge, 9999);
  const report = parseVision(
    '{"faces":0,"expr":"None","obj":"cup","change":"new_object","novelty":0.6,"interest":4,"idir":1}',
  );
  robot.mind.seeScene(report!, robot.nowMs);
  robot.run(3.2);
  assert.equal(robot.mind.mind.visionAge, 3);
  assert.equal(robot.mind.mind.hasVisionTarget, true);
  robot.run(12);
  assert.equal(robot.mind.mind.hasVisionTarget, robot.mind.mind.behavior === "INVESTIGATE");
});

test("QUERY shows the live mind: hunger falls with SATISFY, words are the host's words", () => {
  const robot = new Robot(7).run(120);
  const view = new FakeRobot();
  const before = JSON.parse(queryReply(view, robot.mind.mind, 0));
  assert.ok(
    before.social > 0.7,
    "alone for two minutes it is hungrier for company than at the start",
  );
  const level = robot.mind.feedNeed("social", 0.15);
  const after = JSON.parse(queryReply(view, robot.mind.mind, 0));
  assert.ok(Math.abs(after.social - (before.social - 0.27)) < 0.02);
  assert.ok(Math.abs(after.social - level) < 0.01);
  assert.match(
    after.emotion,
    /^(NEUTRAL|EXCITED|CURIOUS|CONTENT|ANXIOUS|STARTLED|BORED|CONFUSED)$/,
  );
  assert.match(
    after.behavior,
    /^(IDLE|EXPLORE|INVESTIGATE|SOCIAL_ENGAGE|RETREAT|REST|PLAY|VIGILANT)$/,
  );
  assert.match(after.epistemic, /^(confident|uncertain|confused|learning|conflicted|wondering)$/);
  robot.mind.feelPresence();
  robot.mind.spoke();
  assert.equal(robot.mind.mind.speechUrge, 0);
});
