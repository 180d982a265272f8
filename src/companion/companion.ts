/**
 * A running Buddy: makes what there is, connects it, and takes everything down again. Wires; decides nothing.
 */
import { availableParallelism } from "node:os";
import { startDailyBackup, type BackupKeeper } from "../backup/start-daily.js";
import { Brain } from "../brain/brain.js";
import type { LogLevel } from "../child/messages.js";
import { startEdge } from "../edge/start-edge.js";
import { startConversation, type ConversationService } from "../conversation/service.js";
import type { Fleet } from "../fleet/fleet.js";
import { NewRobot } from "../flash/new-robot.js";
import { startMqtt } from "../mqtt/start-mqtt.js";
import { RuntimeKeeper } from "../datadir/runtime-keeper.js";
import { LoadWatch } from "../host/machine-load.js";
import { packageVersion } from "../host/package-root.js";
import { ServiceManager } from "../host/service-manager.js";
import { untilSignal } from "../host/signals.js";
import { watchDoor } from "../ops/door-watch.js";
import { boardSource } from "../ops/board-source.js";
import { healthSources, sourcesOfPart } from "../ops/health-sources.js";
import { isOnItsWay } from "../ops/on-its-way.js";
import { hasPast } from "../datadir/data-dir.js";
import { Sights } from "../ops/sights.js";
import type { Pose } from "../robot/pose.js";
import { RobotWatch } from "../robot/robot-watch.js";
import { Board } from "../state/board.js";
import type { MindState } from "../state/mind-state.js";
import { RingHistory, RingLog, ValueFeed, type FrameSource } from "../state/feeds.js";
import { followTracking } from "../state/tracking-samples.js";
import { LifeWatch } from "../store/life-watch.js";
import { makeRobotMemory, type RobotMemory } from "../store/robot-memory.js";
import { Supervisor } from "../supervisor/supervisor.js";
import { systemChance } from "../time/chance.js";
import { systemClock } from "../time/clock.js";
import { listWebcams } from "../vision/camera/ffmpeg.js";
import { CameraChoice } from "../vision/choice/camera-choice.js";
import { Givers } from "../vision/choice/givers.js";
import { handOverTo } from "../vision/choice/hand-over.js";
import { outwardFrames } from "../vision/choice/outward-frames.js";
import { smallerFrom } from "../vision/choice/smaller-from.js";
import { VisionWatch } from "../vision/vision-watch.js";
import { startVoice, type VoiceService } from "../voice/service.js";
import { startWebServer, type WebServer } from "../web/server.js";
import type { SimulatorControl } from "../web/services.js";
import { Console } from "./console.js";
import { Operations } from "./operations.js";
import { callersOf, isSimulated, type StartOptions } from "./options.js";
import { openHttps, type Https } from "./https.js";
import { announcePage, networkLines } from "./network.js";
import { hearParts } from "./part-events.js";
import { demoCamera, partSpecs, type PartSecrets } from "./parts.js";
import { sayPage, sayReady, tellDoorsOfBoard, untilReady } from "./ready.js";

/** Two minutes of samples at 20 a second, and a page of log lines. */
const SAMPLES_MAX = 2400;
const LOG_LINES_MAX = 200;

const NO_NEW_ROBOT =
  "This Buddy has the simulated robot. For one on a board start it with `npm start -- --robot board --host 0.0.0.0 --https`.";

/** What the companion's own health is read from. */
interface Watched {
  robot: RobotWatch;
  life: LifeWatch;
  board: Board;
  mind: ConversationService;
}

export class Companion {
  private readonly clock = systemClock;
  private readonly console = new Console(process.stdout, process.stderr, () => this.clock.nowMs());
  private readonly history = new RingHistory(SAMPLES_MAX);
  private readonly poses = new ValueFeed<Pose>();
  private readonly logs = new RingLog(LOG_LINES_MAX);
  private readonly load = new LoadWatch(this.clock);
  private readonly supervisor: Supervisor;
  private readonly operations: Operations;
  private backups: BackupKeeper | undefined;
  private readonly serviceManager = new ServiceManager(process.env, this.clock);
  private readonly voice: VoiceService;
  private readonly camera: CameraChoice;
  /** There is a part of that name. */
  private hasDemoCamera: boolean;
  private readonly givers: Givers;
  private readonly vision: VisionWatch;
  /** For model, broker and edge. */
  private readonly outwardFrames: FrameSource;
  private readonly brain: Brain;
  private readonly sights: Sights;
  private readonly version: string;
  private readonly memory: RobotMemory;
  /** Before anything was written. */
  private readonly hasPast: boolean;
  private readonly runtime: RuntimeKeeper;
  private robot: RobotWatch | undefined;
  private life: LifeWatch | undefined;
  private board: Board | undefined;
  private https: Https | undefined;
  private isReady = false;
  private isStopping = false;
  private readonly visionDoor = (): string | undefined =>
    this.supervisor.doorsOf("vision")?.["http"];

