/**
 * A running Buddy: makes what there is, connects it, and takes everything down again. Wires; decides nothing.
 */
import { availableParallelism } from "node:os";
import { startDailyBackup, type BackupKeeper } from "../backup/start-daily.js";
import { Brain } from "../brain/brain.js";
import type { LogLevel } from "../child/messages.js";
import { hasPast } from "../datadir/data-dir.js";
import { RuntimeKeeper } from "../datadir/runtime-keeper.js";
import { LoadWatch } from "../host/machine-load.js";
import { packageVersion } from "../host/package-root.js";
import { ServiceManager } from "../host/service-manager.js";
import { untilSignal } from "../host/signals.js";
import { sourcesOfPart } from "../ops/health-sources.js";
import { Sights } from "../ops/sights.js";
import type { Pose } from "../robot/pose.js";
import { RobotWatch } from "../robot/robot-watch.js";
import type { Board } from "../state/board.js";
import { RingHistory, RingLog, ValueFeed } from "../state/feeds.js";
import { followTracking } from "../state/tracking-samples.js";
import { LifeWatch } from "../store/life-watch.js";
import { makeRobotMemory, type RobotMemory } from "../store/robot-memory.js";
import { Supervisor } from "../supervisor/supervisor.js";
import { systemChance } from "../time/chance.js";
import { systemClock } from "../time/clock.js";
import type { CameraReason } from "../vision/choice/camera-api.js";
import { startVoice, type VoiceService } from "../voice/service.js";
import type { WebServer } from "../web/server.js";
import type { Base } from "./base.js";
import { Console } from "./console.js";
import { startDialogue } from "./dialogue.js";
import { Eyes } from "./eyes.js";
import { openHttps, type Https } from "./https.js";
import { makeBoard, watchHealth, watchPage } from "./monitoring.js";
import { announcePage, networkLines } from "./network.js";
import { Operations } from "./operations.js";
import { isSimulated, type StartOptions } from "./options.js";
import { openPage } from "./page.js";
import { hearParts } from "./part-events.js";
import { partSpecs, type PartSecrets } from "./parts.js";
import { startPublishing } from "./publishing.js";
import { sayPage, sayReady, tellDoorsOfBoard, untilReady } from "./ready.js";

/** Two minutes of samples at 20 a second, and a page of log lines. */
const SAMPLES_MAX = 2400;
const LOG_LINES_MAX = 200;

export class Companion implements Base {
  readonly clock = systemClock;
  readonly chance = systemChance;
  readonly version = packageVersion();
  readonly supervisor: Supervisor;
  readonly operations: Operations;
  readonly hasPast: boolean;
  private readonly console = new Console(process.stdout, process.stderr, () => this.clock.nowMs());
  private readonly history = new RingHistory(SAMPLES_MAX);
  private readonly poses = new ValueFeed<Pose>();
  private readonly logs = new RingLog(LOG_LINES_MAX);
  private readonly load = new LoadWatch(this.clock);
  private readonly serviceManager = new ServiceManager(process.env, this.clock);
  private readonly voice: VoiceService;
  private readonly brain: Brain;
  private readonly eyes: Eyes;
  private readonly sights: Sights;
  private readonly memory: RobotMemory;
  private readonly runtime: RuntimeKeeper;
  private backups: BackupKeeper | undefined;
  private robot: RobotWatch | undefined;
  private life: LifeWatch | undefined;
  private board: Board | undefined;
  private https: Https | undefined;
  private isReady = false;
  private isStopping = false;

  constructor(
    readonly options: StartOptions,
    readonly secrets: PartSecrets,
    readonly cameraReason: CameraReason,
  ) {
    const { clock, chance } = this;
    this.supervisor = new Supervisor({
      parts: partSpecs(
        options,
        secrets,
        () => this.https?.paths,
        () => this.eyes.camera,
      ),
      clock,
      load: this.load,
    });
    this.sights = new Sights(this.supervisor.liveness);
    this.operations = new Operations({
      dataDir: options.data,
      clock,
      chance,
      supervisor: this.supervisor,
      secrets: Object.values(secrets).filter((one) => typeof one === "string"),
      show: (part, level, message) => this.show(part, level, message),
    });
    this.voice = startVoice({
      clock,
      policies: this.operations,
      environment: process.env,
      send: (message) => this.supervisor.send("voice", message),
      log: this.logOf("voice"),
      onChange: () => this.changed("speech"),
    });
    this.brain = new Brain({
      dataDir: options.data,
      file: options.brain,
      hasGpu: options.brainGpu,
      processors: availableParallelism(),
      clock,
      chance,
      environment: process.env,
      parts: this.supervisor,
      isLate: () => this.load.isLoaded,
      log: this.logOf("brain"),
      say: (line) => this.console.say(line),
      onChange: () => this.changed("mind"),
    });
    this.eyes = new Eyes(this);
    this.runtime = new RuntimeKeeper(options.data, clock, this.logOf("companion"));
    this.hasPast = hasPast(options.data);
    this.memory = makeRobotMemory({
      dir: options.data,
      hasPast: this.hasPast,
      clock,
      toGateway: (message) => void this.supervisor.send("gateway", message),
      log: this.logOf("memory"),
      onChange: () => this.changed("memory"),
    });
  }

