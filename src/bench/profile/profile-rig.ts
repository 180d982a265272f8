/**
 * One robot whose work is counted: the firmware in the stock VM, the real gateway, the companion's own connection, and
 * whoever else a scenario brings. All but the VM run in this process; what they cost is not counted.
 */
import { createSocket } from "node:dgram";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { randomBytes } from "node:crypto";
import WebSocket from "ws";
import { portOf } from "../../companion/parts.js";
import { RobotWatch } from "../../robot/robot-watch.js";
import { SelfWatch } from "../../robot/self-watch.js";
import { Gateway } from "../../gateway/gateway.js";
import type { GatewayDoors } from "../../gateway/gateway-types.js";
import { MemoryGenerations } from "../../gateway/generations.js";
import { Resilience } from "../../resilience/resilience.js";
import { deviceIdOf, SimulatedRobot } from "../../simulator/simulator.js";
import type { VmProfile } from "../../simulator/vm/vm-answers.js";
import { systemChance } from "../../time/chance.js";
import { systemClock, type CancelTimer, type Clock } from "../../time/clock.js";
import { until } from "../../time/until.js";
import { ROBOT_TCP_PORT, ROBOT_UDP_PORT } from "../../wire/limits.js";

const LINK_MS_MAX = 30_000;
/** Lines that are told when something does not come about. */
const LINES_MAX = 15;

export class ProfileRig {
  readonly clock: Clock = systemClock;
  private readonly ends: (() => void | Promise<void>)[] = [];
  private failure: unknown;

  private constructor(
    readonly robot: SimulatedRobot,
    private readonly gateway: Gateway,
    private readonly doors: GatewayDoors,
    /** What robot and gateway said last. */
    private readonly lines: readonly string[],
  ) {}

  /** @param firmware bytecode file. @returns a robot that is linked. */
  static async start(firmware: string): Promise<ProfileRig> {
    const key = randomBytes(32);
    const lines: string[] = [];
    const said = (line: string): void => void (lines.push(line) > LINES_MAX && lines.shift());
    const gateway = new Gateway({
      linkPort: 0,
      doors: [
        { protocol: "tcp", robotPort: ROBOT_TCP_PORT, port: 0 },
        { protocol: "udp", robotPort: ROBOT_UDP_PORT, port: 0 },
      ],
      keys: new Map([["*", key]]),
      generations: new MemoryGenerations(),
      log: (_level, message) => said(`gateway: ${message}`),
    });
    const doors = await gateway.start();
    const dataDir = mkdtempSync(join(tmpdir(), "buddy-profile-"));
    const robot = new SimulatedRobot({
      dataDir,
      firmware,
      deviceId: deviceIdOf("profile"),
      link: { host: "127.0.0.1", port: portOf(doors.link), key: key.toString("hex") },
      profile: true,
      clock: systemClock,
    });
    robot.on("console", (text) => said(`robot: ${text}`));
    robot.on("talk", (text) => said(`vm: ${text}`));
    robot.on("panic", (code) => said(`robot: panic ${code}`));
    robot.on("lost", (why) => said(`robot: lost, ${why}`));
    const rig = new ProfileRig(robot, gateway, doors, lines);
    rig.atEnd(() => rmSync(dataDir, { recursive: true, force: true }));
    rig.atEnd(() => gateway.stop());
    rig.atEnd(() => robot.stop());
    try {
      await robot.start();
      await rig.linked();
      return rig;
    } catch (error) {
      await rig.stop();
      throw error;
    }
  }

  async stop(): Promise<void> {
    for (const end of this.ends.splice(0).reverse()) await end();
  }

  /** @param end called when the rig stops, the newest first. */
  atEnd(end: () => void | Promise<void>): void {
    this.ends.push(end);
  }

  async linked(): Promise<void> {
    await until(this.told("the robot's link"), LINK_MS_MAX, () => this.gateway.status().linked);
  }

  /**
   * What was counted since the last call; undefined while the VM boots.
   * @throws what a part of the load has reported (`fail`).
   */
  async count(): Promise<VmProfile | undefined> {
    if (this.failure !== undefined) throw this.failure;
    return this.robot.profile();
  }

  /** What `buddy start` asks of the robot and has it push, by the same code. */
  async companion(): Promise<void> {
    const quiet = (): void => undefined;
    const resilience = new Resilience();
    const watch = new RobotWatch({
      door: () => this.doors.tcp[ROBOT_TCP_PORT],
      clock: this.clock,
      chance: systemChance,
      policies: {
        breaker: ({ id }) => resilience.breaker(id),
        policy: (operation, { backend, ...options }) =>
          resilience.policy({ ...options, operation, breaker: resilience.breaker(backend.id) }),
        recovered: quiet,
      },
      poses: { push: quiet, clear: quiet },
      sights: { robotHeard: quiet, robotLost: quiet },
      onChange: quiet,
      log: quiet,
      token: undefined,
    });
    const self = new SelfWatch({
      robot: watch,
      clock: this.clock,
      onSelf: quiet,
      onChange: quiet,
      log: quiet,
    });
    this.atEnd(() => {
      self.stop();
      watch.stop();
      resilience.close();
    });
    watch.start();
    self.start();
    await until(this.told("the companion's connection"), LINK_MS_MAX, () => watch.isLinked);
  }

  /** A plain WebSocket client of the robot, greeted. */
  async client(): Promise<WebSocket> {
    const door = this.doors.tcp[ROBOT_TCP_PORT] ?? "";
    const socket = new WebSocket(`ws://${door}/`, { perMessageDeflate: false });
    this.atEnd(() => socket.terminate());
    let isGreeted = false;
    socket.once("message", () => (isGreeted = true));
    let trouble: Error | undefined;
    socket.on("error", (error) => (trouble = error));
    await until(this.told("the robot's greeting"), LINK_MS_MAX, () => {
      if (trouble !== undefined) throw trouble;
      return isGreeted;
    });
    return socket;
  }

  /** Sends datagrams to the robot's intake. */
  datagrams(): (text: string) => void {
    const udp = createSocket("udp4");
    this.atEnd(() => void udp.close());
    const port = portOf(this.doors.udp[ROBOT_UDP_PORT]);
    return (text) => udp.send(text, port, "127.0.0.1");
  }

  /** Calls `call` so many times a second until the rig stops; what is late is made up for. */
  atRate(perS: number, call: () => void): void {
    const startMs = this.clock.nowMs();
    let calls = 0;
    let cancel: CancelTimer = () => undefined;
    const next = (): void => {
      calls++;
      const dueMs = startMs + (calls * 1000) / perS;
      cancel = this.clock.after(Math.max(0, dueMs - this.clock.nowMs()), () => {
        call();
        next();
      });
    };
    next();
    this.atEnd(() => cancel());
  }

  /** Part of the load does not work: the next `count` throws this. */
  fail(error: unknown): void {
    this.failure ??= error;
  }

  /** What was waited for, with the last lines that robot and gateway said. */
  private told(what: string): () => string {
    return () => `${what}\n${this.lines.join("\n")}`;
  }
}
