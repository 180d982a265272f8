/**
 * The engine as a whole: it always thinks, only its movements yield; phases run to their end; everything has a
 * cause; the same inputs give the same robot. O-15, O-16.
 */
import assert from "node:assert/strict";
import { test } from "node:test";
import { stepActs } from "../../../../devs/character/acts.js";
import { Act } from "../../../../devs/character/names.js";
import { senseScene, startle } from "../../../../devs/character/senses.js";
import { addNovelty } from "../../../../devs/character/space.js";
import { IDLE_MOTION_OFF, newState } from "../../../../src/wire/state.js";
import { CALM_SCENE, Subject } from "../../../support/character.js";

test("O-15: while a face is tracked it goes on thinking, and asks for nothing that would move the gaze", () => {
  const subject = new Subject();
  subject.motions.length = 0;
  subject.inputs.hasFace = true;
  subject.inputs.isTracking = true;
  const before = { social: subject.mind.social, energy: subject.mind.energy };
  subject.live(600, 200);
  assert.ok(subject.mind.social < before.social, "needs move");
  assert.notEqual(subject.mind.energy, before.energy);
  assert.ok(
    subject.causes().some((c) => c.startsWith("chose")),
    "it chooses",
  );
  const moving = subject.motions.filter((m) => !/^(express_|acknowledge$)/.test(m.name));
  assert.deepEqual(moving, []);
  assert.ok(subject.motions.length > 10, "small signs of life over the gaze");
});

test("O-15: the greeting comes although the face is tracked from its first moment", () => {
  const subject = new Subject();
  subject.live(5);
  subject.inputs.hasFace = true;
  subject.inputs.isTracking = true;
  subject.live(1);
  assert.equal(subject.mind.speechTrigger, "face_appeared");
  assert.equal(subject.mind.wantsToSpeak, true);
});

test("while somebody's gesture or loop runs it asks for nothing at all", () => {
  const subject = new Subject();
  subject.motions.length = 0;
  subject.inputs.isAnimating = true;
  subject.live(900, 200);
  assert.deepEqual(subject.motions, []);
  assert.ok(subject.causes().some((c) => c.startsWith("chose")));
});

test("what somebody asked for is left alone: looks yield while it is held", () => {
  const subject = new Subject();
  subject.motions.length = 0;
  subject.inputs.isHeld = true;
  subject.live(600, 200);
  assert.deepEqual(subject.motions, []);
});

test("O-16: INVESTIGATE orients, holds, waits and goes on to the next; its phases run without a change", () => {
  const subject = new Subject();
  const { mind } = subject;
  mind.binNovelty[6] = 1;
  mind.binNovelty[1] = 0.9;
  mind.act = Act.INVESTIGATE;
  mind.behavior = "INVESTIGATE";
  mind.actSinceMs = 0;
  mind.actDueMs = 0;
  mind.actMoves = 0;
  subject.motions.length = 0;
  subject.live(0.2);
  const first = subject.motions[0];
  assert.ok(first?.name === "look" && first.a === 140, JSON.stringify(first));
  subject.live(3);
  assert.ok(subject.motions.some((m) => m.name === "physical_curious_tilt"));
  const novelty = mind.novelty;
  subject.live(8.2);
  assert.ok(mind.binNovelty[6]! < 0.1, "looked at, it is not new any more");
  assert.ok(mind.novelty < novelty, "and the hunger is less");
});

test("O-16: INVESTIGATE looks into up to three things in one run, each through all its phases", () => {
  const { mind, inputs, motions } = new Subject();
  motions.length = 0;
  mind.act = Act.INVESTIGATE;
  mind.actMoves = 0;
  mind.actDueMs = 0;
  mind.motion = "";
  for (mind.nowMs = 100; mind.nowMs < 60_000 && !mind.actIsDone; mind.nowMs += 100) {
    // All bins stay new, but the one it has dealt with.
    for (const bin of [6, 1, 0])
      if (mind.binNovelty[bin] === 0) addNovelty(mind, bin, 0.6 + bin / 20);
    stepActs(mind, inputs, () => 0.5);
    if (mind.motion === "") continue;
    motions.push({ name: mind.motion, a: mind.motionA, b: mind.motionB });
    mind.motion = "";
  }
  const looks = motions.filter((m) => m.name === "look").map((m) => m.a);
  assert.deepEqual(looks, [140, 40, 20]);
  assert.equal(motions.filter((m) => m.name === "physical_curious_tilt").length, 3);
  assert.equal(mind.actIsDone, true);
});