  /** @throws TlsError when the certificate cannot be used; nothing was started then */
  async run(): Promise<number> {
    this.https = await openHttps(this.options, this.clock, this.logOf("page"));
    const ended = untilSignal();
    this.load.start();
    await this.operations.start();
    this.backups = startDailyBackup(this.options.data, this.clock, this.operations);
    this.memory.start();
    this.hearParts();
    this.brain.start();
    this.supervisor.start();
    try {
      await this.serve(ended);
    } finally {
      this.quiesce();
      this.console.progress("stopping");
      this.serviceManager.stopping();
      this.runtime.remove();
      if (isSimulated(this.options)) await this.life?.farewell();
      this.life?.stop();
      this.brain.stop();
      this.robot?.stop();
      await this.eyes.vision.stop();
      const report = await this.supervisor.stop();
      this.load.stop();
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

  /** From here on everything ends on purpose. */
  private quiesce(): void {
    this.isStopping = true;
    this.operations.quiesce();
  }

  private async serve(ended: Promise<string>): Promise<void> {
    const { eyes, voice, brain, memory, poses, history, logs, https, backups } = this;
    const robot = this.watchRobot();
    const life = this.watchLife(robot);
    const { mind, fleet } = await startDialogue(this, { robot, memory, voice, eyes, brain });
    const watched = { robot, life, memory, eyes, voice, brain, mind, fleet };
    const board = makeBoard(this, watched);
    this.board = board;
    watchHealth(this, watched, board);
    // Of a simulated robot its part tells more, and sooner (`part-events.ts`).
    if (!isSimulated(this.options)) poses.subscribe((pose) => eyes.tellPose(pose));
    const endSamples = followTracking(poses, eyes.vision.faces, history, this.clock);
    const shown = { https, robot, board, mind, fleet, eyes, voice, brain, backups, poses, history };
    const server = await openPage(this, { ...shown, logs });
    const frames = eyes.outwardFrames;
    const { endEdge, endMqtt } = await startPublishing(this, { board, frames, mind, robot });
    this.sayWhere(server);
    const endAnnouncement = announcePage(this.options, server, this.logOf("page"));
    this.serviceManager.ready(`its page is ${server.url}`);
    sayPage(server, this.options, this.console);
    const endDoorWatch = watchPage(this, server, backups);
    try {
      robot.start();
      life.start();
      const { options, supervisor, console, runtime } = this;
      const told = { options, supervisor, console, server, runtime };
      void tellDoorsOfBoard(told, this.clock, ended);
      if (await untilReady(this.clock, ended, () => this.operations.reasons())) {
        // From here on the console belongs to what the parts say.
        this.isReady = true;
        sayReady(told);
      }
      await ended;
    } finally {
      this.quiesce();
      endDoorWatch();
      endEdge();
      endSamples();
      mind.close();
      await fleet?.close();
      await Promise.all([server.close(), endAnnouncement(), endMqtt()]);
      https?.close();
    }
  }

  /** For a phone and others on the LAN. */
  private sayWhere(server: WebServer): void {
    const lines = networkLines(this.options, server, this.https?.authority);
    for (const line of lines) this.console.say(line);
  }

  private watchRobot(): RobotWatch {
    this.robot = new RobotWatch({
      // Known once the gateway is up; the page must not wait for that: it says what is the matter.
      door: () => this.supervisor.doorsOf("gateway")?.["ws"],
      clock: this.clock,
      chance: this.chance,
      policies: this.operations,
      poses: this.poses,
      sights: this.sights,
      onChange: () => this.changed("robot"),
      log: this.logOf("robot"),
      token: this.secrets.token,
    });
    return this.robot;
  }

  private watchLife(robot: RobotWatch): LifeWatch {
    this.life = new LifeWatch({
      robot,
      memory: this.memory,
      clock: this.clock,
      onChange: () => this.board?.changed(),
      log: this.logOf("robot"),
    });
    return this.life;
  }

  private hearParts(): void {
    hearParts({
      supervisor: this.supervisor,
      vision: this.eyes.vision,
      voice: this.voice,
      brain: this.brain,
      memory: this.memory,
      sights: this.sights,
      camera: this.eyes.camera,
      link: () => this.board?.link(),
      onLink: (isUp, deviceId, isNew) => {
        this.life?.noteLink(isUp, deviceId);
        if (isNew) this.robot?.kick();
      },
      onChange: (part) => this.changed(...sourcesOfPart(part)),
      note: (part, level, message) => this.operations.note(part, level, message),
      progress: (line) => {
        if (!this.isReady) this.console.progress(line);
      },
    });
  }

  changed(...sourceIds: readonly string[]): void {
    this.operations.changed(...sourceIds);
    this.board?.changed();
  }

  logOf(part: string): (level: LogLevel, message: string) => void {
    return (level, message) => this.operations.note(part, level, message);
  }

  private show(part: string, level: LogLevel, message: string): void {
    this.logs.add({ wallMs: this.clock.wallMs(), level, part, message });
    // That a link is lost or a part is gone is what a stop does.
    if (!this.isStopping || level === "error") this.console.part(part, level, message);
  }
}
