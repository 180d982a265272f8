/**
 * `buddy start`: brings the parts up, serves the page, prints the ready line, and takes everything down again on
 * Ctrl-C, SIGTERM and SIGHUP. Wires; decides nothing.
 */
import type { LogLevel, PartStatus } from "../child/messages.js";
import { isLoopback } from "../host/loopback.js";
import { packageVersion } from "../host/package-root.js";
import { Supervisor } from "../supervisor/supervisor.js";
import { systemChance } from "../time/chance.js";
import { systemClock } from "../time/clock.js";
import { VoiceOptionsError } from "../voice/options.js";
import type { Pose } from "../robot/pose.js";
import { RingHistory, RingLog, ValueFeed } from "../state/feeds.js";
import type { SimulatorControl } from "../web/services.js";
import { startWebServer, WebServerError } from "../web/server.js";
import { Board } from "../state/board.js";
import { Console } from "./console.js";
import { watchDoor } from "../ops/door-watch.js";
import { type BackupKeeper, startDailyBackup } from "../backup/start-daily.js";
import { claimDataDir, DataDirError, holdDataDir } from "../datadir/data-dir.js";
import { checkDoors, DoorError } from "./doors.js";
import { healthSources } from "../ops/health-sources.js";
import { Operations } from "./operations.js";
import { makeRobotMemory, type RobotMemory } from "../store/robot-memory.js";
import { startConversation, type ConversationService } from "../conversation/service.js";
import type { StartOptions } from "./options.js";
import { partSpecs, type PartSecrets } from "./parts.js";
import { sayReady } from "./ready.js";
import { LifeWatch } from "../store/life-watch.js";
import { RobotWatch } from "../robot/robot-watch.js";
import { RuntimeKeeper } from "../datadir/runtime-keeper.js";
import { ServiceManager } from "../host/service-manager.js";
import { followTracking } from "../state/tracking-samples.js";
import { secretOf, SecretFileError } from "../datadir/secret-file.js";
import { Sights } from "../ops/sights.js";
import { VisionWatch } from "../vision/vision-watch.js";
import { untilSignal } from "../host/signals.js";
import { startVoice, type VoiceService } from "../voice/service.js";

const EXIT_FAILED = 1;
/** Two minutes of samples at 20 a second, and a page of log lines. */
const SAMPLES_MAX = 2400;
const LOG_LINES_MAX = 200;
/** A robot that has not dialled by then is missing, not on its way. */
const START_MS_MAX = 30_000;
/** How often it is looked whether everything that `ready` promises is there. */
const READY_PERIOD_MS = 25;

/** Runs until a signal ends it. @returns the process's exit code. */
export async function start(options: StartOptions): Promise<number> {
  let release = (): void => undefined;
  try {
    await claimDataDir(options.data);
    release = holdDataDir(options.data);
    await checkDoors(options);
    const secrets: PartSecrets = {
      linkKey: secretOf(options.data, "link.key", 32),
      token: isLoopback(options.host) ? undefined : secretOf(options.data, "token", 16),
      modelToken: isLoopback(options.host) ? undefined : secretOf(options.data, "mcp.token", 16),
    };
    return await new Companion(options, secrets).run();
  } catch (error) {
    const isPlain =
      error instanceof DataDirError ||
      error instanceof DoorError ||
      error instanceof WebServerError ||
      error instanceof VoiceOptionsError ||
      error instanceof SecretFileError;
    if (!isPlain) throw error;
    process.stderr.write(`buddy start: ${error.message}\n`);
    return EXIT_FAILED;
  } finally {
    release();
  }
}

class Companion {
  private readonly clock = systemClock;
  private readonly console = new Console(process.stdout, process.stderr, () => this.clock.nowMs());
  private readonly history = new RingHistory(SAMPLES_MAX);
  private readonly poses = new ValueFeed<Pose>();
  private readonly logs = new RingLog(LOG_LINES_MAX);
  private readonly supervisor: Supervisor;
  private readonly operations: Operations;
  private backups: BackupKeeper | undefined;
  private readonly serviceManager = new ServiceManager(process.env, this.clock);
  private readonly voice: VoiceService;
  private readonly vision: VisionWatch;
  private readonly sights: Sights;
  private readonly version: string;
  private readonly memory: RobotMemory;
  private readonly runtime: RuntimeKeeper;
  private robot: RobotWatch | undefined;
  private life: LifeWatch | undefined;
  private board: Board | undefined;
  private readonly startMs = this.clock.nowMs();
  private isReady = false;
  private isLinkUp = false;

