/**
 * The parts of vision wired together: camera → hub → detector → scene → robot and doors. One object, one life:
 * `start`, `stop`. It knows nothing of processes; `main.ts` does.
 */
import type { Chance } from "../time/chance.js";
import type { CancelTimer, Clock } from "../time/clock.js";
import type { Judged } from "./annotate.js";
import { DatagramSender, VISION_PERIOD_MS, type IntakeAddress } from "./datagrams.js";
import { Detector, type DetectorOptions } from "./detector/detector.js";
import type { Frame } from "./camera/frame.js";
import { FrameHub } from "./camera/hub.js";
import { newFigures, type VisionFigures } from "./figures.js";
import { historyEntry, remember, type HistoryEntry } from "./history.js";
import type { CameraState } from "./camera/camera-reader.js";
import type { Picture } from "./camera/camera-stream.js";
import { CameraSwitch } from "./camera/camera-switch.js";
import type { Certificates } from "./camera/certificates.js";
import { freshMsOf, periodMsOf, type Pace } from "./camera/pace.js";
import { HeadTrack } from "./head-view.js";
import { EMPTY_SCENE, loseSight, stepScene, type PresentFace, type Scene } from "./scene.js";
import {
  eyesOff,
  lookOf,
  NO_ATTENTION,
  pictureCame,
  pictureFailed,
  pictureLookedAt,
  picturesEnded,
  type Attention,
  type Look,
} from "./detector/attention.js";
import { looked, NO_EFFORT, restMs, type Effort } from "./detector/effort.js";
import type { Sight } from "./detector/sight.js";
import { Wanted, type WantedDeps } from "./detector/wanted.js";

interface VisionOptions extends WantedDeps {
  /** The first camera; as `readSource` takes it. */
  readonly cameraUrl: string | undefined;
  /** It stands beside the robot, not on its head. */
  readonly isBeside?: boolean;
  readonly certificates?: Certificates;
  readonly intake: IntakeAddress;
  readonly clock: Clock;
  readonly chance: Chance;
  log(level: "info" | "warn" | "error", message: string): void;
  /** The detector cannot be kept alive. Called once. */
  onBroken(why: string): void;
  /** Tests only. */
  readonly detector?: Partial<Pick<DetectorOptions, "workerUrl" | "search" | "starting" | "cpuMs">>;
}

export class Vision {
  readonly hub = new FrameHub();
  readonly sender: DatagramSender;
  readonly detector: Detector;
  readonly history: HistoryEntry[] = [];
  readonly figures: VisionFigures = newFigures();
  camera: CameraState | { readonly kind: "off" } = { kind: "off" };
  judged: Judged | undefined;
  /** As of the last judged picture, however old that is. */
  private lastScene: Scene = EMPTY_SCENE;
  private attention: Attention = NO_ATTENTION;
  private effort: Effort = NO_EFFORT;
  /** The last frame that is, or will be, looked at. */
  private given: Frame | undefined;
  private readonly eye: CameraSwitch;
  readonly head = new HeadTrack();
  private hasDetector = false;
  private readonly cancels: CancelTimer[] = [];
  private lostLogged = "";
  readonly wanted: Wanted;