test("O-16: a description ends the wait of INVESTIGATE at once", () => {
  const subject = new Subject();
  const { mind } = subject;
  mind.binNovelty[6] = 1;
  mind.act = Act.INVESTIGATE;
  mind.actMoves = 0;
  mind.actDueMs = 0;
  subject.live(3.3);
  assert.equal(mind.actMoves, 2);
  senseScene(mind, { ...CALM_SCENE, form: "long", change: "investigation_result" });
  subject.live(0.3);
  assert.ok(mind.actIsDone || mind.actMoves >= 3);
  assert.ok(subject.causes().includes("felt different: the scene was described"));
});

test("O-16: IDLE goes on moving while it lasts", () => {
  const subject = new Subject();
  subject.mind.stimulation = 0;
  subject.mind.social = 0;
  subject.mind.novelty = 0;
  subject.live(55, 100);
  const idle = subject.causes().filter((c) => c === "looked: its thoughts wander");
  assert.ok(idle.length >= 1, subject.causes().join("\n"));
});

test("a fright makes it recoil at once, recover, and feel it", () => {
  const subject = new Subject();
  subject.live(7);
  const { safety, valence } = subject.mind;
  startle(subject.mind, 0.9);
  subject.live(0.2);
  assert.equal(subject.mind.behavior, "RETREAT");
  assert.ok(subject.motions.some((m) => m.name === "physical_startled"));
  subject.live(2);
  assert.ok(subject.mind.safety < safety && subject.mind.valence < valence);
  const frightened = subject.mind.safety;
  subject.live(20);
  assert.notEqual(subject.mind.behavior, "RETREAT");
  assert.ok(subject.mind.safety > frightened);
});

test("A2: the companion goes: it shows it after 30 s, rests after 300 s, and greets it when it is back", () => {
  const subject = new Subject();
  subject.motions.length = 0;
  subject.inputs.companion = "alone";
  subject.live(9);
  assert.ok(subject.motions.some((m) => m.name === "look" && m.a === 55));
  assert.ok(subject.motions.some((m) => m.name === "look" && m.a === 125));
  assert.ok(subject.motions.some((m) => m.name === "physical_sigh"));
  subject.inputs.companion = "resting";
  subject.live(120, 200);
  assert.equal(subject.mind.behavior, "REST");
  subject.motions.length = 0;
  subject.inputs.companion = "here";
  subject.live(0.3);
  assert.deepEqual(subject.motions[0], { name: "acknowledge", a: 1, b: 0 });
  assert.ok(subject.causes().includes("companion: the companion is back"));
});

test("every choice and every movement has a cause, and the last 20 can be asked for", () => {
  const subject = new Subject(3);
  let motions = 0;
  for (let i = 0; i < 3000; i++) {
    const behaviour = subject.mind.behavior;
    subject.live(0.2, 200);
    if (subject.motions.length > motions) {
      motions = subject.motions.length;
      assert.match(subject.causes()[0]!, /looked|took a posture|made a gesture/);
    }
    if (subject.mind.behavior !== behaviour) {
      assert.ok(
        subject
          .causes()
          .slice(0, 3)
          .some((c) => c.startsWith(`chose ${subject.mind.behavior}: `)),
      );
    }
  }
  assert.equal(subject.causes().length, 20);
  assert.equal(JSON.parse(subject.mind.causes.json(3, subject.nowMs)).length, 3);
  assert.equal(new Subject().mind.causes.json(0, 0), "[]");
});

test("the same inputs, time and chance give the same robot", () => {
  const [a, b] = [new Subject(9).live(1800, 200), new Subject(9).live(1800, 200)];
  assert.deepEqual(a.motions, b.motions);
  assert.deepEqual(a.saved, b.saved);
  assert.deepEqual(a.causes(), b.causes());
  assert.notDeepEqual(new Subject(10).live(1800, 200).motions, a.motions);
});

test("a machine that stalls for minutes does not shake it", () => {
  const subject = new Subject();
  subject.live(10);
  subject.nowMs += 600_000;
  subject.step();
  subject.live(1);
  for (const value of [subject.mind.arousal, subject.mind.social, subject.mind.energy]) {
    assert.ok(value >= 0 && value <= 1);
  }
});

test("it starts the same whatever the uptime was", () => {
  const late = new Subject(4, newState(), 5e9).live(1200, 200);
  const early = new Subject(4).live(1200, 200);
  assert.deepEqual(late.motions.slice(0, 40), early.motions.slice(0, 40));
});

test("the owner's switch: it moves no more by itself, and goes on feeling and choosing", () => {
  const subject = new Subject(3);
  subject.saved.flags |= IDLE_MOTION_OFF;
  subject.motions.length = 0;
  const { social } = subject.mind;
  subject.live(900, 200);
  assert.deepEqual(subject.motions, []);
  assert.ok(subject.mind.social > social);
  assert.ok(subject.causes().some((c) => c.startsWith("chose")));
});
