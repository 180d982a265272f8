/**
 * The simulated robot against its own test program in the stock VM. Properties: the peers are a board's, settings
 * arrive, every way a VM can fail is noticed and ends in a robot that runs again, heap figures are true.
 */
import assert from "node:assert/strict";
import { after, afterEach, describe, it } from "node:test";
import { deviceIdOf } from "../../../src/simulator/simulator.js";
import { systemClock } from "../../../src/time/clock.js";
import { isAlive } from "../../support/processes.js";
import { scratch, startRobot, stopRobots } from "../../support/simulator.js";
import { until } from "../../../src/time/until.js";

afterEach(stopRobots);
after(stopRobots);

describe("F1: the stock VM with the peers of a board", () => {
  it("binds each role to the servo of its name, with a range of -90..90", async () => {
    const { robot, servo, line } = await bound("servo");
    await line(/^range -90 90$/);
    await line(/^tilt -90$/);
    assert.deepEqual(
      servo.map(({ axis, deg }) => [axis, deg]),
      [
        ["base", 100.5],
        ["nod", 70],
        ["tilt", 0],
      ],
    );
    assert.deepEqual(robot.pose().commanded, { base: 100.5, nod: 70, tilt: 0 });
  });

  it("moves its motors at a limited speed to where they were told", async () => {
    const { robot, servo, line } = await bound("servo");
    await line(/^range/);
    await until("the tilt command", 5000, () => servo.length === 3);
    assert.ok(robot.pose().actual.tilt > 60, `${robot.pose().actual.tilt}`);
    await until("the end of the way", 5000, () => robot.pose().actual.tilt === 0);
    assert.deepEqual(robot.pose().actual, robot.pose().commanded);
  });

  it("tells the program of its WiFi: registers, lostIp and gotIp, addresses of 0 or 4 bytes", async () => {
    const { robot, line } = await bound("wifi", {}, { wifi: false });
    await line(/^watching -128$/);
    robot.wifi(true);
    await line(/^gotIp 0a0000020* -52 buddy-sim/);
    assert.equal(robot.status().joined, true);
    robot.wifi(false);
    await line(/^lostIp *0*$/);
    assert.equal(robot.status().joined, false);
  });

  it("lets the program switch its radio off and on; on again and again does not keep it from joining", async () => {
    const { line } = await bound("switch");
    await line(/^at first true 0a000002/);
    await line(/^off false *0*$/);
    await line(/^on again 0a000002/);
    await line(/^on true 0a000002/);
  });
});

describe("settings through the device's own service", () => {
  it("are read by the program, and kept by the flash over a restart of the whole robot", async () => {
    const dataDir = scratch();
    const settings = { n: 4711, text: "Grüße €" };
    const first = await startRobot("plain", { dataDir, settings });
    await first.line(/^mode plain 4711 Grüße €$/);
    await first.robot.stop();

    const second = await startRobot("plain", { dataDir, settings });
    await second.line(/^mode plain 4711 Grüße €$/);
    assert.equal(second.said.filter((text) => text.startsWith("mode ")).length, 1);

    await second.robot.stop();
    const third = await startRobot("plain", { dataDir, settings: { n: 7 } });
    await third.line(/^mode plain 7 Grüße €$/);
  });

  it("that do not fit are refused before anything starts", async () => {
    await assert.rejects(startRobot("plain", { settings: { text: "x".repeat(226) } }), {
      code: "SIM_PROVISION",
    });
    await assert.rejects(startRobot("plain", { settings: { fourteen_chars: 1 } }), {
      code: "SIM_PROVISION",
    });
  });
});