  constructor(private readonly options: VisionOptions) {
    const { clock, chance, cameraUrl } = options;
    this.wanted = new Wanted(options);
    this.sender = new DatagramSender(clock, options.intake);
    this.detector = new Detector({
      ...options.detector,
      clock,
      onReady: (startMs, simd) => {
        this.figures.detectorStartMs = startMs;
        const how = simd === "plain" ? ", without fused SIMD: a third slower" : "";
        options.log("info", `the detector is ready after ${Math.round(startMs)} ms${how}`);
      },
      onUnable: (why) => {
        this.attention = eyesOff(this.attention, why);
        this.noteError(why);
        options.log("error", `the eyes are off: ${why}`);
      },
      onSight: (frame, sight) => this.judge(frame, sight),
      onFault: (frame, why) => {
        this.figures.undecodable += 1;
        this.eye.settle(frame.index);
        this.attention = pictureFailed(this.attention, why);
        this.noteError(`a frame could not be decoded: ${why}`);
      },
      onReplaced: (why) => {
        this.lastScene = loseSight(this.lastScene);
        this.noteError(`the detector ${why}`);
        options.log("warn", `the detector ${why}; another one is starting`);
      },
      onBroken: options.onBroken,
    });
    const { certificates } = options;
    this.head.isBeside = options.isBeside ?? false;
    this.eye = new CameraSwitch(
      {
        certificates,
        clock,
        chance,
        onFrame: (frame) => this.onFrame(frame),
        onState: (state) => this.onCameraState(state),
        onDropped: () => (this.figures.droppedFrames += 1),
      },
      cameraUrl,
    );
  }

  /**
   * Looks through another camera from now on, undefined: through none.
   * @param isBeside it stands beside the robot, not on its head.
   * @throws RangeError for a camera that is none; all is as before then.
   */
  setCamera(cameraUrl: string | undefined, isBeside: boolean): void {
    this.head.isBeside = isBeside;
    if (!this.eye.change(cameraUrl)) return;
    this.camera = cameraUrl === undefined ? { kind: "off" } : { kind: "connecting", attempt: 0 };
    this.lostLogged = "";
    this.judged = undefined;
    this.effort = NO_EFFORT;
    this.wanted.forget();
    this.hub.forget();
    this.lastScene = { ...EMPTY_SCENE, leftAtMs: this.lastScene.leftAtMs };
    this.attention = picturesEnded(this.attention);
    this.detector.forget();
    if (this.cancels.length > 0) this.startDetector();
  }

  /** As `CameraSwitch.give`. */
  give(giver: string, picture: Pick<Picture, "jpeg" | "head">): Promise<boolean> {
    return this.eye.give(giver, picture);
  }

  get reconnectCount(): number {
    return this.eye.reconnectCount;
  }

  /** How fast the camera gives pictures. */
  get pace(): Pace {
    return this.eye.pace;
  }

  /** Pictures older than this are not "now", ms: the camera is stale, no face is present. */
  get freshMsMax(): number {
    return freshMsOf(this.pace);
  }

  /** Pictures come, too seldom to follow anybody by them. */
  get isSlow(): boolean {
    return this.camera.kind === "live" && this.pace.isSlow;
  }

  /** Whether the detector looks at what comes. */
  look(): Look {
    const { stateName } = this.detector;
    const isReady = stateName === "free" || stateName === "busy";
    return lookOf(this.attention, isReady, this.options.clock.nowMs());
  }

  /** Age of the newest frame, ms; undefined before the first. */
  frameAgeMs(): number | undefined {
    const { latest } = this.hub;
    return latest && this.options.clock.nowMs() - latest.capturedAtMs;
  }

  /** True while pictures come and are young. */
  isLive(): boolean {
    const ageMs = this.frameAgeMs();
    return this.camera.kind === "live" && ageMs !== undefined && ageMs <= this.freshMsMax;
  }

  /**
   * What is seen now. Nobody is said to be there while the camera gives nothing or no picture of late was judged: asked of
   * the clock, not left to the event that will tell why.
   */
  get scene(): Scene {
    const judgedMs = this.judged?.frame.capturedAtMs ?? Number.NEGATIVE_INFINITY;
    const isOfNow = this.options.clock.nowMs() - judgedMs <= this.freshMsMax;
    return this.isLive() && isOfNow ? this.lastScene : loseSight(this.lastScene);
  }

  start(): void {
    this.startDetector();
    this.eye.start();
    this.cancels.push(
      this.options.clock.every(VISION_PERIOD_MS, () => {
        if (this.isLive() && !this.isSlow) this.sender.sendScene(this.scene);
      }),
    );
  }

