/** One fiber for all periodic work (`devs/runtime/scheduler.ts`): order, what hurries, what fails, when it wakes. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { Scheduler, beatAfter, type Job } from "../../../../devs/runtime/scheduler.js";
import { SLICE_STEPS, Slice } from "../../../../devs/runtime/slice.js";

function setUp() {
  const log: string[] = [];
  const slice = new Slice();
  const scheduler = new Scheduler(slice, (job, thrown, nowMs) => {
    log.push(`${job.name} failed at ${nowMs}: ${String(thrown)}`);
    return 70;
  });
  /** A job that writes itself down and is due each `periodMs`. */
  const add = (name: string, periodMs: number, run: (nowMs: number) => void = () => undefined) => {
    const job: Job = {
      name,
      steps: 100,
      dueMs: 0,
      run: (nowMs) => {
        log.push(`${name} ${nowMs}`);
        run(nowMs);
        return nowMs + periodMs;
      },
    };
    scheduler.add(job);
    return job;
  };
  const step = (nowMs: number): string[] => {
    scheduler.step(nowMs);
    return log.splice(0);
  };
  return { scheduler, slice, add, step };
}

test("jobs that are due together are done in the order in which they were added", () => {
  const { scheduler, add, step } = setUp();
  add("a", 30);
  add("b", 10);
  add("c", 20);
  assert.deepEqual(step(0), ["a 0", "b 0", "c 0"]);
  assert.equal(scheduler.nextMs, 10);
  assert.deepEqual(step(10), ["b 10"]);
  assert.equal(scheduler.nextMs, 20);
  assert.deepEqual(step(20), ["b 20", "c 20"]);
  assert.deepEqual(step(25), [], "too soon for anything");
  assert.equal(scheduler.nextMs, 30);
  assert.deepEqual(step(95), ["a 95", "b 95", "c 95"], "what was missed is done once");
  assert.equal(scheduler.nextMs, 105);
});

test("a job that was added first and is due first runs at once, and one that waits long is looked at each second", () => {
  const { scheduler, add, step } = setUp();
  assert.equal(scheduler.nextMs, 0);
  add("rare", 60_000);
  step(500);
  assert.equal(scheduler.nextMs, 1500);
  assert.deepEqual(step(1500), []);
  assert.equal(scheduler.nextMs, 2500);
  add("new", 100);
  assert.equal(scheduler.nextMs, 0, "whoever comes is due");
  assert.deepEqual(step(1600), ["new 1600"]);
});

test("hurry: sooner wins, later changes nothing", () => {
  const { scheduler, add, step } = setUp();
  const job = add("a", 500);
  step(0);
  scheduler.hurry(job, 700);
  assert.deepEqual([job.dueMs, scheduler.nextMs], [500, 500]);
  scheduler.hurry(job, 200);
  assert.deepEqual([job.dueMs, scheduler.nextMs], [200, 200]);
  assert.deepEqual(step(200), ["a 200"]);
  assert.equal(job.dueMs, 700, "and then its own period");
});

test("a job may hurry one behind it, done in the same step, and one already passed, done in the next at once", () => {
  const { scheduler, add, step } = setUp();
  let wants: Job | undefined;
  const first = add("first", 500);
  add("middle", 100, (nowMs) => {
    if (wants) scheduler.hurry(wants, nowMs);
  });
  const last = add("last", 500);
  step(0);
  wants = last;
  assert.deepEqual(step(100), ["middle 100", "last 100"]);
  wants = first;
  assert.deepEqual(step(200), ["middle 200"]);
  assert.equal(scheduler.nextMs, 200, "it is due now");
  wants = undefined;
  assert.deepEqual(step(201), ["first 201"]);
});

test("a job that throws waits as long as it is told and stops nobody", () => {
  const { scheduler, add, step } = setUp();
  let isBroken = true;
  add("a", 100, () => {
    if (isBroken) throw new Error("bug");
  });
  add("b", 100);
  assert.deepEqual(step(0), ["a 0", "a failed at 0: Error: bug", "b 0"]);
  assert.equal(scheduler.nextMs, 70);
  isBroken = false;
  assert.deepEqual(step(69), []);
  assert.deepEqual(step(70), ["a 70"]);
});

test("what a job takes is spent before it runs, so that it and those behind it know", () => {
  const { scheduler, slice, step } = setUp();
  const had: boolean[] = [];
  for (const steps of [SLICE_STEPS - 1, 1, 1]) {
    scheduler.add({
      name: "job",
      steps,
      dueMs: 0,
      run: (nowMs) => {
        had.push(slice.hasSteps(nowMs));
        return nowMs + 1000;
      },
    });
  }
  step(5);
  assert.deepEqual(had, [true, false, false]);
});

test("beats: the next multiple after now, so that periodic jobs wake the machine together", () => {
  for (const [nowMs, periodMs, beatMs] of [
    [0, 100, 100],
    [99, 100, 100],
    [99.9, 100, 100],
    [100, 100, 200],
    [101, 200, 200],
    [1234567, 200, 1234600],
  ] as const)
    assert.equal(beatAfter(nowMs, periodMs), beatMs);
});
