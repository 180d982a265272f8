/**
 * The one camera that is looked through, and the change to another one while all else runs. What still comes of a former
 * camera is not heard. Pictures of a camera that is given (`given.ts`) are taken here, and answered when they were searched.
 */
import type { Chance } from "../../time/chance.js";
import type { Clock } from "../../time/clock.js";
import { CameraReader, type CameraState } from "./camera-reader.js";
import type { Picture } from "./camera-stream.js";
import type { Certificates } from "./certificates.js";
import type { Frame } from "./frame.js";
import { GivenPictures } from "./given.js";
import { NO_PACE, type Pace } from "./pace.js";
import { givenSource } from "./source.js";

/** A picture that is handed in is waited for so long at most, until it was searched. */
const GIVEN_MS_MAX = 1000;

export interface CameraSwitchDeps {
  readonly certificates?: Certificates | undefined;
  readonly clock: Clock;
  readonly chance: Chance;
  onFrame(frame: Frame): void;
  onState(state: CameraState): void;
  onDropped(): void;
}

export class CameraSwitch {
  private url: string | undefined;
  private reader: CameraReader | undefined;
  private isStarted = false;
  private readonly given = new GivenPictures();
  /** Those who have handed a picture in, by the index of its frame. */
  private readonly givers = new Map<number, () => void>();
  private lastIndex = 0;
  /** Frames up to this one are of a former camera. */
  private formerIndex = 0;

  /** @throws RangeError for a camera that is none. */
  constructor(
    private readonly deps: CameraSwitchDeps,
    url: string | undefined,
  ) {
    this.url = url;
    this.reader = this.readerOf(url);
  }

  /** False: no camera is wanted. */
  get isWanted(): boolean {
    return this.reader !== undefined;
  }

  get reconnectCount(): number {
    return this.reader?.reconnectCount ?? 0;
  }

  get pace(): Pace {
    return this.reader?.pace ?? NO_PACE;
  }

  start(): void {
    this.isStarted = true;
    this.reader?.start();
  }

  async stop(): Promise<void> {
    this.settle(Number.POSITIVE_INFINITY);
    await this.reader?.stop();
  }

  /**
   * Looks through this camera from now on.
   * @returns false when it is the one that it was. @throws RangeError for one that is none; all is as before then.
   */
  change(url: string | undefined): boolean {
    if (url === this.url) return false;
    this.formerIndex = this.lastIndex;
    const reader = this.readerOf(url);
    void this.reader?.stop();
    this.url = url;
    this.reader = reader;
    this.settle(Number.POSITIVE_INFINITY);
    if (this.isStarted) reader?.start();
    return true;
  }

  isFormer(frame: Frame): boolean {
    return frame.index <= this.formerIndex;
  }

  /**
   * Takes a picture of the camera that `giver` gives.
   * @returns whether it was searched, or a newer one in its place; false: nobody wants it, or it took too long.
   */
  give(giver: string, { jpeg, head }: Pick<Picture, "jpeg" | "head">): Promise<boolean> {
    const nowMs = this.deps.clock.nowMs();
    const isTaken =
      this.url === givenSource(giver) &&
      this.given.give({ jpeg, head, firstByteMs: nowMs, receivedAtMs: nowMs });
    if (!isTaken) return Promise.resolve(false);
    const index = this.lastIndex;
    return new Promise((resolve) => {
      const cancel = this.deps.clock.after(GIVEN_MS_MAX, () => {
        this.givers.delete(index);
        resolve(false);
      });
      this.givers.set(index, () => {
        cancel();
        resolve(true);
      });
    });
  }

  /** Up to this frame all was searched that will be. */
  settle(index: number): void {
    for (const [given, settle] of this.givers) {
      if (given > index) continue;
      this.givers.delete(given);
      settle();
    }
  }

  /** This frame is not searched: whoever gave it is answered when the next one is wanted, after `ms`. */
  rest(index: number, ms: number): void {
    this.deps.clock.after(ms, () => this.settle(index));
  }

  private readerOf(url: string | undefined): CameraReader | undefined {
    if (url === undefined) return undefined;
    const { certificates, clock, chance, onFrame, onState, onDropped } = this.deps;
    const isPresent = (): boolean => this.reader === reader;
    const reader: CameraReader = new CameraReader({
      url,
      given: this.given,
      lastIndex: this.lastIndex,
      ...(certificates && { certificates }),
      clock,
      chance,
      onFrame: (frame) => {
        if (!isPresent()) return;
        this.lastIndex = frame.index;
        onFrame(frame);
      },
      onState: (state) => {
        if (isPresent()) onState(state);
      },
      onDropped,
    });
    return reader;
  }
}
