// A chip's time. Properties (F5): steps take their time, one after the other; idle time is not saved up; a wait that took a
// little too long is made up for, a long one is lost; whatever comes when, no stretch of time holds more steps than the
// chip has. A radio that sleeps hears what was sent to it at a beacon, in order; one that has just sent hears at once.
import assert from "node:assert/strict";
import { createRequire } from "node:module";
import { test } from "node:test";
import { seededChance } from "../../../../src/time/chance.js";

interface Pace {
  readonly busyMs: number;
  begin(nowMs: number): void;
  spend(steps: number): number;
  resume(nowMs: number): void;
}
interface Radio {
  heardAt(nowMs: number): number;
  stay(nowMs: number): void;
}
const { Pace, Radio, LATE_MS_MAX } = createRequire(import.meta.url)(
  "../../../../src/simulator/vm/vm-pace.cjs",
) as {
  Pace: new (stepsPerS: number) => Pace;
  Radio: new (beaconMs: number, awakeMs: number) => Radio;
  LATE_MS_MAX: number;
};

test("F5: steps take their time, and those that follow begin when they are over", () => {
  const pace = new Pace(200_000);
  pace.begin(1000);
  assert.equal(pace.spend(10_000), 1050);
  pace.resume(1050);
  assert.equal(pace.spend(2000), 1060);
  pace.resume(1060);
  assert.equal(pace.busyMs, 60);
});

test("F5: time in which nothing was to do is not saved up", () => {
  const pace = new Pace(200_000);
  pace.begin(0);
  pace.spend(200);
  pace.begin(5000);
  assert.equal(pace.spend(2000), 5010);
});

test("F5: work that comes while the chip is busy waits for its turn", () => {
  const pace = new Pace(200_000);
  pace.begin(0);
  pace.spend(20_000);
  pace.begin(30);
  assert.equal(pace.spend(200), 101);
});

test("F5: a wait that took a little too long is made up for, a long pause of the machine is lost", () => {
  const pace = new Pace(200_000);
  pace.begin(0);
  assert.equal(pace.spend(2000), 10);
  pace.resume(11);
  assert.equal(pace.spend(2000), 20);
  pace.resume(500);
  assert.equal(pace.spend(2000), 500 - LATE_MS_MAX + 10);
});

test("F5: no stretch of time holds more steps than the chip has", () => {
  const chance = seededChance(7);
  const rate = 235_000;
  const pace = new Pace(rate);
  const done: { fromMs: number; toMs: number; steps: number }[] = [];
  let nowMs = 0;
  for (let i = 0; i < 2000; i++) {
    if (chance.next() < 0.3) {
      nowMs += chance.next() * 20;
      pace.begin(nowMs);
    }
    const fromMs = nowMs;
    const steps = Math.round(chance.next() * 12_000);
    nowMs = Math.max(nowMs, pace.spend(steps)) + chance.next() * 3;
    pace.resume(nowMs);
    done.push({ fromMs, toMs: nowMs, steps });
  }
  for (let from = 0; from < done.length; from += 50) {
    let steps = 0;
    for (const part of done.slice(from)) {
      steps += part.steps;
      const ms = part.toMs - (done[from]?.fromMs ?? 0);
      assert.ok(steps <= ((ms + LATE_MS_MAX) * rate) / 1000, `${steps} steps in ${ms} ms`);
    }
  }
});

test("F5: a sleeping radio hears at the next beacon, and then listens for a while", () => {
  const radio = new Radio(100, 50);
  assert.equal(radio.heardAt(230), 300);
  assert.equal(radio.heardAt(345), 345);
  assert.equal(radio.heardAt(396), 400);
});

test("F5: what was sent earlier is heard earlier", () => {
  const radio = new Radio(100, 50);
  assert.equal(radio.heardAt(230), 300);
  assert.equal(radio.heardAt(240), 300, "it waits behind the first one");
});

test("F5: a radio that has just sent hears the answer at once", () => {
  const radio = new Radio(100, 50);
  radio.stay(210);
  assert.equal(radio.heardAt(255), 255);
  assert.equal(radio.heardAt(306), 400);
});
