/**
 * Which camera is looked through: the one that was set, or, while a page gives one, that. It tells vision, and everybody
 * who asks. Times are monotonic ms.
 */
import type { Clock } from "../../time/clock.js";
import { givenSource } from "../camera/source.js";

/** A picture is dated to a few ms; one of the page's camera must not go out because it was dated too late. */
const DATE_MARGIN_MS = 250;

export interface CameraChoiceDeps {
  /** What was set: demo, none, or as `readSource` takes it. */
  readonly setting: string;
  readonly clock: Clock;
  /** The demo camera's door, `host:port`, while it has one. */
  demoDoor(): string | undefined;
  /** Vision is to look through this camera; null: through none. `isBeside`: it is not on the robot's head. */
  tell(cameraUrl: string | null, isBeside: boolean): void;
  onChange(): void;
}

export class CameraChoice {
  private giver: string | undefined;
  /** The last picture of a page's camera was taken by then. */
  private givenUntilMs = Number.NEGATIVE_INFINITY;

  constructor(private readonly deps: CameraChoiceDeps) {}

  /** False: no camera is wanted. */
  get isWanted(): boolean {
    return this.giver !== undefined || this.deps.setting !== "none";
  }

  get isDemo(): boolean {
    return this.giver === undefined && this.deps.setting === "demo";
  }

  /** It stands beside the robot and does not move with its head. */
  get isBeside(): boolean {
    return this.giver !== undefined;
  }

  /** For people. */
  get source(): { kind: "none" | "demo" | "browser" | "address" } {
    if (this.giver !== undefined) return { kind: "browser" };
    const { setting } = this.deps;
    return { kind: setting === "none" || setting === "demo" ? setting : "address" };
  }

  /** What vision is to look through; null: nothing, or a demo camera that has no door yet. */
  cameraUrl(): string | null {
    const { setting, demoDoor } = this.deps;
    return this.giver === undefined ? cameraUrlOf(setting, demoDoor) : givenSource(this.giver);
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