  constructor(
    private readonly options: StartOptions,
    private readonly secrets: PartSecrets,
  ) {
    this.version = packageVersion();
    this.hasDemoCamera = options.camera === "demo";
    this.camera = new CameraChoice({
      setting: options.camera,
      place: options.cameraPlace,
      clock: this.clock,
      demoDoor: () =>
        this.hasDemoCamera ? this.supervisor.doorsOf("camera")?.["http"] : undefined,
      startDemo: () => {
        if (!this.hasDemoCamera) this.supervisor.add(demoCamera());
        this.hasDemoCamera = true;
      },
      tell: (cameraUrl, isBeside) =>
        void this.supervisor.send("vision", { type: "camera", cameraUrl, isBeside }),
      onChange: () => void this.vision.cameraChanged(),
    });
    this.supervisor = new Supervisor({
      parts: partSpecs(options, secrets, () => this.https?.paths, this.camera),
      clock: this.clock,
      load: this.load,
    });
    this.sights = new Sights(this.supervisor.liveness);
    this.operations = new Operations({
      dataDir: options.data,
      clock: this.clock,
      chance: systemChance,
      supervisor: this.supervisor,
      secrets: Object.values(secrets).filter((one) => typeof one === "string"),
      show: (part, level, message) => this.show(part, level, message),
    });
    this.voice = startVoice({
      clock: this.clock,
      policies: this.operations,
      environment: process.env,
      send: (message) => this.supervisor.send("voice", message),
      log: (level, message) => this.note("voice", level, message),
      onChange: () => this.changed("speech"),
    });
    this.brain = new Brain({
      dataDir: options.data,
      file: options.brain,
      hasGpu: options.brainGpu,
      processors: availableParallelism(),
      clock: this.clock,
      chance: systemChance,
      environment: process.env,
      parts: this.supervisor,
      isLate: () => this.load.isLoaded,
      log: (level, message) => this.note("brain", level, message),
      say: (line) => this.console.say(line),
      onChange: () => this.changed("mind"),
    });
    this.givers = new Givers({
      clock: this.clock,
      handOver: handOverTo(this.visionDoor, secrets.ownKey),
      onGiver: (giver) => this.camera.give(giver),
    });
    this.vision = new VisionWatch({
      isWanted: () => this.camera.isWanted,
      source: () => this.camera.source,
      clock: this.clock,
      chance: systemChance,
      ownKey: secrets.ownKey,
      policies: this.operations,
      onChange: () => this.changed("camera"),
    });
    this.outwardFrames = outwardFrames(this.vision.frames, (frame) => this.camera.mayGoOut(frame));
    this.runtime = new RuntimeKeeper(options.data, this.clock, (level, message) =>
      this.note("companion", level, message),
    );
    this.hasPast = hasPast(options.data);
    this.memory = makeRobotMemory({
      dir: options.data,
      hasPast: this.hasPast,
      clock: this.clock,
      toGateway: (message) => void this.supervisor.send("gateway", message),
      log: (level, message) => this.note("memory", level, message),
      onChange: () => this.changed("memory"),
    });
  }

