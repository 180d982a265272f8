/**
 * The robot's inner life as `/api/state` tells it. Holds: what the robot says of itself is asked while it is linked and shown
 * with its age afterwards; a robot of another version is shown with what it says; what the mirror gave back is
 * told; boots and outages outlive the companion; nothing of it needs a database. A1, A2, A5.
 */
import assert from "node:assert/strict";
import { mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, beforeEach, describe, it } from "node:test";
import { encodeImage } from "../../../src/wire/image.js";
import { encodeState, newState, STATE_FORMAT } from "../../../src/wire/state.js";
import type { PartMessage } from "../../../src/child/messages.js";
import { makeRobotMemory, type RobotMemory } from "../../../src/store/robot-memory.js";
import { LifeWatch } from "../../../src/store/life-watch.js";
import { DATABASE_FILE } from "../../../src/store/store.js";
import { FakeClock } from "../../../src/time/fake-clock.js";
import { buddyState } from "../../../src/state/buddy-state.js";
import { robotLife } from "../../../src/state/robot-life.js";

const root = mkdtempSync(join(tmpdir(), "buddy-life-"));
after(() => rmSync(root, { recursive: true }));
const A = "aaaaaaaaaaaaaaaa";

class TellingRobot {
  isLinked = false;
  self: unknown = SELF;
  why: unknown = { ok: true, why: [[3, "looked", "its thoughts wander", 0.42, 1]] };
  readonly asked: string[] = [];

  async send(line: string): Promise<string> {
    this.asked.push(line);
    return JSON.stringify(line === "SELF" ? this.self : this.why);
  }
}

const SELF = {
  ok: true,
  idleMotion: true,
  wifi: {
    phase: "online",
    reason: "",
    sinceS: 60,
    joins: 1,
    losses: 0,
    refusals: 0,
    addressChanges: 0,
    radioRestarts: 0,
    outageMs: 0,
  },
  boot: {
    count: 4,
    safe: false,
    bad: 0,
    panics: 1,
    uptimeTotalS: 900,
    reasons: ["power", "first"],
  },
  saved: { generation: 9, ageS: 20, place: "settings", origin: "own", offer: "", error: "" },
  companion: { stage: "here", silenceS: 0, refused: 0 },
  duties: { faults: 3, failing: "memory,wifi", pauseMs: 12 },
  late: { ms: 70, worstMs: 300, level: 2, reliefs: 4 },
};

let clock: FakeClock;
let dir: string;
let robot: TellingRobot;
let memory: RobotMemory;
let life: LifeWatch;
let toGateway: PartMessage[];
let lines: string[];

function start(): void {
  robot = new TellingRobot();
  toGateway = [];
  lines = [];
  const log = (level: string, line: string): void => void lines.push(`${level} ${line}`);
  const onChange = (): void => undefined;
  memory = makeRobotMemory({ dir, clock, log, onChange, toGateway: (m) => toGateway.push(m) });
  life = new LifeWatch({ robot, memory, clock, log, onChange });
  memory.start();
  life.start();
}

function stop(): void {
  life.stop();
  memory.stop();
}

beforeEach(() => {
  dir = mkdtempSync(join(root, "t-"));
  clock = new FakeClock();
  start();
});

function image(generation: number): string {
  const state = newState();
  state.boots = 70;
  state.traits[0] = 0.31;
  return encodeImage(generation, STATE_FORMAT, encodeState(state)).toString("base64");
}

function link(): void {
  robot.isLinked = true;
  life.noteLink(true, A);
}

