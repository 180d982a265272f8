/**
 * The simulator at a chip's pace, against a program whose work is known, and once with the firmware itself. Properties:
 * a slice takes the chip's time; what comes meanwhile waits, and nothing of it is lost; no more steps are executed than the
 * chip has; heap and radio are the chip's; a chip that is kept busy is not taken for a dead one.
 */
import assert from "node:assert/strict";
import { once } from "node:events";
import { createServer, type Server, type Socket } from "node:net";
import { join } from "node:path";
import { after, afterEach, before, describe, it, type TestContext } from "node:test";
import WebSocket from "ws";
import type { SimulatedBus } from "../../../src/simulator/bus.js";
import { CHIPS, PORT } from "../../../src/simulator/vm/chips.js";
import { jacdac, type JDDevice, type Packet as JDPacket } from "../../../src/usb/jacdac.js";
import { deviceIdOf } from "../../../src/simulator/simulator.js";
import { systemClock } from "../../../src/time/clock.js";
import { until } from "../../../src/time/until.js";
import { startGateway } from "../../support/gateway.js";
import { TEST_KEY } from "../../support/fake-device.js";
import { root } from "../../support/buddy-process.js";
import { scratch, startRobot, stopRobots, Watched } from "../../support/simulator.js";

const { CMD_GET_REG, ControlReg, Packet } = jacdac;

/** 100,800 steps: near the 131,072 after which the VM ends a program. */
const ROUNDS = 11_200;
const STEPS_MIN = 100_000;
const FRAMES = 20;
const CHIP = "esp32c3";
/** What may be made up for at a window's edge, and how exactly it is timed. */
const EDGE_MS = 5;
const SEEN_LATE_MS = 25;

afterEach(stopRobots);

describe("F5: a slice at a chip's pace", () => {
  let host: Server;
  let socket: Socket | undefined;
  let heard = "";
  let onLetter: (letter: string) => void = () => undefined;

  before(async () => {
    host = createServer((connection) => {
      socket = connection.setNoDelay(true);
      connection.on("data", (data) => {
        for (const letter of data.toString("latin1")) {
          heard += letter;
          onLetter(letter);
        }
      });
      connection.on("error", () => undefined);
    });
    host.listen(0, "127.0.0.1");
    await once(host, "listening");
  });
  after(() => {
    socket?.destroy();
    host.close();
  });

  it("takes as long as there; frames and bytes that come meanwhile wait, and all arrive", async () => {
    const { robot } = await startRobot("slice", {
      chip: CHIP,
      profile: true,
      link: { host: "127.0.0.1", port: linkPort(host), key: "0".repeat(64) },
      settings: { rounds: ROUNDS },
    });
    await until("a connection", 20_000, () => socket !== undefined);
    await robot.profile();
    const device = busOf(robot).jd.device(deviceIdOf("test robot"));
    assert.ok(device);
    const replies = countReplies(device);
    const at: Record<string, { ms: number; replies: number }> = {};
    onLetter = (letter) => (at[letter] ??= { ms: systemClock.nowMs(), replies: replies.count });
    socket?.write("g");
    await until("the slice's begin", 10_000, () => heard.includes("("));
    for (let i = 0; i < FRAMES; i++) {
      socket?.write("x");
      await askUptime(device);
    }
    const sentMs = systemClock.nowMs();
    await until("the slice's end", 10_000, () => heard.includes(")"));
    const [begin, end] = [at["("], at[")"]];
    assert.ok(begin && end);
    assert.ok(sentMs < end.ms, "all was sent while the slice ran");
    assert.equal(end.replies, 0, "no frame is answered while the slice runs");
    const tookMs = end.ms - begin.ms;
    const steps = (await robot.profile())?.longest.steps ?? 0;
    assert.ok(steps >= STEPS_MIN, `${steps} steps`);
    assert.ok(tookMs >= 400, `${tookMs} ms for ${steps} steps`);
    // Its begin may be seen late on a busy machine, its end is not seen early.
    assert.ok(tookMs >= (STEPS_MIN * 1000) / CHIPS[CHIP].stepsPerS - SEEN_LATE_MS, `${tookMs} ms`);
    await until("all frames to be answered", 10_000, () => replies.count === FRAMES);
    await until("all bytes to be echoed", 10_000, () => heard.length === 2 + FRAMES);
    assert.equal(heard, `()${"x".repeat(FRAMES)}`, "nothing is echoed while the slice runs");
    assert.equal(robot.status().restarts, 0);
  });
});