  constructor(
    private readonly options: StartOptions,
    private readonly secrets: PartSecrets,
  ) {
    this.version = packageVersion();
    this.supervisor = new Supervisor({ parts: partSpecs(options, secrets), clock: this.clock });
    this.sights = new Sights(this.supervisor.liveness);
    this.operations = new Operations({
      dataDir: options.data,
      clock: this.clock,
      chance: systemChance,
      supervisor: this.supervisor,
      secrets: [secrets.linkKey, secrets.token, secrets.modelToken].filter(
        (one) => one !== undefined,
      ),
      show: (part, level, message) => this.show(part, level, message),
    });
    this.voice = startVoice({
      clock: this.clock,
      policies: this.operations,
      environment: process.env,
      send: (message) => this.supervisor.send("voice", message),
      log: (level, message) => this.note("voice", level, message),
      onChange: () => this.changed(),
    });
    this.vision = new VisionWatch(
      options.camera !== "none",
      this.clock,
      systemChance,
      secrets.token,
      this.operations,
      () => this.changed(),
    );
    this.runtime = new RuntimeKeeper(options.data, this.clock, (level, message) =>
      this.note("companion", level, message),
    );
    this.memory = makeRobotMemory({
      dir: options.data,
      clock: this.clock,
      toGateway: (message) => void this.supervisor.send("gateway", message),
      log: (level, message) => this.note("memory", level, message),
      onChange: () => this.changed(),
    });
  }

  async run(): Promise<number> {
    const ended = untilSignal();
    await this.operations.start();
    this.backups = startDailyBackup(this.options.data, this.clock, this.operations);
    this.memory.start();
    this.listen();
    this.supervisor.start();
    try {
      await this.serve(ended);
    } finally {
      this.console.progress("stopping");
      this.serviceManager.stopping();
      this.runtime.remove();
      if (this.options.robot === "sim") await this.life?.farewell();
      this.life?.stop();
      this.robot?.stop();
      await this.vision.stop();
      const report = await this.supervisor.stop();
      this.memory.stop();
      this.backups.end();
      await this.operations.stop();
      this.console.progress("");
      if (report.left.length > 0) {
        process.stderr.write(`buddy: these processes are still there: ${report.left.join(" ")}\n`);
      }
    }
    return 0;
  }

  private async serve(ended: Promise<string>): Promise<void> {
    const robot = new RobotWatch({
      // Known once the gateway is up; the page must not wait for that: it says what is the matter.
      door: () => this.supervisor.doorsOf("gateway")?.["ws"],
      clock: this.clock,
      chance: systemChance,
      policies: this.operations,
      poses: this.poses,
      sights: this.sights,
      onChange: () => this.changed(),
      log: (level, message) => this.note("robot", level, message),
      token: this.secrets.token,
    });
    this.robot = robot;
    const life = new LifeWatch({
      robot,
      memory: this.memory,
      clock: this.clock,
      onChange: () => this.board?.changed(),
      log: (level, message) => this.note("robot", level, message),
    });
    this.life = life;
    const mind = await this.startConversation(robot);
    this.voice.tell({
      heard: (text) => void mind.say(text, { source: "voice" }),
      listen: () => mind.listen(),
      unheard: () => mind.unheard(),
    });
    const board = new Board({
      clock: this.clock,
      version: this.version,
      robot,
      views: () => this.supervisor.view(),
      vision: () => this.vision.state(),
      mind: () => mind.state(),
      voice: () => this.voice.state(),
      health: () => this.operations.state(),
      life: () => life.view(),
      redact: (text) => this.operations.redactor.text(text),
    });
    this.board = board;
    const sources = healthSources({
      views: () => this.supervisor.view(),
      link: () => board.link(),
      vision: () => this.vision.state(),
      isRobotLinked: () => robot.isLinked,
      chip: this.options.robot === "sim" ? this.options.chip : undefined,
      isStarting: () =>
        robot.queryAgeMs === undefined && this.clock.nowMs() - this.startMs < START_MS_MAX,
      isPictureAwaited: () => this.options.camera !== "none" && !this.vision.hasSeenFrame,
      breaker: (id) => this.operations.breakerOf(id),
    });
    for (const source of [...sources, this.memory.health, mind.health, this.voice.health]) {
      this.operations.watch(source);
    }
    this.operations.onHealthChange(() => board.changed());
    const endSamples = followTracking(this.poses, this.vision.faces, this.history, this.clock);
    const server = await startWebServer(
      {
        host: this.options.host,
        port: this.options.port,
        version: this.version,
        ...(this.secrets.token !== undefined && { token: this.secrets.token }),
        ...(this.secrets.modelToken !== undefined && { modelToken: this.secrets.modelToken }),
      },
      {
        services: {
          state: board,
          robot,
          frames: this.vision.frames,
          poses: this.poses,
          faces: this.vision.faces,
          history: this.history,
          logs: this.logs,
          readiness: { reasons: () => this.operations.reasons() },
          health: this.operations,
          mind,
          redact: (text) => this.operations.redactor.text(text),
          voice: this.voice.port,
          ...(this.options.robot === "sim" && { simulator: this.simulatorControl() }),
        },
        clock: this.clock,
        log: (level, message) => this.note("page", level, message),
      },
    );
    this.serviceManager.ready(`its page is ${server.url}`);
    const endDoorWatch = watchDoor({
      clock: this.clock,
      dataDir: this.options.data,
      door: new URL(server.url).host,
      token: this.secrets.token,
      policies: this.operations,
      alerts: this.operations.alerts,
      watch: (source) => this.operations.watch(source),
      writeTrouble: () => this.operations.writeTrouble(),
      ...(this.backups && { backupAgeMs: this.backups.ageMs }),
    });
    try {
      robot.start();
      life.start();
      if (await this.untilReady(ended)) {
        // From here on the console belongs to what the parts say.
        this.isReady = true;
        sayReady(this.options, this.supervisor, this.console, server, this.runtime);
      }
      await ended;
    } finally {
      endDoorWatch();
      endSamples();
      mind.close();
      await server.close();
    }
  }

