/**
 * What is given up when the program is late (`devs/runtime/load.ts`; issue 10, "Never starved"): one thing after the
 * other, in the stated order, and all of it comes back by itself.
 */
import assert from "node:assert/strict";
import { test } from "node:test";
import { LOAD_LEVELS, Load, NO_CLIENTS } from "../../../../devs/runtime/load.js";

/** Wakes each 100 ms from `fromMs` on, all `lateMs` late; the levels that were passed, with the time of each. */
function wakes(load: Load, fromMs: number, toMs: number, lateMs: number): [number, string][] {
  const passed: [number, string][] = [];
  for (let ms = fromMs; ms < toMs; ms += 100) {
    const before = load.level;
    load.noteWake(ms, lateMs);
    if (load.level !== before) passed.push([ms, LOAD_LEVELS[load.level] as string]);
  }
  return passed;
}

const names = (passed: [number, string][]): string[] => passed.map(([, name]) => name);

test("what may be given up, in order; link, heartbeats, stop and faces are not among it", () => {
  assert.deepEqual(
    [...LOAD_LEVELS],
    ["nothing", "half motion", "quarter motion", "ambient", "pushes", "clients"],
  );
  assert.equal(LOAD_LEVELS[NO_CLIENTS], "clients");
});

test("late wakes raise the level step by step in that order, not past the last, none sooner than 400 ms", () => {
  const load = new Load();
  const passed = wakes(load, 1000, 20_000, 500);
  assert.deepEqual(names(passed), LOAD_LEVELS.slice(1));
  passed.forEach(([ms], i) => {
    const before = passed[i - 1]?.[0] ?? 0;
    assert.ok(ms - before >= 400, `${ms - before} ms after the one before`);
  });
  assert.equal(load.level, NO_CLIENTS);
  assert.equal(load.reliefs, 5);
  assert.equal(load.worstMs, 500);
  assert.ok(load.meanMs > 329, "a wake counts as 330 ms late at most");
});

test("it comes back by itself, in the opposite order, none sooner than 3 s after the last change", () => {
  const load = new Load();
  wakes(load, 1000, 20_000, 500);
  const passed = wakes(load, 20_000, 60_000, 0);
  assert.deepEqual(names(passed), LOAD_LEVELS.slice(0, 5).reverse());
  passed.slice(1).forEach(([ms], i) => {
    const before = passed[i]?.[0] ?? 0;
    assert.ok(ms - before >= 3000, `${ms - before} ms after the one before`);
  });
  assert.equal(load.level, 0);
  assert.equal(load.reliefs, 5, "what came back is no relief");
  assert.equal(load.worstMs, 500, "the worst is remembered");
});

test("one late wake, however late, and wakes a little late give nothing up", () => {
  const once = new Load();
  wakes(once, 1000, 5000, 5);
  for (const [ms, lateMs] of [
    [5000, 500],
    [9000, 1300],
    [13_000, 60_000],
  ] as const) {
    once.noteWake(ms, lateMs);
    wakes(once, ms + 100, ms + 4000, 15);
    assert.deepEqual([once.level, once.reliefs, once.worstMs], [0, 0, lateMs]);
  }
  const slow = new Load();
  wakes(slow, 1000, 60_000, 50);
  assert.deepEqual([slow.level, slow.reliefs], [0, 0]);
});

test("between the two thresholds a level is held: it does not flap", () => {
  const load = new Load();
  wakes(load, 1000, 1500, 200);
  let nowMs = 1500;
  for (; load.meanMs > 40; nowMs += 100) load.noteWake(nowMs, 0);
  const { level } = load;
  assert.ok(level > 0 && level < NO_CLIENTS, `level ${level}`);
  // Too late for less, not late enough for more.
  assert.deepEqual(wakes(load, nowMs, nowMs + 60_000, 40), []);
});