describe("F5: a chip that is kept busy", () => {
  it("executes no more steps than it has, is told as busy, and is not taken for dead", async () => {
    // Ten times 9,000 steps are 383 ms here and next to nothing on a PC, which would do 450,000 steps a second.
    const settings = { rounds: 1000, pause_ms: 100 };
    const { robot, lost } = await startRobot("work", { chip: CHIP, profile: true, settings });
    await until("a busy chip", 15_000, () => (robot.status().chip?.busy ?? 0) > 0.6);
    await robot.profile();
    for (let window = 0; window < 4; window++) {
      await systemClock.sleep(1000); // What is counted in, not waited for.
      const counted = await robot.profile();
      assert.ok(counted);
      const most = ((counted.ms + EDGE_MS) * CHIPS[CHIP].stepsPerS) / 1000;
      assert.ok(counted.steps <= most, `${counted.steps} steps in ${counted.ms} ms`);
      assert.ok(counted.steps > most / 10, `${counted.steps} steps in ${counted.ms} ms`);
    }
    const chip = robot.status().chip;
    assert.deepEqual([chip?.name, chip?.title], [CHIP, "ESP32-C3"]);
    assert.ok(chip && chip.busy > 0.6 && chip.busy <= 1, `${chip?.busy}`);
    assert.ok(chip.longestSliceMs >= 35 && chip.longestSliceMs < 80, `${chip.longestSliceMs} ms`);
    assert.deepEqual(lost, []);
  });
});

describe("F1: the rest of a chip", () => {
  it("F4: an S2 has a heap of 40 KB", async () => {
    const { robot } = await startRobot("plain", { chip: "esp32s2" });
    const heap = await robot.heap();
    assert.ok(heap);
    assert.equal(heap.usedBytes + heap.freeBytes, 40 * 1024 - 12);
  });

  it("A2: it looks for its network 2 s after it boots, and has no address before the scan is over", async () => {
    const watched = await startRobot("plain", { chip: CHIP });
    const { robot } = watched;
    robot.kill();
    await until("the next boot", 15_000, () => watched.ups === 2);
    const upMs = systemClock.nowMs();
    assert.equal(robot.status().joined, false);
    await until("its address", 15_000, () => robot.status().joined);
    assert.ok(systemClock.nowMs() - upMs >= PORT.firstScanMs + PORT.scanMs - 100);
  });
});

/** What must be free with a companion and a client, bytes: the longest message and its answers fit four times. */
const FREE_BYTES_MIN = 8192;

describe("F5: the firmware at a chip's pace", () => {
  for (const chip of [CHIP, "esp32s2"] as const) {
    it(`F4: comes up, links, answers and has heap to spare as an ${CHIPS[chip].title}`, async (t) => {
      const { gateway, linkPort: port, tcpPort } = await startGateway(t);
      const watched = new Watched({
        dataDir: scratch(),
        firmware: join(root, "dist/firmware/sim.devs"),
        deviceId: deviceIdOf("test robot"),
        link: { host: "127.0.0.1", port, key: TEST_KEY.toString("hex") },
        chip,
        clock: systemClock,
      });
      await watched.robot.start();
      await until("the link", 30_000, () => gateway.status().linked);
      const answer = JSON.parse(await answerOf(t, tcpPort)) as Record<string, unknown>;
      assert.equal(answer["tracking"], false);
      assert.equal(watched.robot.status().chip?.name, chip);
      const heap = await watched.robot.heap(true);
      assert.ok(heap);
      t.diagnostic(`${chip}: ${heap.usedBytes} bytes of heap live, ${heap.freeBytes} free`);
      assert.ok(heap.freeBytes >= FREE_BYTES_MIN, `${heap.freeBytes} bytes free`);
    });
  }
});

/** Its answer to QUERY; a chip that is late with its link or its answer is asked again. */
async function answerOf(t: TestContext, port: number): Promise<string> {
  const endMs = systemClock.nowMs() + 30_000;
  const said: string[] = [];
  while (systemClock.nowMs() < endMs) {
    const client = new WebSocket(`ws://127.0.0.1:${port}/`, { perMessageDeflate: false });
    t.after(() => client.terminate());
    client.on("message", (data: Buffer) => said.push(data.toString()));
    client.on("open", () => client.send("QUERY"));
    const ended = new Promise<void>((resolve) => {
      client.on("close", () => resolve());
      client.on("error", () => resolve());
    });
    while (client.readyState <= WebSocket.OPEN && systemClock.nowMs() < endMs) {
      const reply = said.find((text) => text.includes('"servoBase"'));
      if (reply !== undefined) return reply;
      await Promise.race([ended, systemClock.sleep(50)]);
    }
  }
  return assert.fail(`no answer to QUERY within 30 s; it said: ${said.join(" ")}`);
}

function linkPort(server: Server): number {
  const address = server.address();
  assert.ok(address !== null && typeof address === "object");
  return address.port;
}

/** The bus of a robot: tests look at single frames, which its users do not. */
function busOf(robot: object): SimulatedBus {
  return Reflect.get(robot, "bus") as SimulatedBus;
}

function countReplies(device: JDDevice): { count: number } {
  const replies = { count: 0 };
  device.on(jacdac.PACKET_REPORT, (packet: JDPacket) => {
    const isUptime = packet.serviceCommand === (CMD_GET_REG | ControlReg.Uptime);
    if (packet.serviceIndex === 0 && isUptime) replies.count++;
  });
  return replies;
}

async function askUptime(device: JDDevice): Promise<void> {
  const packet = Packet.onlyHeader(CMD_GET_REG | ControlReg.Uptime);
  packet.serviceIndex = 0;
  await packet.sendCmdAsync(device);
}
