/**
 * Properties: a process is only ever spawned from `waiting`; silence counts only after readiness; what works is not killed,
 * however slow; what was given up for load is tried again when the load is over; at most five
 * automatic restarts in ten minutes; a clean exit is final; whoever was asked to stop is gone within its bound or
 * reported (`part-end.test.ts`); old generations are not heard; every change of phase says why and what next.
 */
import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { colourOf, isAtRest, PART_POLICY, type Exit } from "../../../src/supervisor/part-types.js";
import { policy, crash, clean, sigkill, Driver } from "./part-driver.js";

describe("start", () => {
  it("A8, D3: waits for what it needs, then starts, then is ready; each change says why and what next", () => {
    const d = new Driver();
    d.needsReady = false;
    d.do({ type: "start" }).pass(5000);
    assert.equal(d.phase, "waiting");
    d.needsReady = true;
    d.pass(100).ready();
    assert.deepEqual(d.trail, ["waiting", "starting", "running"]);
    assert.deepEqual(d.part.doors, { http: "h:1" });
  });

  it("A8: starts anyway after a bound, and says without what", () => {
    const d = new Driver();
    d.needsReady = false;
    d.do({ type: "start" }).pass(policy.needsMsMax);
    assert.equal(d.phase, "starting");
    assert.match(d.part.why, /gateway not ready after 20 s, starting anyway/);
  });

  it("D1: beats without readiness, or no beats at all, are no reason to touch a starting part", () => {
    const d = new Driver().do({ type: "start" }).pass(100).beat();
    d.pass(policy.start.quietMsMax - 1000);
    assert.equal(d.phase, "starting");
    assert.equal(d.count("kill"), 0);
  });

  it("a start that does nothing is killed after its long bound, and that counts", () => {
    const d = new Driver().do({ type: "start" }).pass(100 + policy.start.quietMsMax);
    assert.equal(d.phase, "stopping");
    assert.equal(d.count("kill"), 1);
    d.exit(sigkill);
    assert.equal(d.phase, "backoff");
    assert.match(d.part.why, /not ready 120 s after its start, neither a word nor work for 120 s/);
  });

  it("A8: a start that works, prints or says how far it is is not killed in an hour", () => {
    const signs: ((d: Driver) => void)[] = [
      (d) => (d.share = 0.015),
      (d) => (d.words += 1),
      (d) => d.do({ type: "progress", generation: 1, text: "half of it is loaded" }).words++,
    ];
    for (const sign of signs) {
      const d = new Driver().do({ type: "start" });
      while (d.nowMs < 3_600_000) {
        sign(d);
        d.pass(60_000);
      }
      assert.deepEqual([d.phase, d.count("kill")], ["starting", 0]);
    }
  });

  it("how far it is stands as the reason why it is not ready", () => {
    const d = new Driver().do({ type: "start" }).pass(100);
    d.do({ type: "progress", generation: 1, text: "half of it is loaded" });
    assert.equal(d.part.why, "half of it is loaded");
  });

  it("a start that loops is killed when its processor time is over", () => {
    const d = new Driver().do({ type: "start" });
    d.share = 1;
    d.pass(policy.start.cpuMsMax);
    assert.equal(d.phase, "starting");
    assert.equal(d.pass(200).phase, "stopping");
    assert.match(d.exit(sigkill).part.why, /60 s of processor time without a word/);
  });

  it("limits grow with each start that was stuck, so that stuck starts alone never use up the restarts", () => {
    const d = new Driver(PART_POLICY).do({ type: "start" });
    const tookMs: number[] = [];
    for (let i = 0; i < 8; i++) {
      while (d.phase !== "starting") d.pass(100);
      const sinceMs = d.nowMs;
      while (d.phase === "starting") d.pass(100);
      tookMs.push(d.nowMs - sinceMs);
      d.exit(sigkill);
      assert.equal(d.phase, "backoff");
    }
    assert.deepEqual(tookMs.slice(0, 5), [120_000, 240_000, 480_000, 960_000, 960_000]);
    while (d.phase !== "starting") d.pass(100);
    assert.equal(d.ready().part.stuckStarts, 0, "a start that came up is forgiven the ones before");
  });

  it("refuses nothing but does nothing when it is asked to start twice", () => {
    const d = new Driver().up().do({ type: "start" });
    assert.equal(d.count("spawn"), 1);
  });
});

