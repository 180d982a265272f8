/**
 * The closed loop (bars: docs/BENCH.md) in simulation: a step of 20°, overshoot at most 0.7°, settled within ±1° in at
 * most 1.1 s, for both axes, both directions, 15 to 30 frames/s, up to 120 ms from exposure to reflex, detector
 * noise of one pixel. Virtual time only; the full sweep is a bench.
 */
import assert from "node:assert/strict";
import { test } from "node:test";
import { runClosedLoop } from "../../../bench/closed-loop.js";
import type { LoopParams, LoopResult } from "../../../bench/closed-loop.js";

const SEEDS = 8;

function worst(over: Partial<LoopParams>): LoopResult {
  let result = runClosedLoop({ ...over, seed: 1 });
  for (let seed = 2; seed <= SEEDS; seed++) {
    const next = runClosedLoop({ ...over, seed });
    result = {
      overshootDeg: Math.max(result.overshootDeg, next.overshootDeg),
      settleMs: Math.max(result.settleMs, next.settleMs),
      errorRmsDeg: Math.max(result.errorRmsDeg, next.errorRmsDeg),
      travelDeg: Math.max(result.travelDeg, next.travelDeg),
    };
  }
  return result;
}

function assertBar(result: LoopResult, overshootDegMax: number, what: string): void {
  assert.ok(result.overshootDeg <= overshootDegMax, `${what}: overshoot ${result.overshootDeg}°`);
  assert.ok(result.settleMs <= 1100, `${what}: settled after ${result.settleMs} ms`);
}

test("A12: a step of 20° is within the bar at every frame rate and latency", () => {
  for (const framesPerS of [15, 20, 30]) {
    for (const latencyMs of [20, 70, 120]) {
      assertBar(worst({ framesPerS, latencyMs }), 0.7, `${framesPerS}/s, ${latencyMs} ms`);
    }
  }
});

test("A12: the same for both axes and both directions", () => {
  for (const stepDeg of [20, -20]) {
    assertBar(worst({ stepDeg, latencyMs: 120 }), 0.7, `pan ${stepDeg}`);
    const nod = {
      axis: "nod",
      startDeg: stepDeg > 0 ? 105 : 125,
      stepDeg,
      latencyMs: 120,
    } as const;
    assertBar(worst(nod), 0.7, `nod ${stepDeg}`);
  }
});

test("A12: smaller and larger steps settle as well", () => {
  for (const stepDeg of [3, 8, 28]) assertBar(worst({ stepDeg }), 0.7, `${stepDeg}°`);
});

test("D5: eight-field datagrams settle as fast and overshoot by less than a degree", () => {
  for (const framesPerS of [15, 30]) {
    for (const latencyMs of [30, 70, 120]) {
      const what = `${framesPerS}/s, ${latencyMs} ms, age unknown`;
      assertBar(worst({ framesPerS, latencyMs, tellsAge: false }), 1, what);
    }
  }
});

test("A12: a servo faster or slower than assumed keeps the bar", () => {
  for (const servoLagMs of [1, 45]) assertBar(worst({ servoLagMs }), 0.7, `servo ${servoLagMs} ms`);
  assertBar(worst({ periodMs: 20 }), 0.7, "50 updates/s");
});

test("L3-3: a head on a sitting person does not fidget, on a walking one it follows", () => {
  const still = worst({ stepDeg: 0 });
  assert.ok(still.travelDeg < 0.5, `travels ${still.travelDeg}° in 3 s`);
  assert.ok(still.errorRmsDeg < 0.4);
  const walking = worst({ stepDeg: 0, swayDeg: 15, swayPeriodMs: 8000 });
  assert.ok(walking.errorRmsDeg < 1, `off by ${walking.errorRmsDeg}° rms`);
});
