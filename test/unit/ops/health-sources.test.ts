// Properties: a robot that is late says what it gives up; what a part's change makes stale is asked again, and each id that is
// named there is one of a source; while a robot may still come by itself nothing of it is red; a process that looks well does not
// hide what is down in it.
import assert from "node:assert/strict";
import { test } from "node:test";
import { startOptionsSchema } from "../../../src/companion/options.js";
import { partSpecs } from "../../../src/companion/parts.js";
import { healthSources, sourcesOfPart, type HealthFacts } from "../../../src/ops/health-sources.js";
import { isOnItsWay } from "../../../src/ops/on-its-way.js";
import type { LinkState, VisionState } from "../../../src/state/buddy-state.js";
import type { Finding } from "../../../src/state/health.js";
import type { PartView } from "../../../src/supervisor/supervisor-types.js";
import { FakeClock } from "../../../src/time/fake-clock.js";
import { runningPart } from "../../support/part-views.js";
import { FakeServices } from "../../support/services.js";

const NOW_MS = 1_700_000_000_000;

function part(name: string, phase: PartView["phase"], fields: Partial<PartView> = {}): PartView {
  const ready = phase === "running";
  return runningPart(name, { phase, ready, sinceWallMs: NOW_MS, why: "why", ...fields });
}

const unasked = (): never => assert.fail("not asked");
/** Facts that nobody may ask for. */
const UNASKED: HealthFacts = {
  views: unasked,
  link: unasked,
  vision: unasked,
  isRobotLinked: unasked,
  late: unasked,
  isStarting: unasked,
  isPictureAwaited: unasked,
  breaker: unasked,
};

async function findings(
  views: PartView[],
  link: LinkState["state"],
  wallMs = NOW_MS,
  seen: Partial<VisionState> = {},
): Promise<Record<string, Finding>> {
  const vision = { ...new FakeServices(new FakeClock()).state.snapshot().vision, ...seen };
  const sources = healthSources({
    views: () => views,
    link: () => ({ state: link, text: "The gateway waits for the robot.", sinceS: 0, sessions: 0 }),
    vision: () => vision,
    isRobotLinked: () => link === "up",
    late: () => undefined,
    isStarting: () => isOnItsWay(views, wallMs),
    isPictureAwaited: () => false,
    breaker: () => undefined,
  });
  const found: Record<string, Finding> = {};
  for (const { id, check } of sources) found[id] = await check(new AbortController().signal);
  return found;
}

const levels = (found: Record<string, Finding>): (string | undefined)[] =>
  ["robot", "link"].map((id) => found[id]?.level);

test("A8: while gateway or robot start, however long, and 30 s after, nothing of the robot is red", async () => {
  const waiting = [part("gateway", "starting"), part("robot", "waiting")];
  assert.deepEqual(levels(await findings(waiting, "down", NOW_MS + 600_000)), ["busy", "busy"]);
  const slow = [part("gateway", "running"), part("robot", "starting")];
  assert.deepEqual(levels(await findings(slow, "away", NOW_MS + 600_000)), ["busy", "busy"]);
  const ready = [part("gateway", "running"), part("robot", "running")];
  assert.deepEqual(levels(await findings(ready, "away", NOW_MS + 29_000)), ["busy", "busy"]);
  assert.deepEqual(levels(await findings(ready, "away", NOW_MS + 31_000)), ["bad", "warn"]);
  const real = [part("gateway", "running")];
  assert.deepEqual(levels(await findings(real, "away", NOW_MS + 29_000)), ["busy", "busy"]);
  assert.deepEqual(levels(await findings(real, "away", NOW_MS + 31_000)), ["bad", "warn"]);
});

test("a robot whose part was given up, and a gateway that died, are red at once", async () => {
  const givenUp = [part("gateway", "running"), part("robot", "givenUp")];
  assert.deepEqual(levels(await findings(givenUp, "away")), ["bad", "warn"]);
  const died = [part("gateway", "backoff"), part("robot", "running")];
  assert.deepEqual(levels(await findings(died, "down")), ["bad", "bad"]);
});

