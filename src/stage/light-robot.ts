/**
 * A simulated robot that is light enough for three on two slow cores: mind, memory, fleet, voice and page of every Buddy, in
 * one process; no body, no eyes, no ears. For `buddy stage` and its drills.
 */
import { startConversation, type ConversationService } from "../conversation/service.js";
import { Operations } from "../companion/operations.js";
import type { Fleet } from "../fleet/fleet.js";
import { startFleet } from "../fleet/start-fleet.js";
import { packageVersion } from "../host/package-root.js";
import { heardWords } from "../conversation/turn/turn-trace.js";
import type { LogLevel } from "../child/messages.js";
import type { Pose } from "../robot/pose.js";
import { queryFields } from "../robot/query.js";
import { Board } from "../state/board.js";
import type { FaceSight, VisionState } from "../state/buddy-state.js";
import { RingHistory, RingLog, ValueFeed, type Frame } from "../state/feeds.js";
import { Store } from "../store/store.js";
import { Supervisor } from "../supervisor/supervisor.js";
import { systemChance } from "../time/chance.js";
import type { Clock } from "../time/clock.js";
import { startWebServer, type WebServer } from "../web/server.js";
import { LIVEKIT_DEV } from "./servers.js";
import { SimulatedVoice } from "./simulated-voice.js";

const LOG_LINES_MAX = 200;
const NO_EYES: VisionState = {
  state: "off",
  text: "A simulated robot of a stage has no eyes.",
  camera: { state: "off", text: "No camera.", framesPerS: 0 },
  detector: { state: "off", text: "No detector.", framesPerS: 0 },
  faces: 0,
};
const LIVEKIT_DEV_ENVIRONMENT = {
  LIVEKIT_API_KEY: LIVEKIT_DEV.key,
  LIVEKIT_API_SECRET: LIVEKIT_DEV.secret,
};
const BODY = { ...queryFields.parse({}), linked: false };

export interface LightRobotOptions {
  readonly fleet: string;
  readonly stage: string;
  readonly name: string;
  readonly dataDir: string;
  /** Of a LiveKit server with the keys of `--dev`; undefined: no room. */
  readonly roomUrl?: string | undefined;
  /** Makes its id on the stage. */
  readonly key: string;
  /** 0 picks a free one. */
  readonly port: number;
}

export interface Spoke {
  readonly text: string;
  /** How long it sounded. */
  readonly soundMs: number;
  /** It answered a person or began by itself. */
  readonly isOpening: boolean;
}

export interface LightRobotDeps {
  readonly clock: Clock;
  readonly environment: Readonly<Record<string, string | undefined>>;
  /** A turn of it is over and was played. */
  onSpoke(spoke: Spoke): void;
  log(level: LogLevel, message: string): void;
}

export class LightRobot {
  private readonly supervisor = new Supervisor({ parts: [] });
  private readonly logs = new RingLog(LOG_LINES_MAX);
  private readonly operations: Operations;
  private readonly voice: SimulatedVoice;
  private readonly store: Store;
  private readonly soundMs = new Map<string, number>();
  private readonly ends: (() => unknown)[] = [];
  private board: Board | undefined;

  private constructor(
    private readonly options: LightRobotOptions,
    private readonly deps: LightRobotDeps,
  ) {
    const { clock } = deps;
    const { dataDir } = options;
    this.operations = new Operations({
      dataDir,
      clock,
      chance: systemChance,
      supervisor: this.supervisor,
      secrets: [options.key],
      show: (part, level, message) => {
        this.logs.add({ wallMs: clock.wallMs(), level, part, message });
        deps.log(level, `${part}: ${message}`);
      },
    });
    this.voice = new SimulatedVoice({
      clock,
      policies: this.operations,
      onPlayed: (turnId, ms) => this.soundMs.set(turnId, (this.soundMs.get(turnId) ?? 0) + ms),
      onChange: () => this.changed("speech"),
    });
    this.store = new Store({
      dir: dataDir,
      clock,
      log: (level, text) => this.note("memory", level, text),
    });
  }

  /** @returns it and its door, once its page is open; the stage may still be out of reach */
  static async start(
    options: LightRobotOptions,
    deps: LightRobotDeps,
  ): Promise<[LightRobot, WebServer]> {
    const robot = new LightRobot(options, deps);
    return [robot, await robot.open()];
  }

