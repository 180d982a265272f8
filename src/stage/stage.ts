/**
 * A stage on one machine, with ports of its own: Redis, three light robots, a director, and somebody who asks and listens.
 * Starts, plays and takes down; nothing of it is left.
 */
import { randomBytes } from "node:crypto";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { z } from "zod";
import type { RoomLibrary } from "../fleet/room/room-library.js";
import { roomName } from "../fleet/room/room-stay.js";
import { packageRoot } from "../host/package-root.js";
import type { PartMessage } from "../child/messages.js";
import { fleetState, type FleetState } from "../state/fleet-state.js";
import { Supervisor } from "../supervisor/supervisor.js";
import type { PartSpec } from "../supervisor/supervisor-types.js";
import type { Clock } from "../time/clock.js";
import { until } from "../time/until.js";
import { HearTurns } from "./hear-turns.js";
import { PageEar } from "./page-ear.js";
import { isHeard, reportOf, type Heard, type StageReport } from "./report.js";
import { RoomEar } from "./room-ear.js";
import { freePorts, livekitArgs, redisArgs } from "./servers.js";

export const ROBOTS = ["Ada", "Bob", "Carl"] as const;
/** The name of the stage. */
export const STAGE = "stage";
/** A slow machine that does other things as well. */
const START_MS_MAX = 180_000;
const ASK_MS_MAX = 60_000;
/** Nobody has gone on for so long: the conversation is over, and the person asks again. */
const OVER_MS = 2500;
/** The same after a question, whose answer may take a slow machine a while. */
const ASKED_MS = 12_000;
/** Nobody answers for so long: the person asks another one. A robot whose fleet was away for a moment keeps quiet for 30 s. */
const AGAIN_MS = 25_000;
/** So many questions without an answer by anybody mean that something is wrong. */
const UNANSWERED_MAX = 4;
/** A conversation that does not end in this time neither. */
const TALK_MS_MAX = 270_000;
const QUESTIONS = ["How are you?", "What do you see?", "Are you curious?", "What do you like?"];

export interface StageDeps {
  readonly clock: Clock;
  /** The program, or where each robot and the director ("") find one that is there. */
  readonly redis: string | ((robot: string) => string);
  /** The program, or the address of one that is there, and libraries; undefined: robots are heard at their pages. */
  readonly livekit?:
    | { readonly server: string; readonly library: RoomLibrary }
    | { readonly url: string; readonly library: RoomLibrary }
    | undefined;
  /** Robots answer by their own small character; else by whatever model the environment names. */
  readonly isOffline: boolean;
  log(line: string): void;
}

const spoke = z.object({
  type: z.literal("spoke"),
  text: z.string(),
  soundMs: z.number(),
  isOpening: z.boolean(),
});

export class Stage {
  private readonly folder = mkdtempSync(join(tmpdir(), "buddy-stage-"));
  private readonly ear: PageEar | RoomEar;
  private readonly hearing: HearTurns;
  private ports = { redis: 0, http: 0, tcp: 0, udp: 0 };
  private supervisor: Supervisor | undefined;
  private isClosing = false;

  constructor(private readonly deps: StageDeps) {
    const { clock, livekit } = deps;
    this.ear =
      livekit === undefined
        ? new PageEar(clock)
        : new RoomEar({
            clock,
            library: livekit.library,
            url: () => this.roomUrl ?? "",
            room: roomName(STAGE),
          });
    this.hearing = new HearTurns(deps.clock, this.ear, (turn) =>
      this.log(`${turn.robot}: ${turn.text}${isHeard(turn) ? "" : " (not heard)"}`),
    );
  }