  /** Without a camera there is nothing to search: no models are loaded. */
  private startDetector(): void {
    if (this.hasDetector || !this.eye.isWanted) return;
    this.hasDetector = true;
    this.detector.start();
  }

  async stop(): Promise<void> {
    for (const cancel of this.cancels) cancel();
    await this.eye.stop();
    await this.detector.stop();
    this.sender.close();
  }

  private onFrame(frame: Frame): void {
    const nowMs = this.options.clock.nowMs();
    this.figures.frames.add(nowMs);
    this.figures.frameCount += 1;
    this.hub.publish(frame);
    const isBusy = this.detector.stateName === "busy";
    this.want();
    const waitMs = restMs(this.effort, isBusy, nowMs, periodMsOf(this.pace));
    if (waitMs > 0) {
      this.eye.rest(frame.index, waitMs);
      // What is shown moves on: nobody was there a moment ago. Not while a look hangs: that is no moment.
      if (!isBusy && !this.lastScene.present) this.judged = { frame, scene: this.lastScene };
      return;
    }
    this.effort = { ...this.effort, givenAtMs: nowMs };
    this.given = frame;
    this.attention = pictureCame(this.attention, nowMs);
    this.detector.offer(frame);
  }

  private onCameraState(state: CameraState): void {
    const before = this.camera.kind;
    this.camera = state;
    if (state.kind !== "live") this.wanted.forget();
    if (state.kind === "lost") {
      this.lastScene = loseSight(this.lastScene);
      this.attention = picturesEnded(this.attention);
      this.detector.forget();
      this.eye.settle(Number.POSITIVE_INFINITY);
      if (before === "live") this.noteError(`camera lost: ${state.why}`);
      this.logFirst(`camera lost: ${state.why}`);
    }
    if (state.kind === "live" && before !== "live") {
      this.lostLogged = "";
      this.options.log("info", "the camera gives pictures");
    }
  }

  /** Asks for as many pictures as are of use; to be called when somebody begins or ends to look. */
  want(): void {
    if (this.camera.kind === "live") this.wanted.update(this.effort, this.options.clock.nowMs());
  }

  /** First failure loud, repeats quiet. */
  private logFirst(text: string): void {
    if (this.lostLogged !== text) this.options.log("warn", text);
    this.lostLogged = text;
  }

  judge(frame: Frame, sight: Sight): void {
    const { clock } = this.options;
    this.eye.settle(frame.index);
    // The camera was lost or changed while this was searched: the picture is of a past that is over.
    if (this.camera.kind !== "live" || this.eye.isFormer(frame)) return;
    const nowMs = clock.nowMs();
    this.attention = pictureLookedAt(frame === this.given, nowMs);
    const { visibility: before } = this.lastScene;
    const { scene, verdict } = stepScene(this.lastScene, sight, frame.capturedAtMs, nowMs);
    this.lastScene = scene;
    const { visibility } = scene;
    if (visibility !== before)
      this.options.log("info", `the picture is ${visibility} (was ${before})`);
    const lookMs = sight.decodeMs + sight.searchMs;
    this.figures.searches.add(nowMs);
    this.figures.latencies.add(lookMs);
    // A black picture costs no search, and when the lens is free again that should show.
    const isWatched = verdict === "face" || visibility === "dark";
    this.effort = looked(this.effort, isWatched, lookMs, nowMs);
    // By pictures that are too far apart the head would follow the past: it is told nothing and gives its gaze up.
    if (!this.isSlow) this.tellRobot(verdict === "face" ? scene.present : undefined);
    this.judged = { frame, scene };
    remember(this.history, historyEntry(scene, clock.wallMs(), this.sender.lastMessage));
    this.want();
  }

  private tellRobot(present: PresentFace | undefined): void {
    if (present) this.figures.ages.add(this.sender.sendFace(this.head.shown(present)));
    else this.sender.sendNoFace();
  }

  private noteError(text: string): void {
    this.figures.errors += 1;
    this.figures.lastError = text;
  }
}