  /** @throws TlsError when the certificate cannot be used; nothing was started then */
  async run(): Promise<number> {
    this.https = await openHttps(this.options, this.clock, (level, message) =>
      this.note("page", level, message),
    );
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
      await this.vision.stop();
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
    const robot = this.watchRobot();
    const life = this.watchLife(robot);
    const fleet = await this.joinFleet();
    const mind = await this.startConversation(robot, fleet);
    fleet?.begin(mind);
    const answer = (text: string): void => void mind.say(text, { source: "voice" });
    this.voice.tell({
      name: () => mind.character().name,
      heard: (text) => (fleet ? fleet.heardByVoice(text, () => answer(text)) : answer(text)),
      listen: () => {
        fleet?.listen();
        mind.listen();
      },
      unheard: () => mind.unheard(),
    });
    const board = this.putUpBoard(robot, life, mind, fleet);
    this.askHealth({ robot, life, board, mind });
    // Of a simulated robot its part tells more, and sooner (`part-events.ts`).
    if (!isSimulated(this.options)) this.poses.subscribe((pose) => this.tellPose(pose));
    const endSamples = followTracking(this.poses, this.vision.faces, this.history, this.clock);
    const server = await this.openPage(robot, board, mind);
    const endEdge = await startEdge({
      url: this.options.edge,
      key: this.secrets.edgeKey,
      linkKey: this.secrets.linkKey,
      show: { words: this.options.edgeShow, picture: this.options.edgePicture },
      clock: this.clock,
      policies: this.operations,
      state: board,
      frames: this.outwardFrames,
      log: (level, message) => this.note("edge", level, message),
    });
    const endMqtt = await startMqtt({
      url: this.options.mqtt,
      user: this.options.mqttUser,
      password: this.secrets.mqttPassword,
      caFile: this.options.mqttCa,
      linkKey: this.secrets.linkKey,
      version: this.version,
      clock: this.clock,
      state: board,
      frames: this.outwardFrames,
      mind,
      robot,
      redact: (text) => this.operations.redactor.text(text),
      watch: (source) => this.operations.watch(source),
      log: (level, message) => this.note("mqtt", level, message),
      onChange: () => this.operations.changed("mqtt"),
    });
    this.sayWhere(server);
    const endAnnouncement = announcePage(this.options, server, (level, message) =>
      this.note("page", level, message),
    );
    this.serviceManager.ready(`its page is ${server.url}`);
    sayPage(server, this.options, this.console);
    const endDoorWatch = watchDoor({
      clock: this.clock,
      dataDir: this.options.data,
      door: `127.0.0.1:${server.port}`,
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
      this.https?.close();
    }
  }

  private tellPose({ baseDeg: base, nodDeg: nod }: Pose): void {
    if (this.camera.isBeside) this.supervisor.send("vision", { type: "pose", base, nod });
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
      chance: systemChance,
      policies: this.operations,
      poses: this.poses,
      sights: this.sights,
      onChange: () => this.changed("robot"),
      log: (level, message) => this.note("robot", level, message),
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
      log: (level, message) => this.note("robot", level, message),
    });
    return this.life;
  }

  /** Undefined where no `--fleet` is given: nothing of it is loaded then. */
  private async joinFleet(): Promise<Fleet | undefined> {
    const { fleet: url, stage, fleetUser, fleetName, room: roomUrl } = this.options;
    if (url === undefined) return undefined;
    const { startFleet } = await import("../fleet/start-fleet.js");
    return startFleet({
      url,
      stage,
      user: fleetUser,
      password: this.secrets.fleetPassword,
      name: fleetName,
      roomUrl,
      environment: process.env,
      linkKey: this.secrets.linkKey,
      clock: this.clock,
      chance: systemChance,
      policies: this.operations,
      voice: this.voice,
      store: this.memory.store,
      alerts: this.operations.alerts,
      watch: (source) => this.operations.watch(source),
      log: (level, message) => this.note("fleet", level, message),
      onChange: () => this.changed("fleet"),
    });
  }

  private putUpBoard(
    robot: RobotWatch,
    life: LifeWatch,
    mind: ConversationService,
    fleet: Fleet | undefined,
  ): Board {
    this.board = new Board({
      clock: this.clock,
      version: this.version,
      robot,
      views: () => this.supervisor.view(),
      vision: () => this.vision.state(),
      mind: () => ({ ...mind.state(), ...offerOf(this.brain) }),
      voice: () => ({ ...this.voice.state(), volume: mind.settings().volume }),
      health: () => this.operations.state(),
      ...(fleet && { fleet: () => fleet.state() }),
      life: () => life.view(),
      redact: (text) => this.operations.redactor.text(text),
    });
    return this.board;
  }

  private askHealth({ robot, life, board, mind }: Watched): void {
    const sources = healthSources({
      views: () => this.supervisor.view(),
      link: () => board.link(),
      vision: () => this.vision.state(),
      isRobotLinked: () => robot.isLinked,
      late: () => life.late,
      chip: isSimulated(this.options) ? this.options.chip : undefined,
      isStarting: () =>
        robot.queryAgeMs === undefined && isOnItsWay(this.supervisor.view(), this.clock.wallMs()),
      isPictureAwaited: () => this.camera.isWanted && !this.vision.hasSeenFrame,
      grown: (part) => this.operations.grown(part),
      breaker: (id) => this.operations.breakerOf(id),
    });
    for (const source of [...sources, this.memory.health, mind.health, this.voice.health]) {
      this.operations.watch(source);
    }
    const { robot: kind, data } = this.options;
    if (!isSimulated(this.options) && kind !== "debug") this.operations.watch(boardSource(data));
    this.operations.onHealthChange(() => board.changed());
  }

  private openPage(robot: RobotWatch, board: Board, mind: ConversationService): Promise<WebServer> {
    const { token, modelToken } = this.secrets;
    return startWebServer(
      {
        host: this.options.host,
        port: this.options.port,
        version: this.version,
        ...callersOf(this.options),
        tls: this.https?.tls,
        authority: this.https?.authority,
        ...(token !== undefined && { token }),
        ...(modelToken !== undefined && { modelToken }),
      },
      {
        services: {
          state: board,
          robot,
          frames: this.vision.frames,
          smaller: smallerFrom(this.visionDoor, this.secrets.ownKey, this.clock),
          poses: this.poses,
          faces: this.vision.faces,
          history: this.history,
          logs: this.logs,
          readiness: { reasons: () => this.operations.reasons() },
          health: this.operations,
          mind,
          redact: (text) => this.operations.redactor.text(text),
          voice: this.voice.port,
          brain: this.brain,
          backups: this.backups?.desk,
          camera: {
            addGiver: (socket) => this.givers.add(socket),
            setting: () => this.camera.shown,
            choose: (camera) => this.camera.choose(camera),
            webcams: async () => (await listWebcams()).map(({ name }) => name),
          },
          newRobot: new NewRobot({
            dataDir: this.options.data,
            refusal: isSimulated(this.options) ? NO_NEW_ROBOT : "",
            clock: this.clock,
            log: (level, message) => this.note("page", level, message),
          }),
          ...(isSimulated(this.options) && { simulator: this.simulatorControl() }),
        },
        clock: this.clock,
        registry: this.operations.registry,
        log: (level, message) => this.note("page", level, message),
      },
    );
  }

  private startConversation(
    robot: RobotWatch,
    fleet: Fleet | undefined,
  ): Promise<ConversationService> {
    return startConversation({
      dataDir: this.options.data,
      hasPast: this.hasPast,
      clock: this.clock,
      chance: systemChance,
      policies: this.operations,
      voice: fleet?.voice ?? this.voice,
      company: fleet,
      robot,
      environment: process.env,
      store: this.memory.store,
      robotState: () => ({ ...robot.lastFields, linked: robot.isLinked }),
      vision: () => this.vision.state(),
      frame: () => this.outwardFrames.latest(),
      log: (level, message) => this.note("mind", level, message),
      hide: (secret) => this.operations.redactor.add(secret),
      onChange: () => this.changed("mind"),
      local: this.brain.local,
      onFound: (count) => this.brain.found(count),
    });
  }

  private simulatorControl(): SimulatorControl {
    return {
      wifi: (on, mode) => void this.supervisor.send("robot", { type: "wifi", on, mode }),
      air: (air) => void this.supervisor.send("robot", { type: "air", air }),
      kill: () => void this.supervisor.send("robot", { type: "kill" }),
      cable: (on) => void this.supervisor.send("robot", { type: "cable", on }),
    };
  }

  private hearParts(): void {
    hearParts({
      supervisor: this.supervisor,
      vision: this.vision,
      voice: this.voice,
      brain: this.brain,
      memory: this.memory,
      sights: this.sights,
      camera: this.camera,
      link: () => this.board?.link(),
      onLink: (isUp, deviceId, isNew) => {
        this.life?.noteLink(isUp, deviceId);
        if (isNew) this.robot?.kick();
      },
      onChange: (part) => this.changed(...sourcesOfPart(part)),
      note: (part, level, message) => this.note(part, level, message),
      progress: (line) => {
        if (!this.isReady) this.console.progress(line);
      },
    });
  }

  /** What these health sources tell of has changed, and with it what people see. */
  private changed(...sourceIds: readonly string[]): void {
    this.operations.changed(...sourceIds);
    this.board?.changed();
  }

  private note(part: string, level: LogLevel, message: string): void {
    this.operations.note(part, level, message);
  }

  private show(part: string, level: LogLevel, message: string): void {
    this.logs.add({ wallMs: this.clock.wallMs(), level, part, message });
    // That a link is lost or a part is gone is what a stop does.
    if (!this.isStopping || level === "error") this.console.part(part, level, message);
  }
}

function offerOf(brain: Brain): Pick<MindState, "brain"> {
  const offer = brain.offer();
  return offer === undefined ? {} : { brain: offer };
}
