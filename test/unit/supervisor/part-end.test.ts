/**
 * How a part ends: given up for load and tried again, its memory cap, stops and kills, and generations that are over.
 */
import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { isAtRest, PART_POLICY, type Effect } from "../../../src/supervisor/part-types.js";
import { policy, crash, clean, sigkill, Driver } from "./part-driver.js";

describe("given up for load", () => {
  const giveUp = (isLoaded: boolean): Driver => {
    const d = new Driver(PART_POLICY).do({ type: "start" });
    d.isLoaded = isLoaded;
    while (!isAtRest(d.part)) {
      d.pass(100);
      if (d.phase === "starting") d.exit(crash);
    }
    return d;
  };

  it("C3: what died on an overloaded machine is tried again when that is over, with a whole budget", () => {
    const d = giveUp(true).pass(3_600_000);
    assert.equal(d.phase, "givenUp", "not while the load is there");
    assert.match(d.part.next, /overloaded: tried again when that is over/);
    d.isCalm = true;
    d.pass(200);
    assert.equal(d.phase, "starting");
    assert.deepEqual(d.part.restartsMs, []);
  });

  it("C3: what died on a calm machine stays given up", () => {
    const d = giveUp(false);
    d.isCalm = true;
    assert.equal(d.pass(3_600_000).phase, "givenUp");
  });

  it("L6: what is being stopped is not tried again by any calm", () => {
    const d = giveUp(true).do({ type: "stop", why: "bye" });
    d.isCalm = true;
    assert.equal(d.pass(3_600_000).phase, "givenUp");
  });
});

describe("memory", () => {
  const over = policy.memoryBytesMax + 1;

  it("C3: three beats over the cap restart the part, cleanly and counted", () => {
    const d = new Driver().up().beat(over).beat(over);
    assert.equal(d.phase, "running");
    d.beat(over);
    assert.equal(d.phase, "stopping");
    assert.equal(d.count("askToStop"), 1);
    d.exit(clean);
    assert.equal(d.phase, "backoff");
    assert.match(d.part.why, /1144 MiB of memory, allowed 1144 MiB/);
    assert.match(d.part.next, /restart 1 of 5/);
  });

  it("one spike is not a leak", () => {
    const d = new Driver().up();
    for (let i = 0; i < 10; i++) d.beat(over).beat(over).beat(1000);
    assert.equal(d.phase, "running");
  });
});

describe("stop", () => {
  const cases: [string, (d: Driver) => void, string, Effect["type"] | undefined][] = [
    ["stopped", () => undefined, "stopped", undefined],
    [
      "waiting",
      (d) => {
        d.needsReady = false;
        d.do({ type: "start" }).pass(100);
      },
      "stopped",
      undefined,
    ],
    ["starting", (d) => d.do({ type: "start" }).pass(100), "stopping", "askToStop"],
    ["running", (d) => d.up(), "stopping", "askToStop"],
    [
      "hung",
      (d) => {
        d.up().beating = false;
        d.pass(2000);
      },
      "stopping",
      "kill",
    ],
    ["backoff", (d) => d.up().exit(crash), "stopped", undefined],
    ["ended", (d) => d.up().exit(clean), "ended", undefined],
  ];
  for (const [phase, arrange, expected, effect] of cases) {
    it(`of a ${phase} part: ${expected}${effect === undefined ? "" : `, ${effect}`}`, () => {
      const d = new Driver();
      arrange(d);
      assert.equal(d.phase, phase);
      d.effects.length = 0;
      d.do({ type: "stop", why: "bye" });
      assert.equal(d.phase, expected);
      assert.deepEqual(
        d.effects.filter(({ type }) => type !== "changed").map(({ type }) => type),
        effect === undefined ? [] : [effect],
      );
    });
  }

  it("C3: a stuck stop is killed after 15 s", () => {
    const d = new Driver().up().do({ type: "stop", why: "bye" }).pass(14_900);
    assert.equal(d.count("kill"), 0);
    d.pass(200);
    assert.equal(d.count("kill"), 1);
    assert.equal(d.exit(sigkill).phase, "stopped");
    assert.equal(d.count("alert"), 0);
  });

  it("a process that outlives SIGKILL is reported, and the stop ends all the same", () => {
    const d = new Driver()
      .up()
      .do({ type: "stop", why: "bye" })
      .pass(15_000 + 3_200);
    assert.ok(isAtRest(d.part));
    assert.equal(d.count("alert"), 1);
  });

  it("a crash while stopping is a stop", () => {
    const d = new Driver().up().do({ type: "stop", why: "bye" }).exit(crash);
    assert.equal(d.phase, "stopped");
  });

  it("a restart asked for while it stops happens after the stop", () => {
    const d = new Driver().up().do({ type: "stop", why: "bye" });
    d.do({ type: "restart", why: "changed my mind" }).exit(clean).pass(100);
    assert.equal(d.phase, "starting");
    assert.equal(d.part.generation, 2);
  });

  it("a stop asked for while it restarts wins", () => {
    const d = new Driver().up().do({ type: "restart", why: "again" });
    d.do({ type: "stop", why: "bye" }).exit(clean).pass(60_000);
    assert.equal(d.phase, "stopped");
  });
});

describe("generations", () => {
  it("beats, readiness and exits of an older process change nothing", () => {
    const d = new Driver().up().exit(crash).pass(1100);
    assert.equal(d.part.generation, 2);
    const before = d.part;
    d.do({ type: "ready", generation: 1, doors: {} });
    d.do({ type: "beat", generation: 1, rssBytes: 1 });
    d.do({ type: "progress", generation: 1, text: "of yesterday" });
    d.do({ type: "exit", generation: 1, exit: crash, isLoaded: false });
    assert.deepEqual(d.part, before);
  });
});
