/**
 * What the companion shows of vision: its status and its newest frames. Frames come from the vision process's own
 * fan-out, so that the camera sees one connection however many people look (A13).
 */
import type { Chance } from "../time/chance.js";
import type { CancelTimer, Clock } from "../time/clock.js";
import type { Backend, Policies } from "../resilience/policies.js";
import type { Policy } from "../resilience/policy.js";
import { CameraReader } from "./camera/camera-reader.js";
import { ownDoorUrl } from "./choice/own-door.js";
import { ValueFeed } from "../state/feeds.js";
import {
  visionState,
  type CameraOrigin,
  type FaceSight,
  type VisionState,
} from "../state/buddy-state.js";
import type { Frame, FrameSource } from "../state/feeds.js";

/** A status older than this is of a part that is gone or hung; it is shown as such, not as the present (A6). */
const STATUS_AGE_MS_MAX = 2000;

/** Above the reader's own deadlines (answer 3 s, first picture 6 s), which have the better words. */
const DIAL_MS_MAX = 10_000;

const PICTURES: Backend = {
  id: "pictures",
  title: "Pictures for the page",
  remedy: "They come from the face detector: see how it and the camera are.",
};

export interface VisionWatchDeps {
  /** False while no camera is wanted. */
  isWanted(): boolean;
  /** Which camera it is. */
  source(): CameraOrigin;
  readonly clock: Clock;
  readonly chance: Chance;
  /** By which vision's door knows us: as token, and as whom it keeps a place for. */
  readonly ownKey: string;
  readonly policies: Policies;
  /** Vision is to know whether somebody looks at these pictures. */
  tellViewed(isViewed: boolean): void;
  onChange(): void;
}

export class VisionWatch {
  private readonly pictures = new ValueFeed<Frame>();
  /** While nobody subscribes a picture comes now and then, so that the newest one is of now (`raw-viewers.ts`). */
  readonly frames: FrameSource = {
    latest: () => this.pictures.latest(),
    subscribe: (listener) => {
      const end = this.pictures.subscribe(listener);
      this.noteViewers();
      return () => {
        end();
        this.noteViewers();
      };
    },
  };
  readonly faces = new ValueFeed<FaceSight>();
  /** True once a frame was seen in this life of the companion. */
  hasSeenFrame = false;
  /** As vision was told. */
  private isViewed = false;
  private reader: CameraReader | undefined;
  /** Where vision's pictures are; "" before it was ever ready. */
  private door = "";
  private readerDoor = "";
  private status: VisionState | undefined;
  private statusMs = 0;
  private frameSeq = 0;
  private cancelStale: CancelTimer = () => undefined;
  private readonly dials: Policy;

  constructor(private readonly deps: VisionWatchDeps) {
    const { policies } = deps;
    // Where none are wanted there is nothing to tell of them.
    const backend: Backend = deps.isWanted() ? PICTURES : { ...PICTURES, watchedBy: "camera" };
    this.dials = policies.policy("pictures", { backend, attemptMs: DIAL_MS_MAX, retry: "never" });
  }

  private noteViewers(): void {
    const isViewed = this.pictures.listenerCount > 0;
    if (isViewed !== this.isViewed) this.deps.tellViewed(isViewed);
    this.isViewed = isViewed;
  }

  /** The vision process is ready at this door (`host:port`), for the first time or again after a restart. */
  async watch(door: string): Promise<void> {
    this.door = door;
    this.deps.tellViewed(this.isViewed);
    await this.follow("the face detector is ready");
  }

  /** Another camera is looked through, or none. */
  async cameraChanged(): Promise<void> {
    await this.follow("another camera is looked through");
    this.deps.onChange();
  }

  private async follow(why: string): Promise<void> {
    const { door } = this;
    if (door === "") return;
    if (!this.deps.isWanted()) {
      this.readerDoor = "";
      await this.reader?.stop();
      return;
    }
    // Also at the same door: what was dialled in vain while nobody was behind it says nothing of the one who is there now.
    this.deps.policies.recovered(PICTURES.id, why);
    if (door === this.readerDoor) return;
    this.readerDoor = door;
    await this.reader?.stop();
    this.reader = new CameraReader({
      url: ownDoorUrl(door, `/raw_stream?token=${this.deps.ownKey}`),
      clock: this.deps.clock,
      chance: this.deps.chance,
      attempt: (dial) => this.dials.run(dial),
      onFrame: (frame) => {
        const isFirst = !this.hasSeenFrame;
        this.hasSeenFrame = true;
        if (isFirst) this.deps.onChange();
        this.pictures.push({
          jpeg: frame.jpeg,
          seq: ++this.frameSeq,
          capturedMs: frame.capturedAtMs,
        });
      },
      onState: () => undefined, // The vision process says how its camera is; this leg is local.
      onDropped: () => undefined, // Counted by the reader; a dropped frame is followed by a newer one.
    });
    this.reader.start();
  }

  async stop(): Promise<void> {
    this.cancelStale();
    await this.reader?.stop();
  }

  /** Takes what the vision process reports of itself. */
  take(report: unknown): void {
    const parsed = visionState.safeParse(report);
    if (!parsed.success) return;
    // Without pictures of the camera there are none here either: that is over now, not after the breaker's wait.
    if (givesPictures(parsed.data) && !(this.status && givesPictures(this.status))) {
      this.deps.policies.recovered(PICTURES.id, "the camera is live again");
    }
    this.status = parsed.data;
    this.statusMs = this.deps.clock.nowMs();
    if (parsed.data.face) this.faces.push(parsed.data.face);
    // Silence changes what is shown as well.
    this.cancelStale();
    this.cancelStale = this.deps.clock.after(STATUS_AGE_MS_MAX + 50, () => this.deps.onChange());
    this.deps.onChange();
  }

  state(): VisionState {
    const state = this.ownState();
    return { ...state, camera: { ...state.camera, source: this.deps.source() } };
  }

  private ownState(): VisionState {
    if (!this.deps.isWanted()) {
      const text = "No camera is wanted (--camera none).";
      return {
        state: "off",
        text,
        camera: { state: "off", text, framesPerS: 0 },
        detector: { state: "off", text, framesPerS: 0 },
        faces: 0,
      };
    }
    const ageMs = this.deps.clock.nowMs() - this.statusMs;
    if (this.status && ageMs <= STATUS_AGE_MS_MAX) return this.status;
    const text = this.status
      ? `The face detector has said nothing for ${(ageMs / 1000).toFixed(1)} s; nothing of it is used.`
      : "The face detector is starting.";
    return {
      state: this.status ? "down" : "starting",
      text,
      camera: { state: this.status ? "down" : "connecting", text, framesPerS: 0 },
      detector: { state: this.status ? "silent" : "starting", text, framesPerS: 0 },
      faces: 0,
    };
  }
}

function givesPictures({ camera }: VisionState): boolean {
  return camera.state === "live" || camera.state === "slow";
}
