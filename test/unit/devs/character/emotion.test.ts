/** Emotion: every label can be reached by living, does not flicker, and nothing leaves its range. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { labelOf, nudge } from "../../../../devs/character/emotion.js";
import { senseScene, startle } from "../../../../devs/character/senses.js";
import { live } from "../../../day/world.js";
import { DAYS } from "../../../day/days.js";
import { CALM_SCENE, Subject } from "../../../support/character.js";

test("the table of labels", () => {
  const rows: [number, number, string][] = [
    [0.8, 0.5, "EXCITED"],
    [0.8, -0.5, "ANXIOUS"],
    [0.9, -0.5, "STARTLED"],
    [0.8, 0, "CURIOUS"],
    [0.5, 0.3, "CURIOUS"],
    [0.5, -0.3, "CONFUSED"],
    [0.5, 0, "NEUTRAL"],
    [0.3, 0.4, "CONTENT"],
    [0.3, -0.3, "BORED"],
    [0.3, 0, "NEUTRAL"],
  ];
  for (const [a, v, label] of rows) assert.equal(labelOf(a, v, 1), label, `${a} ${v}`);
  assert.equal(labelOf(0.9, -0.9, 0.05), "NEUTRAL");
});

test("in one lively day every label shows", () => {
  const shown = new Set<string>();
  for (const name of ["day", "busy", "alone"]) {
    for (const label of live(DAYS[name]!, 24, 5).emotionMs.keys()) shown.add(label);
  }
  for (const label of [
    "NEUTRAL",
    "EXCITED",
    "CURIOUS",
    "CONTENT",
    "ANXIOUS",
    "STARTLED",
    "BORED",
    "CONFUSED",
  ]) {
    assert.ok(shown.has(label), `${label} never showed; ${[...shown].join(" ")}`);
  }
});

test("a label holds for at least a second", () => {
  const subject = new Subject();
  let label = subject.mind.emotion;
  let sinceMs = 0;
  for (let i = 0; i < 600; i++) {
    nudge(subject.mind, i % 3 === 0 ? 0.6 : -0.6, i % 2 ? 0.6 : -0.6, 0);
    subject.live(0.1);
    if (subject.mind.emotion === label) continue;
    if (sinceMs > 0) assert.ok(subject.nowMs - sinceMs >= 1000);
    label = subject.mind.emotion;
    sinceMs = subject.nowMs;
  }
});

test("a smile lifts it for some seconds, at 3 and at 15 messages a second alike", () => {
  const lifted = [3, 15].map((perS) => {
    const subject = new Subject();
    subject.inputs.hasFace = true;
    subject.inputs.isTracking = true;
    subject.live(30);
    for (let i = 0; i < 5 * perS; i++) {
      senseScene(subject.mind, { ...CALM_SCENE, hasFace: true, faceCount: 1, expression: "happy" });
      subject.live(1 / perS, 1000 / perS);
    }
    return subject.mind.nudgeValence;
  });
  assert.ok(lifted[0]! > 0.2, `${lifted[0]}`);
  assert.ok(Math.abs(lifted[0]! - lifted[1]!) < 0.06, lifted.join(" "));
});

test("its own turning is nothing new, a door that opens is", () => {
  const own = new Subject();
  own.live(8);
  own.inputs.baseDeg = 60;
  own.live(0.1);
  senseScene(own.mind, { ...CALM_SCENE, novelty: 0.9, motion: 0.9 });
  assert.ok(own.mind.binNovelty.every((n) => n < 0.1) && own.mind.jolt === 0);
  const door = new Subject();
  door.live(8);
  senseScene(door.mind, { ...CALM_SCENE, novelty: 0.9, motion: 0.9 });
  assert.ok(door.mind.binNovelty.some((n) => n > 0.5) && door.mind.jolt > 0.5);
});

test("wild events never push an axis out of its range or into NaN", () => {
  const subject = new Subject();
  for (const size of [1e9, -1e9, NaN, Infinity, -Infinity, 0.5]) {
    nudge(subject.mind, size, size, size);
    startle(subject.mind, size);
    subject.live(3);
    const { arousal, valence, dominance } = subject.mind;
    assert.ok(arousal >= 0 && arousal <= 1, `${arousal}`);
    assert.ok(valence >= -1 && valence <= 1, `${valence}`);
    assert.ok(dominance >= 0 && dominance <= 1, `${dominance}`);
  }
});