test("a VM that is down is told, though the process that keeps it runs", async () => {
  const level = async (status: object): Promise<Finding | undefined> => {
    const robot = part("robot", "running", { status: { wifi: true, ...status } });
    return (await findings([part("gateway", "running"), robot], "up"))["process-robot"];
  };
  assert.equal((await level({ vm: "running" }))?.level, "ok");
  assert.equal((await level({ vm: "starting" }))?.level, "busy");
  const down = await level({ vm: "waiting", lastFault: "Aborted()" });
  assert.deepEqual([down?.level, down?.text], ["bad", "Its VM is down: Aborted()."]);
  assert.equal((await level({ vm: "running", unstable: true, lastFault: "x" }))?.level, "warn");
});

test("C1: a detector that gives nothing is told, though its process runs", async () => {
  const views = [part("gateway", "running"), part("vision", "running")];
  const finding = async (state: VisionState["detector"]["state"]): Promise<unknown[]> => {
    const detector = { state, text: `It is ${state}.`, framesPerS: 0 };
    const found = (await findings(views, "up", NOW_MS, { detector }))["process-vision"];
    return [found?.level, found?.text.includes(`It is ${state}.`)];
  };
  assert.deepEqual(await finding("silent"), ["bad", true]);
  assert.deepEqual(await finding("slow"), ["warn", true]);
  assert.deepEqual((await finding("works"))[0], "ok");
  assert.deepEqual((await finding("starting"))[0], "busy");
  const again = [part("gateway", "running"), part("vision", "starting")];
  const detector = { state: "silent", text: "It is silent.", framesPerS: 0 } as const;
  const found = (await findings(again, "up", NOW_MS, { detector }))["process-vision"];
  assert.equal(found?.level, "busy", "what starts has given nothing yet, and that is no fault");
});

test("C1: a slow camera is a warning", async () => {
  const views = [part("gateway", "running"), part("vision", "running")];
  const camera = { state: "slow", text: "The camera is slow.", framesPerS: 0.5 } as const;
  const found = await findings(views, "up", NOW_MS, { camera });
  assert.deepEqual([found["camera"]?.level, found["camera"]?.text], ["warn", camera.text]);
});

test("every source that a part's change asks again is there", () => {
  const specs = partSpecs(startOptionsSchema.parse({}), {
    linkKey: "",
    token: undefined,
    ownKey: "0".repeat(32),
  });
  const views = specs.map(({ name }) => ({ name }) as PartView);
  const sources = healthSources({ ...UNASKED, views: () => views });
  // The voice brings its own.
  const ids = new Set([...sources.map(({ id }) => id), "speech"]);
  for (const { name } of specs) {
    const missing = sourcesOfPart(name).filter((id) => !ids.has(id));
    assert.deepEqual(missing, [], name);
  }
});

test("a robot that is late is a warning that says by how much and what it gives up", async () => {
  const source = (level: number): Promise<Finding> => {
    const sources = healthSources({
      views: () => [],
      link: () => ({ state: "up", text: "", sinceS: 1, sessions: 1 }) as LinkState,
      vision: () => assert.fail("not asked"),
      isRobotLinked: () => true,
      late: () => ({ ms: 70, worstMs: 300, level, reliefs: 4 }),
      isStarting: () => false,
      isPictureAwaited: () => false,
      breaker: () => undefined,
    });
    const robot = sources.find(({ id }) => id === "robot");
    return Promise.resolve(robot?.check(new AbortController().signal) as Promise<Finding>);
  };
  assert.deepEqual(await source(0), { level: "ok", text: "It answers commands.", next: "" });
  const late = await source(3);
  assert.equal(late.level, "warn");
  assert.equal(
    late.text,
    "Its program is 70 ms late and has given up three quarters of its motion rate and ambient motion.",
  );
  assert.match((await source(1)).text, /given up half of its motion rate\.$/);
  assert.match((await source(5)).text, /pushes to its clients and new clients\.$/);
});

test("G7: a part whose memory grows is a warning that says from what to what, unless it is worse off", async () => {
  const said = async (phase: PartView["phase"]): Promise<Finding> => {
    const sources = healthSources({
      ...UNASKED,
      views: () => [part("voice", phase)],
      grown: (name) => (name === "voice" ? { fromBytes: 60e6, toBytes: 118e6 } : undefined),
      breaker: () => undefined,
    });
    const voice = sources.find(({ id }) => id === "process-voice");
    return (await voice?.check(new AbortController().signal)) as Finding;
  };
  const { level, text } = await said("running");
  assert.equal(level, "warn");
  assert.match(text, /118 MB, 60 MB after/);
  assert.equal((await said("givenUp")).level, "bad");
});