  async close(): Promise<void> {
    this.operations.quiesce();
    for (const end of this.ends.reverse()) await end();
    this.store.close();
    await this.operations.stop();
  }

  private async open(): Promise<WebServer> {
    await this.operations.start();
    this.store.open();
    const fleet = this.joinFleet();
    const mind = await this.startMind(fleet);
    this.ends.push(
      () => mind.close(),
      mind.subscribe((event) => {
        if (event.type === "turn" && event.turn.phase === "over") this.over(event.turn.id, mind);
      }),
    );
    fleet.begin(mind);
    this.ends.push(() => fleet.close());
    this.voice.tell({
      name: () => mind.character().name,
      // It has no ears.
      heard: () => undefined,
      listen: () => {
        fleet.listen();
        mind.listen();
      },
      unheard: () => mind.unheard(),
    });
    for (const source of [mind.health, this.voice.health]) this.operations.watch(source);
    const door = await this.openPage(mind, fleet);
    this.ends.push(() => door.close());
    return door;
  }

  private joinFleet(): Fleet {
    const { fleet: url, stage, name, roomUrl, key: linkKey } = this.options;
    return startFleet({
      url,
      stage,
      name,
      roomUrl,
      environment: LIVEKIT_DEV_ENVIRONMENT,
      linkKey,
      clock: this.deps.clock,
      chance: systemChance,
      policies: this.operations,
      voice: this.voice,
      store: this.store,
      alerts: this.operations.alerts,
      watch: (source) => this.operations.watch(source),
      log: (level, message) => this.note("fleet", level, message),
      onChange: () => this.changed("fleet"),
    });
  }

  private startMind(fleet: Fleet): Promise<ConversationService> {
    const { clock, environment } = this.deps;
    return startConversation({
      dataDir: this.options.dataDir,
      clock,
      chance: systemChance,
      policies: this.operations,
      voice: fleet.voice,
      company: fleet,
      robot: NO_BODY,
      environment,
      store: this.store,
      robotState: () => BODY,
      vision: () => NO_EYES,
      frame: () => undefined,
      log: (level, message) => this.note("mind", level, message),
      hide: (secret) => this.operations.redactor.add(secret),
      onChange: () => this.changed("mind"),
    });
  }

  private openPage(mind: ConversationService, fleet: Fleet): Promise<WebServer> {
    const { clock } = this.deps;
    const version = packageVersion();
    const redact = (text: string): string => this.operations.redactor.text(text);
    this.board = new Board({
      clock,
      version,
      robot: { isLinked: false, lastFields: BODY, rttMs: undefined, queryAgeMs: undefined },
      views: () => [],
      vision: () => NO_EYES,
      mind: () => mind.state(),
      voice: () => this.voice.state(),
      health: () => this.operations.state(),
      fleet: () => fleet.state(),
      life: () => ({}),
      redact,
    });
    return startWebServer(
      { host: "127.0.0.1", port: this.options.port, version },
      {
        services: {
          state: this.board,
          robot: NO_BODY,
          frames: new ValueFeed<Frame>(),
          poses: new ValueFeed<Pose>(),
          faces: new ValueFeed<FaceSight>(),
          history: new RingHistory(1),
          logs: this.logs,
          readiness: { reasons: () => this.operations.reasons() },
          health: this.operations,
          mind,
          redact,
          voice: this.voice.port,
          episodes: fleet,
          guests: fleet.guests,
        },
        clock,
        registry: this.operations.registry,
        log: (level, message) => this.note("page", level, message),
      },
    );
  }

  private over(turnId: string, mind: ConversationService): void {
    const soundMs = this.soundMs.get(turnId);
    const turn = mind.turns().find(({ id }) => id === turnId);
    if (soundMs === undefined || turn === undefined) return;
    this.soundMs.delete(turnId);
    this.deps.onSpoke({
      text: heardWords(turn),
      soundMs,
      isOpening: turn.source !== "robot",
    });
  }

  private changed(source: string): void {
    this.operations.changed(source);
    this.board?.changed();
  }

  private note(part: string, level: LogLevel, message: string): void {
    this.operations.note(part, level, message);
  }
}

/** Its gestures are made by nobody. */
const NO_BODY = { send: () => Promise.resolve('{"ok":true}') };