  /** Resolves when all are there and listened to. @throws Error when they are not in time */
  async start(): Promise<void> {
    const [redis = 0, http = 0, tcp = 0, udp = 0] = await freePorts(4);
    this.ports = { redis, http, tcp, udp };
    const supervisor = new Supervisor({ clock: this.deps.clock, parts: this.parts() });
    this.supervisor = supervisor;
    supervisor.listen({
      message: (part, message) => this.message(part, message),
      log: (part, level, line) => {
        if (level !== "info" || part === "director") this.log(`${part}: ${line}`);
      },
      change: ({ part, to, why }) => {
        if (to !== "running" && to !== "starting") this.log(`${part} ${to}: ${why}`);
      },
    });
    supervisor.start();
    if (!(await supervisor.waitUntilReady(START_MS_MAX))) {
      throw new Error("the stage did not come up");
    }
    if (this.ear instanceof RoomEar) this.ear.join();
    else for (const robot of ROBOTS) this.ear.listenTo(robot, () => this.doorOf(robot));
    await until("all robots to see each other", START_MS_MAX, () => this.isComplete());
  }

  /** Where the page of each robot is. */
  pages(): readonly { readonly robot: string; readonly url: string }[] {
    return ROBOTS.map((robot) => ({ robot, url: `http://${this.doorOf(robot) ?? ""}/` }));
  }

  /**
   * Lets them talk until `turns` are over: whenever nobody goes on, a person asks one of them.
   * @param quietMs silence after which the person asks
   * @throws Error when nobody speaks any more
   */
  async play(turns: number, signal: AbortSignal, quietMs = OVER_MS): Promise<StageReport> {
    let unanswered = 0;
    for (let asked = 0; this.hearing.turns.length < turns && !signal.aborted; asked++) {
      const before = this.hearing.turns.length;
      await this.ask(
        ROBOTS[asked % ROBOTS.length] as string,
        QUESTIONS[asked % QUESTIONS.length] as string,
      );
      const endMs = this.deps.clock.nowMs() + AGAIN_MS;
      const isAnswered = (): boolean => this.hearing.turns.length > before;
      await until("somebody to answer", AGAIN_MS * 2, () => {
        return signal.aborted || isAnswered() || this.deps.clock.nowMs() >= endMs;
      });
      unanswered = isAnswered() ? 0 : unanswered + 1;
      if (unanswered === UNANSWERED_MAX) throw new Error(`${unanswered} questions had no answer`);
      if (unanswered > 0) continue;
      await until("the conversation to end", TALK_MS_MAX, () => {
        const isEnough = this.hearing.turns.length >= turns;
        const isAsked = /\?\s*$/.test(this.hearing.turns.at(-1)?.text ?? "");
        const limitMs = isAsked ? Math.max(quietMs, ASKED_MS) : quietMs;
        return signal.aborted || isEnough || this.hearing.quietMs >= limitMs;
      });
    }
    return reportOf(this.hearing.turns.slice(0, turns), this.ear.heard());
  }

  async close(): Promise<void> {
    this.isClosing = true;
    await this.ear.close();
    await this.supervisor?.stop();
    rmSync(this.folder, { recursive: true, force: true });
  }

  private get roomUrl(): string | undefined {
    const { livekit } = this.deps;
    if (livekit === undefined) return undefined;
    return "url" in livekit ? livekit.url : `ws://127.0.0.1:${this.ports.http}`;
  }

  private parts(): PartSpec[] {
    const { ports, roomUrl } = this;
    const { redis, isOffline } = this.deps;
    const fleetOf = typeof redis === "string" ? () => `redis://127.0.0.1:${ports.redis}/0` : redis;
    const servers = this.servers();
    const needs = servers.map(({ name }) => name).filter((name) => name === "redis");
    return [
      ...servers,
      part("director", "director-main.js", needs, () => ({
        fleet: fleetOf(""),
        stage: STAGE,
        roomUrl,
      })),
      ...ROBOTS.map((name) => {
        const key = randomBytes(32).toString("hex");
        const dataDir = join(this.folder, name);
        return part(name, "robot-main.js", needs, ({ previousDoors }) => ({
          fleet: fleetOf(name),
          stage: STAGE,
          name,
          roomUrl,
          dataDir,
          key,
          // The same one as before a restart, so that a page finds it again.
          port: Number(previousDoors["http"]?.split(":").at(-1) ?? 0),
          isOffline,
        }));
      }),
    ];
  }

