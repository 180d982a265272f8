/**
 * What drills of several robots are done to: three light robots on a stage with a director, a Redis and a LiveKit server of their
 * own, as `buddy stage` starts them, and a fourth participant who asks and listens. Each repeat has a stage of its own.
 */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Director } from "../../fleet/director.js";
import type { StageMode } from "../../fleet/director/director-core.js";
import { fleetAddress, type FleetAddress } from "../../fleet/redis/address.js";
import {
  hasRoomLibrary,
  loadRoomLibrary,
  type RoomLibrary,
} from "../../fleet/room/room-library.js";
import { reasonOf } from "../../host/reason.js";
import { policiesOf } from "../../resilience/policies-of.js";
import { Resilience } from "../../resilience/resilience.js";
import { overlapMs, overlapsOf, OVERLAP_MS_MAX, type Heard } from "../../stage/report.js";
import { ServerProcess } from "../../stage/server-process.js";
import { findLivekit, findRedis, freePorts, livekitArgs, redisArgs } from "../../stage/servers.js";
import { ROBOTS, Stage, STAGE } from "../../stage/stage.js";
import { systemChance, type Chance } from "../../time/chance.js";
import { systemClock as clock } from "../../time/clock.js";
import { until } from "../../time/until.js";
import type { DrillAlone, DrillFacts, DrillMeasures, Witness } from "../run/drill.js";
import { Measures } from "../run/measures.js";
import { CutLine } from "./cut-line.js";
import { Failover } from "./failover.js";

/** The fault falls at a seeded moment within this after the voice began. */
const PHASE_MS_MAX = 600;
const VOICE_MS_MAX = 60_000;
const BACK_MS_MAX = 120_000;
const WITNESS_MS_MAX = 60_000;
const CALL_MS_MAX = 20_000;
/** Silence after which a conversation is over. */
const QUIET_MS = 3000;
const ASKED = "How are you?";
const ASKED_MAX = 4;
const AGAIN_MS = 20_000;
const THERE = "stage there, room there";

export interface FleetDrill extends DrillFacts {
  /** Redis with a replica and a sentinel. */
  readonly hasReplica?: boolean;
  run(context: FleetContext): Promise<void>;
}

export interface FleetContext extends DrillMeasures {
  readonly world: FleetWorld;
}

export function fleetDrill(drill: FleetDrill): DrillAlone {
  const { run, hasReplica = false, ...facts } = drill;
  return {
    ...facts,
    cannotRun: whyNot,
    runAlone: async (chance, witnessMsMax = WITNESS_MS_MAX) => {
      const measures = new Measures(facts, witnessMsMax);
      const world = new FleetWorld(chance, hasReplica);
      let why: string;
      try {
        const voice = measures.witness("a robot's voice, heard by the fourth participant");
        await world.start(voice).catch((error: unknown) => {
          throw new Error(`it did not start: ${reasonOf(error)}`);
        });
        await run({ ...measures.words(), world });
        await world.untilHeard(world.holder);
        await measures.demandWitnesses();
        world.demandOneVoice();
        why = measures.lateness();
      } catch (error) {
        why = reasonOf(error);
      } finally {
        await measures.end();
        await world.close();
      }
      return measures.result(why);
    },
  };
}

function whyNot(): string | undefined {
  if (findRedis(process.env) === undefined) return "no redis-server here";
  if (findLivekit(process.env) === undefined || !hasRoomLibrary(process.env)) {
    return "LiveKit's server or libraries are not here: npm run livekit:get";
  }
  return undefined;
}

export class FleetWorld {
  readonly holder = ROBOTS[0];
  readonly next = ROBOTS[1];
  readonly dir = mkdtempSync(join(tmpdir(), "buddy-drill-"));
  private readonly resilience = new Resilience();
  private readonly lines = new Map<string, CutLine>();
  private readonly servers: ServerProcess[] = [];
  private judgedMs = 0;
  /** Of a drill that has one. */
  failover: Failover | undefined;
  private cancelWitness: () => void = () => undefined;
  private running:
    | {
        readonly stage: Stage;
        readonly redis: ServerProcess;
        readonly livekit: ServerProcess;
        readonly library: RoomLibrary;
        readonly roomUrl: string;
        readonly address: FleetAddress;
      }
    | undefined;

  constructor(
    readonly chance: Chance,
    private readonly hasReplica: boolean,
  ) {}

  /** @throws Error when it does not come up, or nobody speaks */
  async start(voice: Witness): Promise<void> {
    const library = await loadRoomLibrary(process.env);
    const [port = 0, http = 0, tcp = 0, udp = 0] = await freePorts(4);
    const redis = this.server(findRedis(process.env), redisArgs(port, this.dir), port);
    const args = livekitArgs({ http, tcp, udp });
    const livekit = this.server(findLivekit(process.env), args, http);
    await Promise.all([redis.start(), livekit.start()]);
    this.failover = this.hasReplica ? await Failover.start(port, this.dir) : undefined;
    const fleet = this.failover?.address ?? `redis://127.0.0.1:${port}/0`;
    const doors = new Map<string, number>();
    for (const robot of ROBOTS) {
      const line = new CutLine(port);
      this.lines.set(robot, line);
      doors.set(robot, await line.open());
    }
    const roomUrl = `ws://127.0.0.1:${http}`;
    const stage = new Stage({
      clock,
      redis: (robot) => {
        const door = this.hasReplica ? undefined : doors.get(robot);
        return door === undefined ? fleet : `redis://127.0.0.1:${door}/0`;
      },
      livekit: { url: roomUrl, library },
      isOffline: true,
      log: () => undefined,
    });
    const address = fleetAddress(fleet);
    if (address === undefined) throw new Error(`no address: ${fleet}`);
    this.running = { stage, redis, livekit, library, roomUrl, address };
    await stage.start();
    let seenMs = 0;
    this.cancelWitness = clock.every(200, () => {
      const endMs = Math.max(0, ...this.heard().map((one) => one.endMs));
      if (endMs > seenMs) voice.saw();
      seenMs = endMs;
    });
  }

