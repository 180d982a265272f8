/**
 * Keeps one connection to the camera open: connects, reads (`camera-stream`), reconnects. Every wait has a deadline that
 * closes the connection: connecting, and each frame, by the camera's own pace. A redirect is refused, so that a camera
 * cannot send us (or the password in its URL) elsewhere. What to do with a frame is the caller's business (`hub`).
 */
import { cancelledError, ResilienceError } from "../../resilience/errors.js";
import { fullJitterMs } from "../../time/backoff.js";
import type { Chance } from "../../time/chance.js";
import type { CancelTimer, Clock } from "../../time/clock.js";
import { captureTime, type JourneyState } from "./capture-time.js";
import { openStream, type Picture } from "./camera-stream.js";
import { readSource, type CameraSource } from "./source.js";
import type { GivenPictures } from "./given.js";
import type { Certificates } from "./certificates.js";
import { CameraError } from "./dial.js";
import type { Frame } from "./frame.js";
import type { DropReason } from "./mjpeg-parser.js";
import { NO_PACE, resumePace, stepPace, waitMsOf, type Pace } from "./pace.js";

/** From dialling to the response's head. */
const CAMERA_CONNECT_MS_MAX = 3000;
/** The same of `ffmpeg`: it looks at the stream first, which begins with the camera's next whole picture. */
const PROGRAM_CONNECT_MS_MAX = 10_000;
/** Full jitter: a random wait up to min(cap, base × 2^attempt): 0.25, 0.5, 1, 2, 3, 3 … s. */
const BACKOFF_MS_BASE = 250;
const BACKOFF_MS_MAX = 3000;
/** A connection that gave frames for this long ends the row of failures. */
const GOOD_AFTER_MS = 5000;

const NO_CERTIFICATES: Certificates = { judge: () => "changed" };

export type CameraState =
  | { readonly kind: "connecting"; readonly attempt: number }
  | { readonly kind: "live" }
  | { readonly kind: "lost"; readonly why: string; readonly retryInMs: number };

interface ReaderOptions {
  /** As `readCameraUrl` takes it, or "given:" and who gives. */
  readonly url: string;
  /** Where pictures come from that are handed in; only with "given:". */
  readonly given?: GivenPictures;
  /** The first frame's index less one; 0 when it is not given. */
  readonly lastIndex?: number;
  /** Who knows the certificates that no authority vouches for; without it none of them is taken. */
  readonly certificates?: Certificates;
  readonly clock: Clock;
  readonly chance: Chance;
  readonly connectMsMax?: number;
  /** From one whole frame to the next; by the camera's pace when it is not given. */
  readonly frameMsMax?: number;
  /**
   * The caller's policy round each try, from dialling to the first whole frame. One that it refuses is not made; the next
   * comes after the usual wait.
   */
  readonly attempt?: (dial: () => Promise<void>) => Promise<void>;
  onFrame(frame: Frame): void;
  onState(state: CameraState): void;
  onDropped(why: DropReason): void;
}

export class CameraReader {
  reconnectCount = 0;
  private readonly abort = new AbortController();
  private done: Promise<void> = Promise.resolve();
  private frameIndex: number;
  private journey: JourneyState | undefined;
  /** How fast it gives pictures; outlives a connection. */
  pace: Pace = NO_PACE;
  private readonly source: CameraSource;

  /** @throws RangeError for a camera that is none. */
  constructor(private readonly options: ReaderOptions) {
    const source = readSource(options.url);
    if (typeof source === "string") throw new RangeError(`the camera's address ${source}`);
    this.source = source;
    this.frameIndex = options.lastIndex ?? 0;
  }

  start(): void {
    this.done = this.run();
  }

  /** Closes the connection; resolves when nothing of the reader runs any more. */
  async stop(): Promise<void> {
    this.abort.abort(new Error("the reader is stopping"));
    await this.done;
  }

