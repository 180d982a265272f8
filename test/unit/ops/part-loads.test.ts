// What parts cost. Properties: companion and parts are told, those without a process are not; a share is between two looks at the
// same process; a part that has grown is told.
import assert from "node:assert/strict";
import { test } from "node:test";
import { OWN_PART, PartLoads } from "../../../src/ops/part-loads.js";
import { FakeClock } from "../../../src/time/fake-clock.js";

const MB = 1_000_000;
const LOOK_MS = 20_000;

test("G7: what each part costs is looked at every 20 s, and shared out between two looks", async () => {
  const clock = new FakeClock();
  let generation = 1;
  const cost = { cpuMs: 1000, pssBytes: 50 * MB };
  const loads = new PartLoads(
    clock,
    () => [
      { name: "vision", pid: 7, generation },
      { name: "voice", pid: undefined, generation: 0 },
    ],
    (pid, isOwn) => Promise.resolve(isOwn ? { cpuMs: pid, pssBytes: MB } : { ...cost }),
  );
  loads.start();
  assert.equal(loads.of("vision"), undefined);
  await clock.advance(LOOK_MS);
  assert.deepEqual(
    loads.all().map(({ name }) => name),
    [OWN_PART, "vision"],
  );
  assert.equal(loads.of("vision")?.cpuShare, undefined);
  cost.cpuMs += 5000;
  await clock.advance(LOOK_MS);
  assert.deepEqual(loads.of("vision"), {
    cpuMs: 6000,
    cpuShare: 0.25,
    pssBytes: 50 * MB,
    grown: undefined,
  });
  // A new process has used less than the one before it.
  generation = 2;
  cost.cpuMs = 10;
  await clock.advance(LOOK_MS);
  assert.equal(loads.of("vision")?.cpuShare, undefined);
  loads.stop();
  cost.cpuMs += 5000;
  await clock.advance(LOOK_MS);
  assert.equal(loads.of("vision")?.cpuMs, 10, "stopped, it looks no more");
});

test("G7: a part that holds more and more is told", async () => {
  const clock = new FakeClock();
  let pssBytes = 100 * MB;
  const views = (): { name: string; pid: number; generation: number }[] => [
    { name: "vision", pid: 7, generation: 1 },
  ];
  const loads = new PartLoads(clock, views, () => Promise.resolve({ cpuMs: 0, pssBytes }));
  loads.start();
  for (let look = 0; look < 300; look++) {
    await clock.advance(LOOK_MS);
    pssBytes += MB / 3;
  }
  assert.ok(loads.of("vision")?.grown);
  loads.stop();
});