describe("A1: a robot that fails boots again", () => {
  it("reports a panic with its code and source position, and the program's next start", async () => {
    const watched = await startRobot("panic");
    await watched.line(/at fail .*\(.*simulated\.ts:\d+:\d+\)/);
    await until("the panic", 5000, () => watched.panics.length > 0);
    assert.deepEqual(watched.panics.slice(0, 1), [60005]);
    assert.equal(watched.robot.status().lastPanic, 60005);
    const lines = watched.said.length;
    await watched.line(/^mode panic/, 15_000, lines);
    assert.equal(watched.robot.status().restarts, 0, "the process is the same");
  });

  it("reports a restart that the program asked for as one, not as a panic", async () => {
    const watched = await startRobot("restart");
    await until("the restart", 5000, () => watched.restarts > 0);
    const lines = watched.said.length;
    await watched.line(/^mode restart/, 15_000, lines);
    assert.deepEqual(watched.panics, []);
  });

  it("replaces a VM that aborted natively, whose process would live on", async () => {
    const watched = await startRobot("abort");
    const pid = watched.robot.status().pid ?? 0;
    await until(
      () => `the abort\n${watched.said.join("\n")}`,
      15_000,
      () => watched.lost.length > 0,
    );
    assert.match(watched.lost[0] ?? "", /Aborted|RuntimeError/);
    assert.ok(!isAlive(pid));
    await until("the next boot", 15_000, () => watched.ups === 2);
    assert.equal(watched.robot.status().restarts, 1);
    assert.notEqual(watched.robot.status().pid, pid);
  });

  it("replaces a VM that a program keeps from its bus", async () => {
    const watched = await startRobot("starve");
    await until("the loss", 20_000, () => watched.lost.length > 0);
    assert.match(watched.lost[0] ?? "", /silent/);
    await until("the next boot", 15_000, () => watched.ups === 2);
  });

  it("notices a kill -9 at once and boots again", async () => {
    const watched = await startRobot("plain");
    process.kill(watched.robot.status().pid ?? 0, "SIGKILL");
    await until("the loss", 5000, () => watched.lost.length > 0);
    assert.match(watched.lost[0] ?? "", /SIGKILL/);
    const lines = watched.said.length;
    await watched.line(/^mode plain/, 15_000, lines);
    assert.equal(watched.robot.status().unstable, false);
  });

  it("says what is missing before it starts", async () => {
    await assert.rejects(startRobot("plain", { firmware: "/nowhere/bytecode.devs" }), {
      code: "SIM_FIRMWARE_MISSING",
    });
  });
});

describe("F4: heap figures", () => {
  it("rise by what the program keeps", async () => {
    const used = async (bytes: number): Promise<number> => {
      const { robot, line } = await bound("plain", { bytes });
      await line(/^mode/);
      const heap = await robot.heap(true);
      assert.ok(heap);
      assert.equal(heap.usedBytes + heap.freeBytes, 65_524);
      assert.ok(heap.freeBlockBytesMax <= heap.freeBytes);
      return heap.usedBytes;
    };
    const grown = (await used(20_000)) - (await used(0));
    assert.ok(Math.abs(grown - 20_012) <= 200, `20,000 bytes kept, ${grown} more in use`);
  });
});

describe("several robots on one machine", () => {
  it("do not hear each other", async () => {
    const one = await startRobot("servo", { deviceId: deviceIdOf("one") });
    const two = await startRobot("plain", { deviceId: deviceIdOf("two") });
    await one.line(/^tilt/);
    await two.line(/^mode plain/);
    assert.equal(one.servo.length, 3);
    assert.equal(two.servo.length, 0);
    assert.deepEqual(two.robot.pose().commanded, { base: 90, nod: 115, tilt: 85 });
  });
});

it("stops within 2 s and leaves no process", async () => {
  const { robot } = await startRobot("plain");
  const pid = robot.status().pid ?? 0;
  const startMs = systemClock.nowMs();
  await robot.stop();
  assert.ok(!isAlive(pid));
  assert.ok(systemClock.nowMs() - startMs < 2000);
  assert.equal(robot.status().vm, "stopped");
});

async function bound(mode: string, settings = {}, options = {}) {
  const watched = await startRobot(mode, { ...options, settings });
  const { robot, servo } = watched;
  return { robot, servo, line: (pattern: RegExp) => watched.line(pattern) };
}
