/**
 * Learning goes both ways, stays within its bounds, reaches the choice of behaviours, and survives a restart. O-17.
 */
import assert from "node:assert/strict";
import { test } from "node:test";
import { choose, switchTo } from "../../../../devs/character/behaviour.js";
import { comfortOf, driftTraits, endRun, outcomeOf } from "../../../../devs/character/learning.js";
import { Act, Reason, Trait } from "../../../../devs/character/names.js";
import { decodeState, encodeState, newState } from "../../../../src/wire/state.js";
import { WEIGHT_MAX, WEIGHT_MIN } from "../../../../src/wire/state.js";
import { live } from "../../../day/world.js";
import { DAYS } from "../../../day/days.js";
import { calmInputs, Subject } from "../../../support/character.js";

/** Ends a run of `act` that brought this much relief and pleasure. */
function run(subject: Subject, act: Act, relief: number, pleasure: number): void {
  const { mind } = subject;
  switchTo(mind, act, Reason.TURN, 0);
  mind.begunComfort = comfortOf(mind) - relief;
  mind.begunValence = mind.valence - pleasure;
  endRun(mind);
}

test("O-17: an outcome can be good and bad", () => {
  const subject = new Subject();
  const { mind } = subject;
  for (let act = 0; act < 8; act++) {
    mind.act = act;
    mind.begunValence = mind.valence;
    const set = (relief: number) => {
      mind.begunComfort = comfortOf(mind) - relief;
      return outcomeOf(mind);
    };
    assert.ok(set(0.6) > 0.5, `act ${act} that helped`);
    assert.ok(set(0) < 0.5, `act ${act} that brought nothing`);
    assert.ok(set(-0.6) >= 0 && set(5) <= 1);
  }
});

test("O-17: weights rise and fall, and stay within .3 and 1.7 for ever", () => {
  const good = new Subject();
  const bad = new Subject();
  for (let i = 0; i < 2000; i++) {
    run(good, Act.EXPLORE, 1, 1);
    run(bad, Act.EXPLORE, -1, -1);
  }
  assert.ok(good.saved.weights[Act.EXPLORE]! > 1.4);
  assert.ok(bad.saved.weights[Act.EXPLORE]! < 0.6);
  for (const { saved } of [good, bad]) {
    for (const weight of saved.weights) assert.ok(weight >= WEIGHT_MIN && weight <= WEIGHT_MAX);
  }
  for (let i = 0; i < 200; i++) run(good, Act.EXPLORE, -1, -1);
  assert.ok(good.saved.weights[Act.EXPLORE]! < 0.7, "and it can be unlearned");
});

test("O-17: what it learned changes what it chooses, in the same situation with the same dice", () => {
  const chosen = [WEIGHT_MIN, WEIGHT_MAX].map((weight) => {
    const saved = newState();
    saved.weights[Act.EXPLORE] = weight;
    const subject = new Subject(1, saved);
    const { mind } = subject;
    mind.stimulation = 0.9;
    mind.nowMs = 60_000;
    mind.actSinceMs = 0;
    choose(mind, calmInputs(), 0.5);
    return mind.behavior;
  });
  assert.deepEqual(chosen, ["IDLE", "EXPLORE"]);
});

test("O-17: what it learned survives a restart", () => {
  const subject = new Subject();
  for (let i = 0; i < 50; i++) run(subject, Act.PLAY, 0.8, 0.4);
  const { state } = decodeState(encodeState(subject.saved));
  const again = new Subject(1, state);
  assert.ok(Math.abs(again.mind.weights[Act.PLAY]! - subject.mind.weights[Act.PLAY]!) < 1e-4);
  assert.ok(again.mind.weights[Act.PLAY]! > 1.2);
  assert.equal(subject.mind.isChanged, true);
});

test("O-17: traits follow experience both ways over days and stay near what it was born with", () => {
  const play = (weight: number) => {
    const { mind, saved } = new Subject();
    saved.weights[Act.PLAY] = weight;
    for (let i = 0; i < 2 * 60 * 24 * 30; i++) driftTraits(mind);
    return saved.traits[Trait.PLAYFULNESS]!;
  };
  assert.ok(play(1.7) > 0.7 && play(1.7) <= 0.8);
  assert.ok(play(0.3) < 0.5 && play(0.3) >= 0.2);
  assert.ok(Math.abs(play(1) - 0.6) < 0.001);
});

test("O-17: a lonely life and a sociable one make different robots", () => {
  const alone = live(DAYS.alone!, 8, 3).saved.weights;
  const busy = live(DAYS.busy!, 8, 3).saved.weights;
  assert.ok(
    busy[Act.SOCIAL]! > alone[Act.SOCIAL]! + 0.05,
    `${busy[Act.SOCIAL]} ${alone[Act.SOCIAL]}`,
  );
});

test("comfort rises with what each behaviour is for", () => {
  const { mind } = new Subject();
  const rows: [Act, () => void][] = [
    [Act.IDLE, () => (mind.energy += 0.1)],
    [Act.EXPLORE, () => (mind.stimulation -= 0.1)],
    [Act.INVESTIGATE, () => (mind.novelty -= 0.1)],
    [Act.SOCIAL, () => (mind.social -= 0.1)],
    [Act.RETREAT, () => (mind.safety += 0.1)],
    [Act.REST, () => (mind.energy += 0.1)],
    [Act.PLAY, () => (mind.stimulation -= 0.1)],
    [Act.VIGILANT, () => (mind.safety += 0.1)],
  ];
  for (const [act, help] of rows) {
    mind.act = act;
    const before = comfortOf(mind);
    help();
    assert.ok(comfortOf(mind) > before, `act ${act}`);
  }
});