  /** Those that are started here. */
  private servers(): PartSpec[] {
    const { ports } = this;
    const { redis, livekit } = this.deps;
    const server = (name: string, file: string, args: string[], port: number): PartSpec =>
      part(name, "server-main.js", [], () => ({ file, args, port }));
    const parts: PartSpec[] = [];
    if (typeof redis === "string") {
      parts.push(server("redis", redis, redisArgs(ports.redis, this.folder), ports.redis));
    }
    if (livekit !== undefined && "server" in livekit) {
      parts.push(server("livekit", livekit.server, livekitArgs(ports), ports.http));
    }
    return parts;
  }

  private doorOf(robot: string): string | undefined {
    return this.supervisor?.doorsOf(robot)?.["http"];
  }

  private async isComplete(): Promise<boolean> {
    if (!ROBOTS.every((robot) => this.ear.isListeningTo(robot))) return false;
    const states = await Promise.all(ROBOTS.map((robot) => this.fleetOf(robot)));
    return states.every(({ members }) => members.length === ROBOTS.length);
  }

  /** How a robot's page shows its stage. @throws Error when its door does not answer */
  async fleetOf(robot: string): Promise<FleetState> {
    return z.object({ fleet: fleetState }).parse(await this.call(robot, "state")).fleet;
  }

  /** The fourth participant hears this robot's track. */
  isListeningTo(robot: string): boolean {
    return this.ear.isListeningTo(robot);
  }

  /** What was to be heard until now, and for how long nothing has been, ms. */
  heard(): Heard[] {
    return this.ear.heard();
  }
  get quietMs(): number {
    return this.hearing.quietMs;
  }
  /** As in `Ear`. */
  get lateMsMax(): number {
    return this.ear.lateMsMax;
  }

  /** @throws Error when its process is not there */
  pidOf(robot: string): number {
    const pid = this.supervisor?.view().find(({ name }) => name === robot)?.pid;
    if (pid === undefined) throw new Error(`${robot} has no process`);
    return pid;
  }

  /** A person says something to a robot. @returns what it answers, where that is waited for; else "" */
  async ask(robot: string, text: string, wait = false): Promise<string> {
    this.log(`a person: ${robot}, ${text.slice(0, 1).toLowerCase()}${text.slice(1)}`);
    const told = await this.call(robot, "say", { text, name: "Guest", wait });
    return wait ? z.object({ reply: z.string() }).parse(told).reply : "";
  }

  private async call(robot: string, what: string, body?: object): Promise<unknown> {
    const answer = await fetch(`http://${this.doorOf(robot) ?? ""}/api/${what}`, {
      signal: AbortSignal.timeout(ASK_MS_MAX),
      ...(body && {
        method: "POST",
        headers: { "content-type": "application/json" },
        body: JSON.stringify(body),
      }),
    });
    if (!answer.ok) throw new Error(`${robot} answers ${answer.status} to ${what}`);
    return answer.json();
  }

  /** What parts say of their own end is no news. */
  private log(line: string): void {
    if (!this.isClosing) this.deps.log(line);
  }

  private message(robot: string, message: PartMessage): void {
    const said = spoke.safeParse(message);
    if (said.success) this.hearing.spoke({ robot, ...said.data });
  }
}

function part(
  name: string,
  file: string,
  needs: readonly string[],
  options: PartSpec["options"],
): PartSpec {
  const command = {
    file: process.execPath,
    args: [join(packageRoot(), "dist/src/stage", file)],
    env: {},
  };
  return { name, command, needs, options, policy: { firstRetryMs: 250 } };
}