  private async run(): Promise<void> {
    const { clock, chance, onState } = this.options;
    let attempt = 0;
    let lastWhy = "it is not tried for now";
    while (!this.abort.signal.aborted) {
      onState({ kind: "connecting", attempt });
      const startMs = clock.nowMs();
      const frameIndexBefore = this.frameIndex;
      const why = (await this.guarded()) ?? lastWhy;
      lastWhy = why;
      if (this.abort.signal.aborted) return;
      const gaveFrames = this.frameIndex > frameIndexBefore;
      if (gaveFrames && clock.nowMs() - startMs >= GOOD_AFTER_MS) attempt = 0;
      const retryInMs = fullJitterMs(attempt, BACKOFF_MS_BASE, BACKOFF_MS_MAX, chance);
      attempt += 1;
      this.reconnectCount += 1;
      onState({ kind: "lost", why, retryInMs });
      // The only rejection is our own abort, which the loop's condition sees.
      await clock.sleep(retryInMs, this.abort.signal).catch(() => undefined);
    }
  }

  /** One try under the caller's policy; resolves with the reason it ended, undefined when it was not made. */
  private async guarded(): Promise<string | undefined> {
    let ended: Promise<string> | undefined;
    const dial = (): Promise<void> =>
      new Promise((resolve, reject) => {
        ended = this.connection(resolve);
        // After the first frame this changes nothing any more.
        void ended.then((why) => {
          const { aborted, reason } = this.abort.signal;
          reject(aborted ? cancelledError(reason, "camera") : new CameraError(why));
        });
      });
    try {
      await (this.options.attempt ?? ((call) => call()))(dial);
    } catch (error) {
      // The policy's own refusal and a bug of ours end here; what ends a connection is its reason.
      if (ended === undefined && !(error instanceof ResilienceError)) throw error;
    }
    return ended;
  }

  /** One connection from dialling to its end; resolves with the reason it ended. Never rejects. */
  private connection(onFirstFrame: () => void): Promise<string> {
    const { clock, onState, onDropped, connectMsMax, frameMsMax } = this.options;
    return new Promise((resolve) => {
      const ending = new AbortController();
      let cancelDeadline: CancelTimer = () => undefined;
      let isLive = false;
      const end = (why: string): void => {
        cancelDeadline();
        this.abort.signal.removeEventListener("abort", onAbort);
        ending.abort(new Error(why));
        resolve(why);
      };
      const onAbort = (): void => end("stopped");
      const within = (ms: number, what: string): void => {
        cancelDeadline();
        cancelDeadline = clock.after(ms, () => end(`${what} within ${Math.round(ms)} ms`));
      };
      const awaitFrame = (): void => within(frameMsMax ?? waitMsOf(this.pace), "no whole frame");
      this.abort.signal.addEventListener("abort", onAbort);
      this.journey = undefined;
      this.pace = resumePace(this.pace);
      const ownMsMax =
        this.source.kind === "ffmpeg" ? PROGRAM_CONNECT_MS_MAX : CAMERA_CONNECT_MS_MAX;
      within(connectMsMax ?? ownMsMax, "no answer");
      openStream({
        source: this.source,
        given: this.options.given,
        certificates: this.options.certificates ?? NO_CERTIFICATES,
        clock,
        signal: ending.signal,
        onOpen: awaitFrame,
        onDropped,
        onEnd: end,
        onPicture: (picture) => {
          this.pace = stepPace(this.pace, picture.receivedAtMs);
          awaitFrame();
          if (!isLive) {
            onState({ kind: "live" });
            onFirstFrame();
          }
          isLive = true;
          this.take(picture);
        },
      });
    });
  }

  private take({ jpeg, firstByteMs, receivedAtMs, head }: Picture): void {
    const { state, capturedAtMs } = captureTime(this.journey, head, firstByteMs);
    this.journey = state;
    this.frameIndex += 1;
    this.options.onFrame({ index: this.frameIndex, jpeg, capturedAtMs, receivedAtMs });
  }
}
