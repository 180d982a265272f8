/**
 * Which camera is looked through: the one that was set, or, while a page gives one, that. It tells vision, and everybody
 * who asks. Times are monotonic ms.
 */
import type { Clock } from "../../time/clock.js";
import type { CameraOrigin } from "../../state/buddy-state.js";
import { reasonOf } from "../../host/reason.js";
import { shownAddress } from "../camera/camera-url.js";
import type { CameraReason, Chosen } from "./camera-api.js";
import { givenSource, isGivenSource, readSource, sourceFault } from "../camera/source.js";

/** A picture is dated to a few ms; one of the page's camera must not go out because it was dated too late. */
const DATE_MARGIN_MS = 250;

/** Where a camera is: on the robot's head, or beside the robot; auto: by its kind. */
export const CAMERA_PLACES = ["auto", "head", "beside"] as const;
export type CameraPlace = (typeof CAMERA_PLACES)[number];

export interface CameraChoiceDeps {
  /** What is set first: demo, none, or as `readSource` takes it. */
  readonly setting: string;
  /** Why that. */
  readonly reason: CameraReason;
  readonly place: CameraPlace;
  readonly clock: Clock;
  /** The demo camera's door, `host:port`, while it has one. */
  demoDoor(): string | undefined;
  /** The demo camera is wanted; also when it is there already. */
  startDemo(): void;
  /** Vision is to look through this camera; null: through none. `isBeside`: it is not on the robot's head. */
  tell(cameraUrl: string | null, isBeside: boolean): void;
  /** Keeps what was chosen for the next start. @throws the file system's error */
  keep(setting: string): Promise<void>;
  onChange(): void;
}

export class CameraChoice {
  private setting: string;
  reason: CameraReason;
  private giver: string | undefined;
  /** The last picture of a page's camera was taken by then. */
  private givenUntilMs = Number.NEGATIVE_INFINITY;

  constructor(private readonly deps: CameraChoiceDeps) {
    this.setting = deps.setting;
    this.reason = deps.reason;
  }

  /** What is set, without a password. */
  get shown(): string {
    return shownAddress(this.setting);
  }

  /** Looks through another camera from now on, at once, and keeps that. */
  async choose(setting: string): Promise<Chosen> {
    const why = settingFault(setting);
    if (why !== undefined) return { kind: "bad", why };
    const { reason } = this.deps;
    this.setting = setting;
    this.reason = {
      kind: "chosen",
      ...(reason.kind === "option" && { option: reason.option }),
    };
    if (setting === "demo") this.deps.startDemo();
    this.tell();
    this.deps.onChange();
    try {
      await this.deps.keep(setting);
      return { kind: "used" };
    } catch (error) {
      return { kind: "used", unkept: reasonOf(error) };
    }
  }

  /** False: no camera is wanted. */
  get isWanted(): boolean {
    return this.giver !== undefined || this.setting !== "none";
  }

  get isDemo(): boolean {
    return this.giver === undefined && this.setting === "demo";
  }

  /** It stands beside the robot and does not move with its head. */
  get isBeside(): boolean {
    if (this.giver !== undefined) return true;
    const { place } = this.deps;
    // A robot's own camera gives MJPEG; what needs ffmpeg stands on a desk or a wall.
    return place === "auto" ? isByFfmpeg(this.setting) : place === "beside" && !this.isDemo;
  }

  /** For people. */
  get source(): { kind: CameraOrigin["kind"] } {
    if (this.giver !== undefined) return { kind: "browser" };
    const { setting } = this;
    if (setting === "none" || setting === "demo") return { kind: setting };
    const source = readSource(setting);
    const isWebcam =
      typeof source !== "string" && source.kind === "ffmpeg" && source.input.kind === "webcam";
    return { kind: isWebcam ? "webcam" : "address" };
  }

  /** What vision is to look through; null: nothing, or a demo camera that has no door yet. */
  cameraUrl(): string | null {
    const { demoDoor } = this.deps;
    return this.giver === undefined ? cameraUrlOf(this.setting, demoDoor) : givenSource(this.giver);
  }

  /** Tells vision again: it, or the demo camera, has come up. */
  tell(): void {
    this.deps.tell(this.cameraUrl(), this.isBeside);
  }

  /** A page gives its camera, or none does any more. */
  give(giver: string | undefined): void {
    if (giver === undefined) this.givenUntilMs = this.deps.clock.nowMs();
    this.giver = giver;
    this.tell();
    this.deps.onChange();
  }

  /** Pictures of somebody's own browser are shown on Buddy's own page and go nowhere else: to no model, broker or edge. */
  mayGoOut({ capturedMs }: { readonly capturedMs: number }): boolean {
    return this.giver === undefined && capturedMs > this.givenUntilMs + DATE_MARGIN_MS;
  }
}

/** What vision is told of a setting; null: its door is open and says that no camera is wanted. */
export function cameraUrlOf(setting: string, demoDoor: () => string | undefined): string | null {
  if (setting === "none") return null;
  if (setting !== "demo") return setting;
  const door = demoDoor();
  return door === undefined ? null : `http://${door}/stream`;
}

function isByFfmpeg(setting: string): boolean {
  const source = readSource(setting);
  return typeof source !== "string" && source.kind === "ffmpeg";
}

/** Why a text names no camera that people may set, or undefined. */
export function settingFault(setting: string): string | undefined {
  if (setting === "demo" || setting === "none") return undefined;
  return isGivenSource(setting) ? "is no camera" : sourceFault(setting);
}