  get stage(): Stage {
    return this.parts.stage;
  }
  get redis(): ServerProcess {
    return this.parts.redis;
  }
  get livekit(): ServerProcess {
    return this.parts.livekit;
  }
  get library(): RoomLibrary {
    return this.parts.library;
  }
  get roomUrl(): string {
    return this.parts.roomUrl;
  }
  get address(): FleetAddress {
    return this.parts.address;
  }
  get robots(): readonly string[] {
    return ROBOTS;
  }

  /** Its line to Redis. */
  line(robot: string): CutLine {
    const line = this.lines.get(robot);
    if (line === undefined) throw new Error(`no robot ${robot}`);
    return line;
  }

  heard(robot?: string): Heard[] {
    const all = this.stage.heard();
    return robot === undefined ? all : all.filter((one) => one.robot === robot);
  }

  /** The first robot speaks, for some seconds, for a seeded while already. */
  async untilSpeaking(): Promise<void> {
    await this.askUntilHeard(this.holder, "What can you do?");
    await clock.sleep(this.chance.next() * PHASE_MS_MAX);
  }

  /** Asks a robot, which is on its stage again, until it is heard. */
  async untilHeard(robot: string): Promise<void> {
    let seen = "no answer";
    await until(
      () => `${robot} on its stage and in its room (${seen})`,
      BACK_MS_MAX,
      async () => (seen = await this.whereIs(robot)) === THERE,
    );
    await this.untilQuiet();
    await this.askUntilHeard(robot, ASKED);
    await this.untilQuiet();
  }

  async untilQuiet(): Promise<void> {
    await until("silence", VOICE_MS_MAX, () => this.stage.quietMs > QUIET_MS);
  }

  /** A robot whose fleet was away for a moment shows its answer and keeps quiet: people ask again, too. */
  private async askUntilHeard(robot: string, text: string): Promise<void> {
    const before = this.heard(robot).length;
    const isHeard = (): boolean => this.heard(robot).length > before;
    for (let asked = 0; asked < ASKED_MAX && !isHeard(); asked++) {
      await this.stage.ask(robot, text);
      const endMs = clock.nowMs() + AGAIN_MS;
      await until("an answer", VOICE_MS_MAX, () => isHeard() || clock.nowMs() >= endMs);
    }
    if (!isHeard()) throw new Error(`${robot} was not heard, asked ${ASKED_MAX} times`);
  }

  async isThere(robot: string): Promise<boolean> {
    return (await this.whereIs(robot)) === THERE;
  }

  /** As its page shows it. */
  private async whereIs(robot: string): Promise<string> {
    try {
      const { state, room } = await this.stage.fleetOf(robot);
      return `stage ${state}, room ${room?.state ?? "none"}`;
    } catch (error) {
      // Its door does not answer: it is not there (yet).
      return reasonOf(error);
    }
  }

  /** Two voices until now are no fault of ours. */
  forget(): void {
    this.judgedMs = clock.nowMs();
  }

  /** @throws Error when two were heard at once, in all that was heard so far */
  demandOneVoice(): void {
    const heard = this.heard().filter(({ startMs }) => startMs >= this.judgedMs);
    if (overlapMs(heard) <= OVERLAP_MS_MAX) return;
    const both = overlapsOf(heard).map(({ robots, startMs, lengthMs }) => {
      const agoS = ((clock.nowMs() - startMs) / 1000).toFixed(1);
      return `${robots.join(" and ")} for ${Math.round(lengthMs)} ms, ${agoS} s ago`;
    });
    both.push(`the listener was up to ${Math.round(this.stage.lateMsMax)} ms late`);
    throw new Error(`did not hold: never two voices at once (${both.join("; ")})`);
  }

  /** As `buddy director pause` and `resume`. */
  async mode(mode: StageMode): Promise<void> {
    const director = new Director({
      address: this.address,
      stage: STAGE,
      clock,
      chance: systemChance,
      policies: policiesOf(this.resilience),
      log: () => undefined,
    });
    director.start(false);
    try {
      await until("Redis to answer", CALL_MS_MAX, () => director.isConnected);
      await director.once({ op: "mode", mode });
    } finally {
      await director.close();
    }
  }

  async close(): Promise<void> {
    this.cancelWitness();
    for (const server of this.servers) server.signal("SIGCONT");
    await this.running?.stage.close();
    this.resilience.close();
    for (const line of this.lines.values()) line.close();
    await this.failover?.close();
    await Promise.all(this.servers.map((server) => server.kill()));
    rmSync(this.dir, { recursive: true, force: true });
  }

  private get parts(): NonNullable<FleetWorld["running"]> {
    if (this.running === undefined) throw new Error("the stage is not there");
    return this.running;
  }

  private server(file: string | undefined, args: readonly string[], port: number): ServerProcess {
    if (file === undefined) throw new Error("a server of the drill is not here");
    const server = new ServerProcess(file, args, port);
    this.servers.push(server);
    return server;
  }
}
