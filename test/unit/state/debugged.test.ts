// A robot whose VM is a debugger's. Properties that must hold:
// - held at a breakpoint, not started, or without developer tools, it is said to be so, in words with a next step;
// - none of that is a fault: not in the health, whatever its calls did before, and not in the table of who is alive;
// - where no debugger stands between, everything is said as always.
import assert from "node:assert/strict";
import { test } from "node:test";
import { debuggerWords } from "../../../src/state/debugged.js";
import { healthSources, type HealthFacts } from "../../../src/ops/health-sources.js";
import { Sights } from "../../../src/ops/sights.js";
import type { Finding } from "../../../src/state/health.js";
import type { BreakerView } from "../../../src/resilience/breaker.js";
import type { Liveness } from "../../../src/resilience/liveness.js";
import { FakeClock } from "../../../src/time/fake-clock.js";
import type { LinkState } from "../../../src/state/buddy-state.js";
import { FakeServices } from "../../support/services.js";

function link(more: Partial<LinkState> = {}): LinkState {
  return { state: "away", text: "It is away.", sinceS: 3, sessions: 1, ...more };
}

const OPEN: BreakerView = {
  state: "open",
  failures: 9,
  lastError: "no answer",
} as unknown as BreakerView;

async function find(id: string, now: LinkState, breaker?: BreakerView): Promise<Finding> {
  const { vision } = new FakeServices(new FakeClock()).state.snapshot();
  const facts: HealthFacts = {
    views: () => [],
    link: () => now,
    vision: () => vision,
    isRobotLinked: () => now.state === "up",
    late: () => undefined,
    isStarting: () => false,
    isPictureAwaited: () => false,
    breaker: () => breaker,
  };
  const source = healthSources(facts).find((one) => one.id === id);
  assert.ok(source);
  return source.check(new AbortController().signal);
}

test("each way of a debugger to stand between has words and a next step", () => {
  assert.equal(debuggerWords(link({ debugger: "held" }))?.text, "Stopped by the debugger.");
  assert.match(debuggerWords(link({ debugger: "off" }))?.next ?? "", /F5/);
  assert.match(debuggerWords(link({ debugger: "waiting" }))?.next ?? "", /F5/);
  assert.equal(debuggerWords(link({ debugger: "up" })), undefined);
  assert.equal(debuggerWords(link()), undefined);
});

test("a gateway that is down is not the debugger's doing", () => {
  assert.equal(debuggerWords(link({ state: "down", debugger: "held" })), undefined);
});

test("E3: held, robot and link are on their way, whatever calls failed before", async () => {
  const held = link({ debugger: "held" });
  for (const id of ["robot", "link"]) {
    const { level, text, lastError } = await find(id, held, OPEN);
    assert.deepEqual([level, text, lastError], ["busy", "Stopped by the debugger.", undefined], id);
  }
});

test("E3: a robot that is away for another reason is bad, also in a debugger", async () => {
  assert.equal((await find("robot", link({ debugger: "up" }))).level, "bad");
  assert.equal((await find("link", link({ debugger: "up" }))).level, "warn");
});

test("A10: held, nobody is said to be silent", () => {
  const said: string[][] = [];
  const liveness = {
    report: (...words: string[]) => said.push(words),
  } as unknown as Liveness;
  const sights = new Sights(liveness);
  sights.link(link({ debugger: "held", lastCode: "LINK_SILENT", lastReason: "silent" }));
  sights.link(link({ debugger: "up", lastCode: "LINK_SILENT", lastReason: "silent" }));
  assert.deepEqual(said, [
    ["gateway", "firmware", "unknown", "Stopped by the debugger."],
    ["gateway", "firmware", "red", "silent"],
  ]);
});
