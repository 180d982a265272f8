/**
 * How many pictures are of use (`effort.ts`), told to whoever can ask the camera for them: on a change, and again when the
 * camera has come back.
 */
import { IDLE_PER_S, wantedPerS, type Effort } from "./effort.js";

export interface WantedDeps {
  /** Somebody is shown the pictures. */
  isViewed?(): boolean;
  /** So many pictures a second are of use. */
  onWanted?(perS: number): void;
}

export class Wanted {
  /** What the camera was asked for; undefined: it has heard nothing of us. */
  private perS: number | undefined;

  constructor(private readonly deps: WantedDeps) {}

  /** The camera gives pictures and is asked for few: nobody is there and nobody looks. */
  get isFew(): boolean {
    return this.perS === IDLE_PER_S;
  }

  /** To be called whenever the effort, or whether somebody looks, may have changed. */
  update(effort: Effort, nowMs: number): void {
    const { isViewed, onWanted } = this.deps;
    const perS = wantedPerS(effort, isViewed?.() ?? true, nowMs);
    if (perS === this.perS) return;
    this.perS = perS;
    onWanted?.(perS);
  }

  /** The camera is gone, or is another one. */
  forget(): void {
    this.perS = undefined;
  }
}
