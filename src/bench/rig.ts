/**
 * The real processes of a running Buddy (gateway, simulated robot, camera, vision) under the real supervisor,
 * with their messages in reach of a measurement. Like `buddy start` without the page, and with a restart budget
 * that allows to kill a part twenty times.
 */
import { createSocket, type Socket } from "node:dgram";
import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import WebSocket from "ws";
import type { PartMessage, PartStatus } from "../child/messages.js";
import { newOwnKey, partSpecs, portOf } from "../companion/parts.js";
import { startOptionsSchema } from "../companion/options.js";
import { secretOf } from "../datadir/secret-file.js";
import type { ChipName } from "../simulator/vm/chips.js";
import { Supervisor } from "../supervisor/supervisor.js";
import type { PartSpec } from "../supervisor/supervisor-types.js";
import { systemClock, type Clock } from "../time/clock.js";
import { until } from "../time/until.js";

const READY_MS_MAX = 90_000;
const CLIENT_MS_MAX = 30_000;
/** Kills are the measurement here: the budget of C3 would end it after five. */
const BENCH_POLICY = { firstRetryMs: 250, retryMs: 250, restartsMax: 1000 } as const;

export interface RigEvent {
  readonly wallMs: number;
  readonly part: string;
  readonly text: string;
}

export class Rig {
  readonly clock: Clock = systemClock;
  /** Lines of all parts and state changes, newest last. */
  readonly events: RigEvent[] = [];
  readonly statuses = new Map<string, PartStatus>();
  private readonly listeners = new Set<(part: string, message: PartMessage) => void>();
  private readonly udp: Socket = createSocket("udp4");

  private constructor(
    readonly supervisor: Supervisor,
    private readonly dataDir: string,
    /** Whose pace the robot keeps. */
    readonly chip: ChipName | undefined,
  ) {
    supervisor.listen({
      change: (change) => this.note(change.part, change.text),
      log: (part, _level, line) => this.note(part, line),
      status: (part, status) => void this.statuses.set(part, status),
      message: (part, message) => {
        // As in `buddy start`: the demo camera shows what the head's real angles would show.
        if (part === "robot" && message.type === "pose" && this.hasCamera) {
          supervisor.send("camera", message);
        }
        if (part === "vision" && message.type === "pace" && this.hasCamera) {
          supervisor.send("camera", message);
          supervisor.send("robot", message);
        }
        for (const listener of this.listeners) listener(part, message);
      },
    });
  }

  private get hasCamera(): boolean {
    return this.supervisor.view().some((view) => view.name === "camera");
  }

  /**
   * @param robot "cable-sim": it has a USB cable, too.
   * @param more parts that run beside the usual ones.
   */
  static async start(
    camera: "demo" | "none",
    chip?: ChipName,
    robot: "sim" | "cable-sim" = "sim",
    more: readonly PartSpec[] = [],
  ): Promise<Rig> {
    const dataDir = mkdtempSync(join(tmpdir(), "buddy-bench-"));
    const options = startOptionsSchema.parse({
      camera,
      data: dataDir,
      port: 0,
      visionPort: 0,
      wsPort: 0,
      udpPort: 0,
      linkPort: 0,
      chip,
      robot,
    });
    const secrets = {
      linkKey: secretOf(dataDir, "link.key", 32),
      token: undefined,
      ownKey: newOwnKey(),
    };
    const parts = [...partSpecs(options, secrets), ...more].map((spec): PartSpec => ({
      ...spec,
      policy: { ...spec.policy, ...BENCH_POLICY },
      options: (run) => ({
        ...(spec.options(run) as object),
        ...(spec.name === "robot" && { tellsServos: true }),
      }),
    }));
    const rig = new Rig(new Supervisor({ parts }), dataDir, chip);
    rig.supervisor.start();
    try {
      const isReady = await rig.supervisor.waitUntilReady(READY_MS_MAX);
      if (!isReady) throw new Error("the parts were not ready in time");
      await until("the link", 30_000, () => rig.status("gateway")["linked"] === true, 5);
    } catch (error) {
      await rig.stop();
      throw error;
    }
    return rig;
  }

  async stop(): Promise<void> {
    await this.supervisor.stop("the measurement is over");
    this.udp.close();
    rmSync(this.dataDir, { recursive: true, force: true });
  }

  /** The bar that holds here: that of the robot as fast as this machine, or that of one at a chip's pace. */
  bar(pc: number, chip: number): number {
    return this.chip === undefined ? pc : chip;
  }

  status(part: string): PartStatus {
    return this.statuses.get(part) ?? {};
  }

  /** Door of a part as `host:port`. @throws when the part is not ready. */
  door(part: string, name: string): string {
    const door = this.supervisor.doorsOf(part)?.[name];
    if (door === undefined) throw new Error(`${part} has no door ${name} now`);
    return door;
  }

  pid(part: string): number {
    const pid = this.supervisor.view().find((view) => view.name === part)?.pid;
    if (pid === undefined) throw new Error(`${part} has no process now`);
    return pid;
  }

  /** @returns the function that ends the subscription. */
  onMessage(listener: (part: string, message: PartMessage) => void): () => void {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  }

  /**
   * A plain WebSocket client that was let in: the robot has greeted it, which it does not on `/v2`. A robot that is busy with
   * the clients before it may refuse one for a moment; it is asked again.
   */
  async client(path: "/" | "/v2" = "/"): Promise<WebSocket> {
    const greeted = async (): Promise<WebSocket | undefined> => {
      const next = new WebSocket(`ws://${this.door("gateway", "ws")}${path}`, {
        perMessageDeflate: false,
      });
      try {
        await once(next, path === "/" ? "message" : "open");
        return next;
      } catch {
        return undefined; // Refused: the next one may be let in.
      }
    };
    return until("a client to be let in", CLIENT_MS_MAX, greeted, 5);
  }

  /** One command of a plain WebSocket client. @returns the robot's reply. @throws when it does not come within a second. */
  async command(line: string): Promise<string> {
    const socket = new WebSocket(`ws://${this.door("gateway", "ws")}/`);
    try {
      const replies: string[] = [];
      // The robot speaks first: what it says of itself, then the replies.
      socket.on("message", (data: Buffer) => void replies.push(data.toString()));
      socket.on("error", (error) => this.note("bench", `command: ${error.message}`));
      await until("the robot's greeting", 5000, () => replies.length > 0, 5);
      socket.send(line);
      await until(`the reply to ${line}`, 1000, () => replies.length > 1, 5);
      return replies[1] ?? "";
    } finally {
      socket.terminate();
    }
  }

  /** Sends one datagram to the robot's forwarded intake. @returns Unix ms of the sending, with a fraction. */
  datagram(text: string): number {
    const sentMs = this.clock.preciseWallMs();
    this.udp.send(text, portOf(this.door("gateway", "udp")), "127.0.0.1");
    return sentMs;
  }

  private note(part: string, text: string): void {
    this.events.push({ wallMs: this.clock.wallMs(), part, text });
  }
}
