// Bad air of the simulated robot. Properties:
// - what is carried comes out in its order, whatever is lost on the way, and nothing is lost for good;
// - good air carries at once; the same seed is late by the same times.
import assert from "node:assert/strict";
import { createRequire } from "node:module";
import { mock, test } from "node:test";

interface Air {
  lateMs(): number;
}
interface Lane {
  carry(lateMs: number, act: () => void): void;
}
const { Air, Lane } = createRequire(import.meta.url)("../../../../src/simulator/vm/vm-air.cjs") as {
  Air: new (order?: object) => Air;
  Lane: new () => Lane;
};

const BAD = { delayMs: 20, lossPercent: 30, isDeaf: false, seed: 7 };

test("what is lost comes late, and nothing overtakes it", (t) => {
  mock.timers.enable({ apis: ["setTimeout"] });
  t.after(() => mock.timers.reset());
  const air = new Air(BAD);
  const lane = new Lane();
  const came: number[] = [];
  for (let i = 0; i < 100; i++) lane.carry(air.lateMs(), () => came.push(i));
  assert.deepEqual(came, [], "all of it takes its time");
  for (let i = 0; i < 100; i++) mock.timers.tick(60_000);
  assert.deepEqual(came, [...Array(100).keys()]);
});

test("good air carries at once, but not past what still waits", (t) => {
  mock.timers.enable({ apis: ["setTimeout"] });
  t.after(() => mock.timers.reset());
  const good = new Air();
  const lane = new Lane();
  const came: string[] = [];
  lane.carry(good.lateMs(), () => came.push("first"));
  assert.deepEqual(came, ["first"]);
  lane.carry(500, () => came.push("late"));
  lane.carry(good.lateMs(), () => came.push("behind it"));
  assert.deepEqual(came, ["first"]);
  for (let i = 0; i < 3; i++) mock.timers.tick(1000);
  assert.deepEqual(came, ["first", "late", "behind it"]);
});

test("the same seed is late by the same times, and about three of ten are", () => {
  const times = (seed: number): number[] => {
    const air = new Air({ ...BAD, seed });
    return Array.from({ length: 1000 }, () => air.lateMs());
  };
  assert.deepEqual(times(3), times(3));
  assert.notDeepEqual(times(3), times(4));
  const late = times(3).filter((ms) => ms > BAD.delayMs).length;
  assert.ok(late > 250 && late < 350, String(late));
  assert.equal(Math.min(...times(3)), BAD.delayMs);
});