  private startConversation(robot: RobotWatch): Promise<ConversationService> {
    return startConversation({
      dataDir: this.options.data,
      clock: this.clock,
      chance: systemChance,
      policies: this.operations,
      voice: this.voice,
      robot,
      environment: process.env,
      store: this.memory.store,
      robotState: () => ({ ...robot.lastFields, linked: robot.isLinked }),
      vision: () => this.vision.state(),
      frame: () => this.vision.frames.latest(),
      log: (level, message) => this.note("mind", level, message),
      hide: (secret) => this.operations.redactor.add(secret),
      onChange: () => this.changed(),
    });
  }

  private simulatorControl(): SimulatorControl {
    return {
      wifi: (on, mode) => void this.supervisor.send("robot", { type: "wifi", on, mode }),
      kill: () => void this.supervisor.send("robot", { type: "kill" }),
    };
  }

  private async untilReady(ended: Promise<string>): Promise<boolean> {
    let isEnded = false;
    void ended.then(() => (isEnded = true));
    while (!isEnded && this.operations.reasons().length > 0)
      await this.clock.sleep(READY_PERIOD_MS);
    return !isEnded;
  }

  private listen(): void {
    this.supervisor.listen({
      change: (change) => {
        this.note(change.part, change.to === "backoff" ? "warn" : "info", change.text);
        if (change.part === "vision" && change.to === "running") this.watchVision();
        if (change.part === "voice") this.voice.setServing(change.to === "running");
        this.look();
        this.changed();
      },
      alert: (alert) => this.note(alert.part, "error", `${alert.why}; ${alert.next}`),
      log: (part, level, line) => this.note(part, level, line),
      status: (part, status) => {
        if (part === "vision") this.vision.take(status);
        if (part === "gateway") this.noteLink(status);
        this.look();
        this.changed();
      },
      message: (part, message) => {
        // The demo camera shows what the head's real angles would show: the loop is closed here.
        if (part === "robot" && message.type === "pose" && this.options.camera === "demo") {
          this.supervisor.send("camera", message);
        }
        if (part === "voice") this.voice.takeMessage(message);
        if (part === "gateway" && message.type === "mirror") this.memory.takeMessage(message);
      },
      progress: (line) => {
        if (!this.isReady) this.console.progress(line);
      },
    });
  }

  private noteLink(status: PartStatus): void {
    const isUp = status["linked"] === true;
    this.life?.noteLink(isUp, String(status["deviceId"] ?? ""));
    if (isUp && !this.isLinkUp) this.robot?.kick();
    this.isLinkUp = isUp;
  }

  /** What the parts say of those that only they hear. */
  private look(): void {
    const vision = this.supervisor.view().find(({ name }) => name === "vision");
    if (this.board) this.sights.link(this.board.link());
    this.sights.camera(this.vision.state(), vision);
  }

  private watchVision(): void {
    const door = this.supervisor.doorsOf("vision")?.["http"];
    if (door !== undefined) void this.vision.watch(door);
  }

  private changed(): void {
    this.operations.changed();
    this.board?.changed();
  }

  private note(part: string, level: LogLevel, message: string): void {
    this.operations.note(part, level, message);
  }

  private show(part: string, level: LogLevel, message: string): void {
    this.logs.add({ wallMs: this.clock.wallMs(), level, part, message });
    this.console.part(part, level, message);
  }
}