describe("hung and dead", () => {
  it("A10: silence of three beats is hung, not dead; a beat makes it green again without a restart", () => {
    const d = new Driver().up().pass(5000);
    d.beating = false;
    d.pass(1500);
    assert.equal(d.phase, "hung");
    assert.equal(colourOf(d.part), "red");
    assert.match(d.part.why, /no beat for 1\.5 s while its process is there/);
    d.beat();
    assert.equal(d.phase, "running");
    assert.equal(d.count("kill"), 0);
    assert.equal(d.count("spawn"), 1);
  });

  it("A10: an exit is known as dead at once, whatever the beats said", () => {
    const d = new Driver().up().pass(1000).exit(sigkill);
    assert.equal(d.phase, "backoff");
    assert.match(d.part.why, /killed by SIGKILL/);
  });

  it("I7: a busy loop of 3 s is seen and not punished", () => {
    const d = new Driver().up().pass(1000);
    d.beating = false;
    d.pass(3000);
    d.beating = true;
    d.pass(60_000);
    assert.equal(d.phase, "running");
    assert.equal(d.count("spawn"), 1);
  });

  it("is killed after 10 s of silence and restarted", () => {
    const d = new Driver().up().pass(1000);
    d.beating = false;
    d.pass(9_700);
    assert.equal(d.phase, "hung");
    d.pass(200);
    assert.equal(d.phase, "stopping");
    assert.equal(d.count("askToStop"), 0, "it could not hear it");
    d.exit(sigkill).pass(1100);
    assert.equal(d.phase, "starting");
  });

  it("A10: a silence that works slowly is not killed, one that loops is", () => {
    const starved = new Driver().up().pass(1000);
    starved.beating = false;
    starved.share = 0.03;
    starved.pass(300_000);
    assert.deepEqual([starved.phase, starved.count("kill")], ["hung", 0]);
    assert.equal(starved.beat().phase, "running");

    const looping = new Driver().up().pass(1000);
    looping.beating = false;
    looping.share = 1;
    looping.words = 1;
    looping.pass(9_900);
    assert.equal(looping.phase, "hung");
    looping.words = 2; // What it prints is no beat.
    looping.pass(1_800);
    assert.equal(looping.phase, "stopping");
    assert.match(looping.part.why, /hung: 10 s of processor time without a word/);
  });

  it("O2: a suspended machine wakes up without a kill", () => {
    const d = new Driver().up().pass(1000);
    d.nowMs += 3_600_000;
    d.beating = false;
    d.pass(100);
    assert.equal(d.phase, "running");
    d.beating = true;
    d.pass(2000);
    assert.deepEqual(d.trail, ["waiting", "starting", "running"]);
  });

  it("O2: a starting or stopping part does not lose its time to a suspend", () => {
    const starting = new Driver().do({ type: "start" }).pass(100);
    starting.nowMs += 3_600_000;
    assert.equal(starting.pass(100).phase, "starting");
    const stopping = new Driver().up().do({ type: "stop", why: "bye" });
    stopping.nowMs += 3_600_000;
    stopping.pass(100);
    assert.equal(stopping.count("kill"), 0);
  });
});

describe("restart budget", () => {
  it("C3: waits 30 s by default", () => {
    const d = new Driver(PART_POLICY).up().exit(crash).pass(29_900);
    assert.equal(d.phase, "backoff");
    assert.equal(d.pass(200).phase, "starting");
  });

  it("C3: a part that crashes 2 s after each start gets five restarts, then is given up with one alert", () => {
    const d = new Driver(PART_POLICY).do({ type: "start" });
    while (!isAtRest(d.part) && d.nowMs < 3_600_000) {
      d.pass(100);
      if (d.phase === "starting") d.ready().pass(2000).exit(crash);
    }
    assert.equal(d.phase, "givenUp");
    assert.equal(d.count("spawn"), 6);
    assert.equal(d.count("alert"), 1);
    assert.ok(d.nowMs < 200_000, `${d.nowMs}`);
    d.pass(3_600_000);
    assert.equal(d.count("spawn"), 6, "nothing happens any more without a person");
    assert.match(d.part.why, /boom, after 5 restarts in 10 min/);
  });

  it("C3: only the restarts of the last ten minutes count", () => {
    const d = new Driver(PART_POLICY).up();
    for (let i = 0; i < 20; i++) {
      d.pass(130_000).exit(crash).pass(30_100);
      assert.equal(d.phase, "starting", `death ${i}`);
      d.ready();
    }
    assert.equal(d.count("alert"), 0);
  });

  it("a shorter first retry holds for the first death in the window only", () => {
    const d = new Driver().up().exit(crash).pass(1100);
    assert.equal(d.phase, "starting");
    d.ready().exit(crash).pass(1100);
    assert.equal(d.phase, "backoff");
    d.pass(29_000);
    assert.equal(d.phase, "starting");
  });

  it("C3: a clean exit is never restarted", () => {
    const d = new Driver().up().exit(clean).pass(3_600_000);
    assert.equal(d.phase, "ended");
    assert.equal(d.count("spawn"), 1);
    assert.equal(d.count("alert"), 0);
  });

  it("options it does not accept are not tried again, but told", () => {
    const bad: Exit = { kind: "code", code: 2, lastWords: "bad options: port" };
    const d = new Driver().do({ type: "start" }).pass(100).exit(bad);
    assert.equal(d.phase, "givenUp");
    assert.equal(d.count("alert"), 1);
    assert.match(d.part.next, /correct its options/);
  });

  it("C3: a restart by a person starts at once, is not counted, and gives a whole budget again", () => {
    const d = new Driver(PART_POLICY).do({ type: "start" });
    while (!isAtRest(d.part)) {
      d.pass(100);
      if (d.phase === "starting") d.exit(crash);
    }
    d.do({ type: "restart", why: "repaired" }).pass(100);
    assert.equal(d.phase, "starting");
    assert.deepEqual(d.part.restartsMs, []);
  });

  it("A8: without what its options are made of it goes on waiting, and none of its restarts is spent", () => {
    const d = new Driver();
    d.needsReady = false;
    d.do({ type: "start" }).pass(policy.needsMsMax);
    assert.equal(d.phase, "starting");
    d.exit({ kind: "unready", why: "gateway" });
    assert.equal(d.phase, "waiting");
    assert.match(d.part.why, /cannot start without gateway/);
    d.pass(3_600_000);
    assert.equal(d.phase, "waiting");
    d.needsReady = true;
    d.pass(100);
    assert.equal(d.phase, "starting");
    assert.deepEqual(d.part.restartsMs, []);
  });

  it("a process that cannot even be spawned counts like a crash", () => {
    const d = new Driver().do({ type: "start" }).pass(100);
    d.exit({ kind: "unspawned", why: "EMFILE" });
    assert.equal(d.phase, "backoff");
    assert.match(d.part.why, /could not be started: EMFILE/);
  });
});