describe("robot life", () => {
  it("knows nothing at first, and says nothing", () => {
    assert.deepEqual(life.view(), { life: [] });
    assert.equal(life.late, undefined);
    stop();
  });

  it("A2: asks a linked robot of itself, shows it as it says, and its age when it is away", async () => {
    await clock.advance(5000);
    assert.deepEqual(robot.asked, []);
    link();
    await clock.advance(4000);
    assert.deepEqual([...new Set(robot.asked)], ["SELF", "WHY"]);
    const view = robotLife.parse(life.view());
    assert.equal(view.boots, 4);
    assert.deepEqual(view.bootReasons, ["power", "first"]);
    assert.equal(view.wifi?.phase, "online");
    assert.equal(view.saved?.place, "settings");
    assert.equal(view.saved?.origin, "own");
    assert.deepEqual(view.failing, ["memory", "wifi"]);
    assert.deepEqual(view.late, SELF.late);
    assert.deepEqual(life.late, SELF.late);
    assert.equal(view.causes?.[0]?.why, "its thoughts wander");
    robot.isLinked = false;
    const asked = robot.asked.length;
    await clock.advance(60_000);
    assert.equal(robot.asked.length, asked);
    assert.ok((life.view().selfAgeMs ?? 0) >= 60_000);
    assert.ok((life.view().causes?.[0]?.agoS ?? 0) >= 63, "causes grow old as well");
    assert.ok((life.view().saved?.ageS ?? 0) >= 80);
    stop();
  });

  it("shows a robot of another version with what it says, and asks one that says nothing seldom", async () => {
    robot.self = {
      ok: true,
      boot: { count: 2, reasons: "none" },
      saved: { generation: -4 },
      more: 1,
    };
    robot.why = { ok: false, reason: "unknown_command" };
    link();
    await clock.advance(50_000);
    assert.equal(life.view().boots, 2);
    assert.equal(life.view().saved?.generation, 0);
    assert.equal(life.view().wifi, undefined);
    assert.equal(life.view().causes, undefined);
    assert.equal(robot.asked.filter((line) => line === "WHY").length, 2, "each 30 s");
    assert.equal(lines.filter((line) => /WHY is not understood/.test(line)).length, 1);
    robot.isLinked = false;
    await clock.advance(1000);
    link();
    await clock.advance(5000);
    assert.equal(
      robot.asked.filter((line) => line === "WHY").length,
      3,
      "a new link is a new chance",
    );
    stop();
  });

  it("A5: a robot that lost its memory is offered it, and the state tells what it took", async () => {
    link();
    memory.takeMessage({ type: "mirror", deviceId: A, session: 1, data: image(9) });
    await clock.advance(2000);
    assert.equal(life.view().saved?.mirror?.generation, 9);
    assert.equal(life.view().traits?.["curiosity"], 0.31);
    memory.takeMessage({ type: "mirror", deviceId: A, session: 2, data: "" });
    assert.deepEqual(toGateway, [{ type: "mirror", deviceId: A, data: image(9) }]);
    robot.self = { ...SELF, saved: { ...SELF.saved, offer: "not saved", origin: "fresh" } };
    await clock.advance(4000);
    const { saved } = life.view();
    assert.equal(saved?.took, "not saved");
    assert.equal(saved?.mirror?.offered?.result, "not saved");
    memory.takeMessage({ type: "mirror", deviceId: A, session: 2, data: "AAAA" });
    assert.match(life.view().saved?.mirror?.refused ?? "", /length/);
    memory.takeMessage({ type: "mirror", deviceId: "x", session: 2, data: "" });
    assert.ok(lines.some((line) => /malformed/.test(line)));
    stop();
  });

  it("A5: while the robot is away after a restart, the mirror tells what is kept of it", () => {
    link();
    memory.takeMessage({ type: "mirror", deviceId: A, session: 1, data: image(9) });
    stop();
    start();
    const view = life.view();
    assert.equal(view.saved?.place, "mirror");
    assert.equal(view.saved?.generation, 9);
    assert.equal(view.boots, 70);
    stop();
  });

  it("A1: a boot and a gap of the link are remembered over a restart of the companion", async () => {
    link();
    memory.takeMessage({ type: "mirror", deviceId: A, session: 1, data: image(9) });
    await clock.advance(3000);
    robot.isLinked = false;
    life.noteLink(false, "");
    await clock.advance(7000);
    robot.self = { ...SELF, boot: { ...SELF.boot, count: 5, reasons: ["watchdog", "power"] } };
    link();
    await clock.advance(3000);
    const words = (): string[] | undefined => life.view().life?.map(({ text }) => text);
    assert.deepEqual(words(), ["Not linked", "Started again by its watchdog"]);
    assert.equal(life.view().life?.[0]?.durationMs, 7000);
    stop();
    start();
    assert.deepEqual(words(), ["Not linked", "Started again by its watchdog"]);
    stop();
  });

  it("A5: without a database everything that the robot says is there all the same", async () => {
    stop();
    rmSync(dir, { recursive: true });
    mkdirSync(join(dir, DATABASE_FILE), { recursive: true });
    start();
    link();
    memory.takeMessage({ type: "mirror", deviceId: A, session: 1, data: image(9) });
    await clock.advance(3000);
    life.noteLink(false, "");
    await clock.advance(5000);
    life.noteLink(true, A);
    const view = life.view();
    assert.equal(view.boots, 4);
    assert.equal(view.saved?.mirror, undefined);
    assert.equal(view.life?.length, 1);
    const finding = await memory.health.check(new AbortController().signal);
    assert.equal(finding.level, "bad");
    assert.match(finding.text, /Nothing is remembered meanwhile/);
    stop();
  });

  it("fits into the state that the page and programs read", () => {
    assert.ok(robotLife.keyof().options.every((key) => key in buddyState.shape.robot.shape));
    stop();
  });
});
