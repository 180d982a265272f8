/**
 * Needs: measured time, one polarity, rates per second and not per message.
 * O-14 (a) wrong dt, (b) two polarities; O-29 a face counted per frame.
 */
import assert from "node:assert/strict";
import { test } from "node:test";
import { feed, driftNeeds, imbalance, SAFETY_MIN } from "../../../../devs/character/needs.js";
import { sensePresence, senseSpoken, startle } from "../../../../devs/character/senses.js";
import { NEVER_MS } from "../../../../devs/character/mind.js";
import { calmInputs, Subject } from "../../../support/character.js";

const near = (actual: number, expected: number, by: number) =>
  assert.ok(Math.abs(actual - expected) <= by, `${actual} is not ${expected} ± ${by}`);

test("O-14a: a drift depends on the time that passed, not on how often it was computed", () => {
  const ends = [60, 1, 0.1].map((dtS) => {
    const { mind } = new Subject();
    for (let t = 0; t < 600 / dtS; t++) driftNeeds(mind, calmInputs(), dtS);
    return [mind.social, mind.stimulation, mind.energy];
  });
  for (const end of ends.slice(1)) {
    for (const [i, value] of end.entries()) near(value, ends[0]![i]!, 1e-6);
  }
});

test("O-14a: ten minutes alone make it lonely and bored as the table says", () => {
  const { mind } = new Subject();
  const inputs = calmInputs();
  for (let t = 0; t < 600; t++) driftNeeds(mind, inputs, 1);
  near(mind.social, 1 - 0.3 * Math.exp(-0.00167 * 0.55 * 600), 0.001);
  near(mind.stimulation, 1 - 0.4 * Math.exp(-0.0025 * 0.75 * 600), 0.001);
});

test("O-14b: hunger rises alone and falls with company, SATISFY and PRESENCE; levels are levels", () => {
  const { mind } = new Subject();
  const before = { social: mind.social, stimulation: mind.stimulation, novelty: mind.novelty };
  driftNeeds(mind, calmInputs(), 60);
  assert.ok(mind.social > before.social && mind.stimulation > before.stimulation);
  assert.ok(mind.novelty > before.novelty);
  const alone = mind.social;
  driftNeeds(mind, { ...calmInputs(), hasFace: true }, 10);
  assert.ok(mind.social < alone);
  const social = mind.social;
  near(feed(mind, "social", 0.15), social - 0.27, 1e-9);
  const stimulation = mind.stimulation;
  near(feed(mind, "stimulation", 0.1), stimulation - 0.18, 1e-9);
  const novelty = mind.novelty;
  near(feed(mind, "novelty", 0.1), novelty - 0.18, 1e-9);
  const safety = mind.safety;
  const hungry = mind.social;
  sensePresence(mind);
  near(mind.social, hungry - 0.15, 1e-9);
  near(mind.safety, safety + 0.12, 1e-9);
  const asked = mind.stimulation;
  senseSpoken(mind);
  near(mind.stimulation, asked - 0.18, 1e-9);
});

test("O-29: a face satisfies by the second, at 30 and at 5 steps a second alike, and not at once", () => {
  const ends = [33, 200].map((stepMs) => {
    const subject = new Subject();
    subject.inputs.hasFace = true;
    subject.inputs.isTracking = true;
    subject.mind.act = 0;
    return subject.live(20, stepMs).mind.social;
  });
  near(ends[0]!, ends[1]!, 0.06);
  const quick = new Subject();
  quick.inputs.hasFace = true;
  quick.live(1, 33);
  assert.ok(quick.mind.social > 0.6, `after a second of company: ${quick.mind.social}`);
  assert.ok(ends[0]! < 0.65 && ends[0]! > 0.3, `after twenty seconds: ${ends[0]}`);
});

test("exploring and playing do not empty it in a minute; rest fills it in minutes", () => {
  for (const act of [1, 6]) {
    const { mind } = new Subject();
    mind.act = act;
    for (let t = 0; t < 100; t++) driftNeeds(mind, calmInputs(), 1);
    assert.ok(mind.energy > 0.6, `act ${act}: ${mind.energy}`);
  }
  const { mind } = new Subject();
  mind.energy = 0.25;
  mind.act = 5;
  for (let t = 0; t < 300; t++) driftNeeds(mind, calmInputs(), 1);
  assert.ok(mind.energy > 0.7, `${mind.energy}`);
});

test("nothing leaves its range, whatever it is fed or frightened with", () => {
  const { mind } = new Subject();
  for (const amount of [NaN, Infinity, -Infinity, 1e9, -1]) {
    feed(mind, "social", amount);
    feed(mind, "stimulation", amount);
    feed(mind, "novelty", amount);
    startle(mind, amount);
    driftNeeds(mind, calmInputs(), 1e9);
  }
  for (const value of [mind.social, mind.stimulation, mind.novelty, mind.energy]) {
    assert.ok(value >= 0 && value <= 1, `${value}`);
  }
  assert.ok(mind.safety >= SAFETY_MIN && mind.safety <= 1);
});

test("discomfort is zero when all is well and grows with each need", () => {
  const { mind } = new Subject();
  mind.social = 0.1;
  mind.stimulation = 0.2;
  mind.energy = 0.9;
  mind.safety = 0.9;
  assert.equal(imbalance(mind), 0);
  mind.social = 1;
  assert.ok(imbalance(mind) > 0.1);
});

test("it feels less safe the longer it is alone, and does not count from the beginning of time", () => {
  const subject = new Subject();
  assert.equal(subject.mind.faceSeenMs, NEVER_MS);
  subject.live(30, 1000);
  assert.ok(subject.mind.safety > 0.7);
  subject.live(3 * 3600, 1000);
  assert.ok(subject.mind.safety < 0.74 && subject.mind.safety > 0.4, `${subject.mind.safety}`);
});
