/**
 * The demo camera: 30 times a second, or as often as it was asked to, it looks at the scene from the head's last known pose
 * and encodes what it sees. It works only while somebody takes its pictures. Faults can be switched on for drills.
 */
import sharp from "sharp";
import type { CancelTimer, Clock } from "../../time/clock.js";
import { BASE_DEG_CENTER, NOD_DEG_CENTER } from "../../wire/index.js";
import { faceAt, type FacePath, type FaceSpot } from "./path.js";
import type { HeadPose, Renderer } from "./render.js";
import { VIEW_HEIGHT, VIEW_WIDTH } from "./scene.js";

export const CAMERA_PER_S_MAX = 30;
/** Tables fitted to each picture would make it a tenth smaller and its encoding twice as dear. */
const JPEG = { quality: 85, optimiseCoding: false } as const;

/**
 * none: a healthy camera · stall: connections stay, no frames · freeze: the same picture again and again ·
 * black: lens covered · garbage: parts that are no pictures · refuse: connections are cut.
 */
export const CAMERA_FAULTS = ["none", "stall", "freeze", "black", "garbage", "refuse"] as const;
type CameraFault = (typeof CAMERA_FAULTS)[number];

export interface Shot {
  readonly jpeg: Buffer;
  readonly capturedAtMs: number;
}

/** What was true when a picture was taken. */
interface Truth {
  /** Unix time, ms, so that another process can compare. */
  readonly wallMs: number;
  readonly face: FaceSpot;
  readonly pose: HeadPose;
}

interface DemoCameraOptions {
  readonly clock: Clock;
  readonly renderer: Renderer;
  readonly path: FacePath;
  /** Somebody has taken the picture before, and waits for this one. */
  isAwaited(): boolean;
  onShot(shot: Shot): void;
  onTruth(truth: Truth): void;
}

export class DemoCamera {
  pose: HeadPose = { baseDeg: BASE_DEG_CENTER, nodDeg: NOD_DEG_CENTER };
  fault: CameraFault = "none";
  shots = 0;
  /** Time the renderer took for the last picture, ms. */
  renderMs = 0;
  private path: FacePath;
  private pathStartMs: number;
  private isBusy = false;
  private frozen: Buffer | undefined;
  private perS = CAMERA_PER_S_MAX;
  private cancel: CancelTimer;

  constructor(private readonly options: DemoCameraOptions) {
    this.path = options.path;
    this.pathStartMs = options.clock.nowMs();
    this.cancel = this.shootEvery();
  }

  /** From now on it gives so many pictures a second, `CAMERA_PER_S_MAX` at most. */
  setPace(perS: number): void {
    if (perS === this.perS) return;
    this.perS = perS;
    this.cancel();
    this.cancel = this.shootEvery();
  }

  get pathName(): string {
    return this.path.name;
  }

  /** The face's place now, degrees. */
  faceNow(): FaceSpot {
    return faceAt(this.path, this.options.clock.nowMs() - this.pathStartMs);
  }

  /** Starts a path from its beginning. */
  follow(path: FacePath): void {
    this.path = path;
    this.pathStartMs = this.options.clock.nowMs();
  }

  stop(): void {
    this.cancel();
  }

  private shootEvery(): CancelTimer {
    return this.options.clock.every(Math.floor(1000 / this.perS), () => void this.shoot());
  }

  private async shoot(): Promise<void> {
    const { clock, renderer, isAwaited, onShot, onTruth } = this.options;
    // A picture that would come late is left out: a camera has no queue either.
    if (this.isBusy || !isAwaited() || this.fault === "stall" || this.fault === "refuse") return;
    this.isBusy = true;
    try {
      const capturedAtMs = clock.nowMs();
      const face = this.faceNow();
      const { pose } = this;
      onTruth({ wallMs: clock.wallMs(), face, pose });
      if (this.fault !== "freeze") this.frozen = undefined;
      const jpeg = this.frozen ?? (await this.encode(renderer, pose, face));
      if (this.fault === "freeze") this.frozen = jpeg;
      this.shots += 1;
      onShot({ jpeg, capturedAtMs });
    } finally {
      this.isBusy = false;
    }
  }

  private async encode(renderer: Renderer, pose: HeadPose, face: FaceSpot): Promise<Buffer> {
    if (this.fault === "garbage") return Buffer.alloc(8000, "not a picture ");
    const startMs = this.options.clock.nowMs();
    const pixels =
      this.fault === "black"
        ? new Uint8ClampedArray(VIEW_WIDTH * VIEW_HEIGHT * 3)
        : renderer.render(pose, face);
    this.renderMs = this.options.clock.nowMs() - startMs;
    const raw = { width: VIEW_WIDTH, height: VIEW_HEIGHT, channels: 3 as const };
    return sharp(pixels, { raw }).jpeg(JPEG).toBuffer();
  }
}
