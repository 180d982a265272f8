/**
 * The page's reconnection. Holds: a silent server is noticed within 2 s; every wait ends; waits grow with
 * full jitter to 5 s and start short again after a good connection; a woken page tries at once.
 */
import assert from "node:assert/strict";
import { test } from "node:test";
import {
  CHECK_MS,
  CONNECT_MS_MAX,
  INITIAL,
  type Input,
  type Phase,
  SILENCE_MS_MAX,
  step,
} from "../../../../src/page/live/live-client.js";

/** Runs inputs at their times; chance is always the given number. */
function run(
  inputs: ReadonlyArray<[number, Input]>,
  random = 0.5,
): { phase: Phase; effects: string[] } {
  let phase: Phase = INITIAL;
  const effects: string[] = [];
  for (const [nowMs, input] of inputs) {
    const next = step(phase, input, nowMs, random);
    phase = next.phase;
    effects.push(...next.effects);
  }
  return { phase, effects };
}

test("connects at the start and is open with the first message", () => {
  const { phase, effects } = run([
    [0, "start"],
    [20, "heard"],
  ]);
  assert.deepEqual(effects, ["connect"]);
  assert.equal(phase.kind, "open");
});

test("K1: silence is a lost server within 2 s, although the socket is open", () => {
  assert.ok(SILENCE_MS_MAX + CHECK_MS <= 2000);
  const open: Array<[number, Input]> = [
    [0, "start"],
    [20, "heard"],
  ];
  assert.equal(run([...open, [20 + SILENCE_MS_MAX, "tick"]]).phase.kind, "open");
  const { phase, effects } = run([...open, [21 + SILENCE_MS_MAX, "tick"]]);
  assert.equal(phase.kind, "waiting");
  assert.deepEqual(effects, ["connect", "drop"]);
});

test("a connection attempt that hangs is given up", () => {
  const { phase, effects } = run([
    [0, "start"],
    [CONNECT_MS_MAX, "tick"],
  ]);
  assert.equal(phase.kind, "waiting");
  assert.deepEqual(effects, ["connect", "drop"]);
});

test("K1: waits grow to 5 s, never beyond, and never end", () => {
  let phase: Phase = INITIAL;
  let nowMs = 0;
  const waits: number[] = [];
  for (let i = 0; i < 40; i++) {
    phase = step(phase, i === 0 ? "start" : "tick", nowMs, 1).phase;
    assert.equal(phase.kind, "connecting");
    phase = step(phase, "closed", nowMs, 0.999).phase;
    assert.ok(phase.kind === "waiting");
    waits.push(phase.untilMs - nowMs);
    nowMs = phase.untilMs;
  }
  assert.deepEqual(
    waits.slice(0, 5).map((ms) => Math.round(ms)),
    [999, 1998, 3996, 4995, 4995],
  );
  assert.ok(waits.every((ms) => ms <= 5000));
});

test("K1: waits are jittered over the whole range", () => {
  const wait = (random: number): number => {
    const { phase } = run(
      [
        [0, "start"],
        [0, "closed"],
      ],
      random,
    );
    return phase.kind === "waiting" ? phase.untilMs : -1;
  };
  assert.equal(wait(0), 0);
  assert.equal(wait(0.5), 500);
});

test("a good connection makes the next waits short again, a bad one does not", () => {
  const lost = (openMs: number): number => {
    const { phase } = run([
      [0, "start"],
      [0, "closed"],
      [1000, "tick"],
      [1000, "closed"],
      [9000, "tick"],
      [9010, "heard"],
      [9010 + openMs, "closed"],
    ]);
    return phase.attempt;
  };
  assert.equal(lost(100), 3);
  assert.equal(lost(6000), 0);
});

test("K2: a page that is looked at again tries at once", () => {
  const { effects } = run([
    [0, "start"],
    [10, "closed"],
    [20, "wake"],
  ]);
  assert.deepEqual(effects, ["connect", "connect"]);
});

test("K2: a page that slept through the server's silence drops the old socket when it wakes", () => {
  const { phase, effects } = run([
    [0, "start"],
    [20, "heard"],
    [3_600_000, "wake"],
  ]);
  assert.deepEqual(effects, ["connect", "drop"]);
  assert.equal(phase.kind, "waiting");
});

test("late news of a socket that was given up changes nothing", () => {
  const { phase, effects } = run([
    [0, "start"],
    [CONNECT_MS_MAX, "tick"],
    [CONNECT_MS_MAX + 1, "closed"],
    [CONNECT_MS_MAX + 2, "heard"],
  ]);
  assert.equal(phase.kind, "waiting");
  assert.deepEqual(effects, ["connect", "drop"]);
});
