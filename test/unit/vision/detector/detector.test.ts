/**
 * Properties: the newest frame only; a worker that hangs, crashes or never gets ready is replaced; replacing has an end.
 * The workers are small programs of the test, real threads.
 */
import assert from "node:assert/strict";
import { test } from "node:test";
import { systemClock } from "../../../../src/time/clock.js";
import { FakeClock } from "../../../../src/time/fake-clock.js";
import {
  Detector,
  REPLACEMENTS_MAX,
  type DetectorOptions,
} from "../../../../src/vision/detector/detector.js";
import type { Frame } from "../../../../src/vision/camera/frame.js";

/** A worker whose answer to frame n is what `body` does with `index` and `answer`. */
function worker(body: string, isReady = true): URL {
  const code = `
    import { parentPort } from "node:worker_threads";
    const sight = { width: 1, height: 1, light: {}, faces: [], decodeMs: 1, searchMs: 1 };
    const answer = (index) => parentPort.postMessage({ kind: "sight", index, sight });
    parentPort.on("message", ({ index }) => { ${body} });
    ${isReady ? 'parentPort.postMessage({ kind: "ready", startMs: 1 });' : ""}`;
  return new URL(`data:text/javascript,${encodeURIComponent(code)}`);
}

const frame = (index: number): Frame => ({
  index,
  jpeg: new Uint8Array(4),
  capturedAtMs: 0,
  receivedAtMs: 0,
});

/** A detector and a promise for the first thing that happens with each name. */
function start(options: Partial<DetectorOptions>) {
  const seen: number[] = [];
  const faults: number[] = [];
  const reasons: string[] = [];
  const waiting = new Map<string, () => void>();
  const said = new Set<string>();
  const say = (name: string): void => {
    said.add(name);
    waiting.get(name)?.();
  };
  const until = (name: string): Promise<void> =>
    said.has(name) ? Promise.resolve() : new Promise((resolve) => waiting.set(name, resolve));
  const detector = new Detector({
    clock: systemClock,
    search: { quietMsMax: 300, cpuMsMax: 300 },
    starting: { quietMsMax: 5000, cpuMsMax: 30_000 },
    onReady: () => say("ready"),
    onUnable: (why) => {
      reasons.push(`unable: ${why}`);
      say("unable");
    },
    onSight: (f) => {
      seen.push(f.index);
      say(`sight ${f.index}`);
    },
    onFault: (f) => faults.push(f.index),
    onReplaced: (why) => {
      reasons.push(why);
      say(`replaced ${reasons.length}`);
    },
    onBroken: (why) => {
      reasons.push(`broken: ${why}`);
      say("broken");
    },
    ...options,
  });
  detector.start();
  return { detector, seen, faults, reasons, until };
}

test("A12: frames that come while the worker is busy are left out, the newest is taken", async () => {
  const { detector, seen, until } = start({
    workerUrl: worker("setTimeout(() => answer(index), 20)"),
  });
  await until("ready");
  for (let i = 1; i <= 10; i++) detector.offer(frame(i));
  await until("sight 10");
  assert.deepEqual(seen, [1, 10]);
  assert.equal(detector.skipped, 8);
  await detector.stop();
});

test("H4: a worker that hangs is noticed and replaced, and the newest frame is looked at", async () => {
  const { detector, reasons, until } = start({
    workerUrl: worker("if (index === 1) for (;;); answer(index);"),
  });
  await until("ready");
  detector.offer(frame(1));
  await until("replaced 1");
  detector.offer(frame(2));
  await until("sight 2");
  assert.match(reasons[0] ?? "", /did not answer: 0.3 s of processor time without a word/);
  assert.equal(detector.replacements, 1);
  await detector.stop();
});

test("I2: a worker that was stopped with its whole process is not late", async () => {
  const clock = new FakeClock();
  const { detector, reasons, until } = start({
    clock,
    workerUrl: worker(""),
    search: { quietMsMax: 2000, cpuMsMax: 2000 },
    cpuMs: () => 0,
  });
  await until("ready");
  detector.offer(frame(1));
  await clock.advance(100);
  clock.stand(60_000);
  await clock.advance(1500);
  assert.deepEqual([reasons, detector.stateName], [[], "busy"]);
  await clock.advance(1000);
  assert.match(reasons[0] ?? "", /did not answer: neither a word nor work for 2.0 s/);
  await detector.stop();
});

test("A8: a worker of a starved machine is waited for while its process works", async () => {
  // A clock of our own: 20 ms of work in each second, and nothing waits for real.
  const clock = new FakeClock();
  const patience = { quietMsMax: 2000, cpuMsMax: 2000 };
  const { detector, reasons, until } = start({
    clock,
    workerUrl: worker(""),
    search: patience,
    starting: patience,
    cpuMs: () => clock.nowMs() * 0.02,
  });
  await until("ready");
  detector.offer(frame(1));
  await clock.advance(60_000);
  assert.deepEqual([reasons, detector.stateName], [[], "busy"]);
  await clock.advance(60_000);
  assert.match(reasons[0] ?? "", /did not answer: 2.0 s of processor time/);
  await detector.stop();
});

test("a worker that crashes is replaced", async () => {
  const { detector, reasons, until } = start({
    workerUrl: worker('if (index === 1) throw new Error("boom"); answer(index);'),
  });
  await until("ready");
  detector.offer(frame(1));
  await until("replaced 1");
  detector.offer(frame(2));
  await until("sight 2");
  assert.match(reasons[0] ?? "", /crashed: boom/);
  await detector.stop();
});

test("a worker that leaves by itself, or never gets ready, is replaced, and replacing has an end", async () => {
  const gone = start({ workerUrl: worker("process.exit(3)") });
  await gone.until("ready");
  gone.detector.offer(frame(1));
  await gone.until("replaced 1");
  assert.match(gone.reasons[0] ?? "", /ended with 3/);
  await gone.detector.stop();

  const starting = { quietMsMax: 50, cpuMsMax: 1000 };
  const mute = start({ workerUrl: worker("", false), starting, cpuMs: () => 0 });
  await mute.until("broken");
  assert.equal(mute.reasons.length, REPLACEMENTS_MAX + 1);
  assert.match(mute.reasons[0] ?? "", /did not get ready: neither a word nor work for 0.1 s/);
  assert.equal(mute.detector.stateName, "ended");
  await mute.detector.stop();
});

test("G7: a worker that says it cannot start is not replaced", async () => {
  const code = `
    import { parentPort } from "node:worker_threads";
    parentPort.postMessage({ kind: "unable", why: "the model is cut" });
    parentPort.on("message", () => undefined);`;
  const workerUrl = new URL(`data:text/javascript,${encodeURIComponent(code)}`);
  const { detector, reasons, until } = start({ workerUrl });
  await until("unable");
  detector.offer(frame(1));
  assert.deepEqual([reasons, detector.stateName], [["unable: the model is cut"], "ended"]);
  assert.equal(detector.replacements, 0);
  await detector.stop();
});

test("a frame that cannot be decoded costs that frame only", async () => {
  const { detector, seen, faults, until } = start({
    workerUrl: worker(
      'if (index === 1) parentPort.postMessage({ kind: "fault", index, why: "no" }); else answer(index);',
    ),
  });
  await until("ready");
  detector.offer(frame(1));
  detector.offer(frame(2));
  await until("sight 2");
  assert.deepEqual([faults, seen], [[1], [2]]);
  assert.equal(detector.replacements, 0);
  await detector.stop();
});
