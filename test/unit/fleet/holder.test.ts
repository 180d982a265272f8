// A robot's side of the floor. Properties: it sounds no longer than SOUND_MS after it sent what was answered, what lapsed is lost,
// and it gives the floor back only when it is silent.
import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { ASK_MS, BEAT_MS, SOUND_MS } from "../../../src/fleet/floor/floor-core.js";
import {
  newHolder,
  stepHolder,
  type HolderEffect,
  type HolderInput,
} from "../../../src/fleet/floor/holder-core.js";

describe("the floor at a robot", () => {
  /** Feeds inputs at their times. @returns the effects and the last state. */
  const run = (inputs: readonly (readonly [number, HolderInput])[]) => {
    let state = newHolder(5);
    const effects: HolderEffect[] = [];
    for (const [nowMs, input] of inputs) {
      const step = stepHolder(state, input, nowMs);
      state = step.state;
      effects.push(...step.effects);
    }
    return { state, effects, types: effects.map(({ type }) => type) };
  };
  const want: HolderInput = { type: "want", urgency: 1 };
  const held = (sentMs: number, token = 9): HolderInput => ({
    type: "answer",
    sentMs,
    answer: { kind: "held", token },
  });

  it("B2: may sound for 2.5 s after it *sent* what was answered, and asks and beats on time", () => {
    const { state, effects } = run([
      [0, want],
      [400, held(0)],
    ]);
    assert.deepEqual(effects, [
      { type: "take", urgency: 1, seen: 5 },
      { type: "open", token: 9, untilMs: SOUND_MS },
      { type: "granted", token: 9 },
    ]);
    assert.equal(state.kind === "holding" && state.nextMs, 400 + BEAT_MS);
    const waiting = run([
      [0, want],
      [10, { type: "answer", sentMs: 0, answer: { kind: "waiting", ahead: 1 } }],
      [ASK_MS, { type: "tick" }],
      [ASK_MS + 10, { type: "wake" }],
    ]);
    assert.deepEqual(waiting.types, ["take", "take", "take"]);
  });

  it("B2: paused 20 s and resumed, it is closed before anything else happens, and its token is not used again", () => {
    const { state, types } = run([
      [0, want],
      [10, held(0)],
      [20_000, held(700)],
    ]);
    assert.deepEqual(types, ["take", "open", "granted", "close", "lost"]);
    assert.deepEqual(state, { kind: "idle", spent: 9 });
  });

  it("an answer that took longer than it is worth opens nothing", () => {
    const { types } = run([
      [0, want],
      [SOUND_MS, held(0)],
    ]);
    assert.deepEqual(types, ["take", "take"]);
  });

  it("gives back once its sound is confirmed to be over, and never what lapsed meanwhile", () => {
    const confirmed = run([
      [0, want],
      [10, held(0)],
      [500, { type: "done" }],
      [600, { type: "silent" }],
    ]);
    assert.deepEqual(confirmed.effects.slice(-2), [{ type: "close" }, { type: "leave", token: 9 }]);
    const unconfirmed = run([
      [0, want],
      [10, held(0)],
      [500, { type: "done" }],
      [600, held(550)],
      [SOUND_MS, { type: "tick" }],
    ]);
    assert.deepEqual(unconfirmed.types, ["take", "open", "granted", "close"]);
    assert.equal(unconfirmed.state.kind, "idle");
  });

  it("a floor that comes after the wish is over is given back; one that it spoke with is left to end", () => {
    const fresh = run([
      [0, want],
      [10, { type: "done" }],
      [20, held(0)],
    ]);
    assert.deepEqual(fresh.effects.slice(-2), [
      { type: "leave", token: 0 },
      { type: "leave", token: 9 },
    ]);
    const spent = run([
      [0, want],
      [10, { type: "done" }],
      [20, held(0, 5)],
    ]);
    assert.deepEqual(spent.types, ["take", "leave"]);
  });

  it("is told when the floor was taken from it, and when the queue is full", () => {
    const lost = run([
      [0, want],
      [10, held(0)],
      [800, { type: "answer", sentMs: 760, answer: { kind: "lost" } }],
    ]);
    assert.deepEqual(lost.effects.slice(-2), [{ type: "close" }, { type: "lost", why: "taken" }]);
    const full = run([
      [0, want],
      [10, { type: "answer", sentMs: 0, answer: { kind: "full" } }],
    ]);
    assert.deepEqual(full.types, ["take", "full"]);
  });
});
