/**
 * D4, the contract of silence: one table (docs/architecture/firmware.md "Silence"), one file of code, this test. The gaze
 * keeps its part by itself: the real reflex is held against the same table. A2, A6: what is stale is never acted on.
 */
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { Body } from "../../../../devs/body/body.js";
import {
  ALONE_MS,
  companionStage,
  gazeStage,
  LOOP_OFF_MS,
  RESTING_MS,
  SessionGate,
  Silence,
} from "../../../../devs/body/silence.js";
import { GAZE_HOLD_MS, GAZE_RETURN_MS, TRACKING_OFF_MS } from "../../../../src/wire/limits.js";

test("the table in the docs has the same times as the code", () => {
  const page = readFileSync(
    join(import.meta.dirname, "../../../../docs/architecture/firmware.md"),
    "utf8",
  );
  const section = page.slice(page.indexOf("## Silence"));
  const rows = [...section.matchAll(/^\| (face|companion) +\| ([\d.]+) s +\|/gm)];
  assert.deepEqual(
    rows.map(([, who, s]) => [who, Number(s) * 1000]),
    [
      ["face", GAZE_HOLD_MS],
      ["face", GAZE_RETURN_MS],
      ["face", TRACKING_OFF_MS],
      ["companion", LOOP_OFF_MS],
      ["companion", ALONE_MS],
      ["companion", RESTING_MS],
    ],
  );
});

test("A6: stages of a silent face", () => {
  const stages = [0, 599, 600, 1499, 1500, 1999, 2000, 1e9].map(gazeStage);
  assert.deepEqual(stages, ["follow", "follow", "hold", "hold", "return", "return", "off", "off"]);
});

test("A6: the real gaze keeps the table: holds at 0.6 s, returns at 1.5 s, is off at 2.0 s", () => {
  const body = new Body(50, () => 0.5);
  let nowMs = 0;
  const run = (ms: number) => {
    let pan = 0;
    for (const endMs = nowMs + ms; nowMs < endMs;) {
      nowMs += 20;
      body.step(nowMs);
      pan = body.pose().pan;
    }
    return pan;
  };
  run(100);
  for (let i = 1; i <= 40; i++) {
    const sight = { x: 190, y: 120, w: 60, h: 60, conf: 90, seq: i, ageMs: 30, waitMs: 0 };
    body.followFace(sight, nowMs);
    run(66);
  }
  assert.equal(body.isFollowing(), true);
  run(GAZE_HOLD_MS);
  const held = run(20);
  assert.ok(Math.abs(run(GAZE_RETURN_MS - GAZE_HOLD_MS - 120) - held) < 0.5, "it holds");
  run(320);
  assert.ok(Math.abs(run(20) - 90) < Math.abs(held - 90), "it returns to the centre");
  assert.equal(body.isFollowing(), true, "still tracking just before 2.0 s");
  run(300);
  assert.equal(body.isFollowing(), false);
});

test("A2: stages of a silent companion", () => {
  const stages = [0, 1, 29_999, 30_000, 299_999, 300_000, 1e9].map(companionStage);
  assert.deepEqual(stages, ["here", "away", "away", "alone", "alone", "resting", "resting"]);
});

/** Steps each 100 ms; returns what changed, with its time. */
function story(silence: Silence, plan: [isLinked: boolean, ms: number][], startMs = 0): string[] {
  const events: string[] = [];
  let stage = "";
  let nowMs = startMs;
  for (const [isLinked, ms] of plan) {
    for (const endMs = nowMs + ms; nowMs < endMs; nowMs += 100) {
      const change = silence.step(isLinked, nowMs);
      if (change.stage !== stage) events.push(`${nowMs} ${change.stage}`);
      if (change.endsLoop) events.push(`${nowMs} loop ends`);
      if (change.isBack) events.push(`${nowMs} back`);
      stage = change.stage;
    }
  }
  return events;
}

test("A2: away, alone, resting, and back, each once and at its time", () => {
  const silence = new Silence(0);
  const events = story(silence, [
    [true, 1000],
    [false, 400_000],
    [true, 1000],
  ]);
  assert.deepEqual(events, [
    "0 here",
    "0 back",
    "1100 away",
    "3000 loop ends",
    "31000 alone",
    "301000 resting",
    "401000 here",
    "401000 back",
  ]);
  assert.equal(silence.lastSilenceMs, 400_000);
});

test("A3: a loop of a companion that is gone ends after 2 s, and a short gap does not end it", () => {
  const events = story(new Silence(0), [
    [true, 500],
    [false, 1500],
    [true, 500],
    [false, 2500],
  ]);
  assert.deepEqual(
    events.filter((e) => e.endsWith("ends")),
    ["4500 loop ends"],
  );
});

test("a robot that was never linked is alone after 30 s of its life", () => {
  const events = story(new Silence(5000), [[false, 31_000]], 5000);
  assert.deepEqual(events, ["5000 here", "5100 away", "35000 alone"]);
});

test("A2: a command from before the gap never executes, one of the new session does", () => {
  const gate = new SessionGate();
  assert.equal(gate.admits(0), false, "nothing without a session");
  gate.openGate(7);
  const command = gate.currentGeneration();
  assert.equal(gate.admits(command), true);
  gate.closeGate();
  assert.equal(gate.admits(command), false, "the session is over");
  gate.openGate(8);
  assert.equal(gate.admits(command), false, "and stays so in the next one");
  assert.equal(gate.admits(gate.currentGeneration()), true);
  assert.equal(gate.refused, 3);
});
