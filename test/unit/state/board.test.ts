/** `GET /api/state`, put together: "linked" is never said with the number of another session. A1, A10. */
import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { Board, type BoardDeps } from "../../../src/state/board.js";
import type { PartStatus } from "../../../src/child/messages.js";
import { FakeClock } from "../../../src/time/fake-clock.js";
import { queryFields } from "../../../src/robot/query.js";
import type { BuddyState } from "../../../src/state/buddy-state.js";
import { runningPart } from "../../support/part-views.js";
import { FakeServices } from "../../support/services.js";

const CHIP = {
  name: "esp32c3",
  title: "ESP32-C3",
  busy: 0.43,
  stepsPerS: 101_050,
  longestSliceMs: 31.2,
};

function board(
  isLinked: boolean,
  status: PartStatus,
  said: Partial<Pick<BuddyState, "mind" | "vision" | "voice">> = {},
  robot: PartStatus = {},
): Board {
  const clock = new FakeClock();
  const { vision, mind, voice, health } = { ...new FakeServices(clock).state.snapshot(), ...said };
  const gateway = runningPart("gateway", { generation: 2, restarts: 1, status });
  const deps: BoardDeps = {
    clock,
    version: "0.1.0",
    robot: {
      isLinked,
      lastFields: queryFields.parse({}),
      rttMs: undefined,
      queryAgeMs: undefined,
    },
    views: () => [
      gateway,
      { ...gateway, name: "robot", status: { heapFreeBytes: 40_000, chip: CHIP, ...robot } },
    ],
    vision: () => vision,
    mind: () => mind,
    voice: () => voice,
    health: () => health,
    life: () => ({}),
    redact: (text) => text.replaceAll("canary", "[redacted]"),
  };
  return new Board(deps);
}

describe("the state of all", () => {
  it("A1: linked when the robot answers over a session that the gateway tells of, with its generation", () => {
    const { robot, link } = board(true, { linked: true, generation: 7 }).snapshot();
    assert.deepEqual([robot.linked, robot.generation, link.state], [true, 7, "up"]);
  });

  it("E3: a link that a debugger holds up is said to be so", () => {
    const held = board(false, { linked: false, generation: 3 }, {}, { debug: "held" }).link();
    assert.deepEqual(
      [held.state, held.text, held.debugger],
      ["away", "Stopped by the debugger.", "held"],
    );
    const up = board(true, { linked: true, generation: 3 }, {}, { debug: "up" }).link();
    assert.deepEqual([up.state, up.debugger], ["up", "up"]);
    assert.match(up.text, /^The robot is linked/);
  });

  it("F4: the simulated robot's free heap is told", () => {
    assert.equal(board(true, {}).snapshot().robot.heapFreeBytes, 40_000);
  });

  it("F5: the chip that the simulated robot plays is told, and how busy it is", () => {
    assert.deepEqual(board(true, {}).snapshot().robot.chip, CHIP);
  });

  it("A1: the robot answers already and the restarted gateway has not told of its session yet: not linked", () => {
    for (const status of [{}, { linked: false, generation: 0 }]) {
      const { robot } = board(true, status).snapshot();
      assert.deepEqual([robot.linked, robot.generation], [false, 0]);
    }
  });

  it("A10: the session is there and the robot does not answer: not linked, the link is up", () => {
    const { robot, link } = board(false, { linked: true, generation: 7 }).snapshot();
    assert.deepEqual([robot.linked, link.state], [false, "up"]);
  });

  it("N7: what services say of themselves is told without secrets, all else as it is", () => {
    const before = new FakeServices(new FakeClock()).state.snapshot();
    const words = "nothing answers at http://me:canary@127.0.0.1/v1";
    const models = [{ name: "openai/any", state: "down", text: words }] as const;
    const mind = { ...before.mind, text: words, models: [...models] };
    const vision = { ...before.vision, camera: { ...before.vision.camera, text: words } };
    const voice = { ...before.voice, text: words };
    const lastEnd = { name: "LINK_LOST", words };
    const status = { linked: false, generation: 0, lastEnd };
    const state = board(false, status, { mind, vision, voice }).snapshot();
    assert.doesNotMatch(JSON.stringify(state), /canary/);
    const clean = words.replace("canary", "[redacted]");
    assert.equal(state.mind.models[0]?.text, clean);
    assert.deepEqual(state.vision, { ...vision, camera: { ...vision.camera, text: clean } });
  });
});
