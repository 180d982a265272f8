/**
 * Keeps one connection to the camera open: connects, reads, reconnects. Every wait has a deadline that closes the
 * connection: connecting, and each frame. A redirect is refused, so that a camera cannot send us (or the password in its
 * URL) elsewhere. What to do with a frame is the caller's business (`hub`).
 */
import http from "node:http";
import https from "node:https";
import { cancelledError, ResilienceError } from "../../resilience/errors.js";
import { fullJitterMs } from "../../time/backoff.js";
import type { Chance } from "../../time/chance.js";
import type { CancelTimer, Clock } from "../../time/clock.js";
import { captureTime, type JourneyState } from "./capture-time.js";
import type { Frame } from "./frame.js";
import { MjpegParser, type DropReason } from "./mjpeg-parser.js";

/** From dialling to the response's head. */
const CAMERA_CONNECT_MS_MAX = 3000;
/** From one whole frame to the next; a stalled camera is known before D4's 2 s are over. */
const CAMERA_FRAME_MS_MAX = 1500;
/** Full jitter: a random wait up to min(cap, base × 2^attempt): 0.25, 0.5, 1, 2, 3, 3 … s. */
const BACKOFF_MS_BASE = 250;
const BACKOFF_MS_MAX = 3000;
/** A connection that gave frames for this long ends the row of failures. */
const GOOD_AFTER_MS = 5000;

export type CameraState =
  | { readonly kind: "connecting"; readonly attempt: number }
  | { readonly kind: "live" }
  | { readonly kind: "lost"; readonly why: string; readonly retryInMs: number };

interface ReaderOptions {
  readonly url: string;
  readonly clock: Clock;
  readonly chance: Chance;
  readonly connectMsMax?: number;
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

/** A try that gave no frame. */
class CameraError extends Error {
  override readonly name = "CameraError";
  readonly kind = "transient";
}

/** Why a text cannot be a camera's URL, or undefined. */
export function cameraUrlFault(text: string): string | undefined {
  if (!URL.canParse(text)) return "is not a URL";
  const { protocol } = new URL(text);
  if (protocol !== "http:" && protocol !== "https:") {
    return `must begin with http:// or https://, not ${protocol}`;
  }
  return undefined;
}

export class MjpegReader {
  reconnectCount = 0;
  private readonly abort = new AbortController();
  private done: Promise<void> = Promise.resolve();
  private frameIndex = 0;
  private journey: JourneyState | undefined;

  constructor(private readonly options: ReaderOptions) {}

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
    const { clock } = this.options;
    return new Promise((resolve) => {
      const request = open(this.options.url);
      let cancelDeadline: CancelTimer = () => undefined;
      const end = (why: string): void => {
        cancelDeadline();
        this.abort.signal.removeEventListener("abort", onAbort);
        request.destroy();
        resolve(why);
      };
      const onAbort = (): void => end("stopped");
      const within = (ms: number, what: string): void => {
        cancelDeadline();
        cancelDeadline = clock.after(ms, () => end(`${what} within ${ms} ms`));
      };
      this.abort.signal.addEventListener("abort", onAbort);
      within(this.options.connectMsMax ?? CAMERA_CONNECT_MS_MAX, "no answer");
      request.on("error", (error) => end(plainError(error)));
      request.on("response", (response) => {
        response.on("error", (error) => end(plainError(error)));
        response.on("close", () => end("the camera closed the connection"));
        const fault = responseFault(response);
        if (fault) return end(fault);
        const onProgress = (): void =>
          within(this.options.frameMsMax ?? CAMERA_FRAME_MS_MAX, "no whole frame");
        this.read(response, onProgress, onFirstFrame);
      });
      request.end();
    });
  }

  private read(
    response: http.IncomingMessage,
    onProgress: () => void,
    onFirstFrame: () => void,
  ): void {
    const { clock, onFrame, onState, onDropped } = this.options;
    const parser = new MjpegParser();
    let isLive = false;
    this.journey = undefined;
    onProgress();
    response.on("data", (chunk: Buffer) => {
      const nowMs = clock.nowMs();
      for (const event of parser.push(chunk, nowMs)) {
        if (event.kind === "dropped") {
          onDropped(event.why);
          continue;
        }
        onProgress();
        if (!isLive) {
          onState({ kind: "live" });
          onFirstFrame();
        }
        isLive = true;
        const { state, capturedAtMs } = captureTime(this.journey, event.head, event.firstByteMs);
        this.journey = state;
        this.frameIndex += 1;
        onFrame({
          index: this.frameIndex,
          jpeg: event.jpeg,
          capturedAtMs,
          receivedAtMs: nowMs,
        });
      }
    });
  }
}

/** A GET without redirects, without keep-alive, with the URL's user and password as Basic credentials. */
function open(text: string): http.ClientRequest {
  const url = new URL(text);
  const options: http.RequestOptions = {
    agent: false,
    headers: { accept: "multipart/x-mixed-replace, image/jpeg" },
  };
  if (url.username !== "" || url.password !== "") {
    options.auth = `${decodeURIComponent(url.username)}:${decodeURIComponent(url.password)}`;
    url.username = "";
    url.password = "";
  }
  return url.protocol === "https:" ? https.request(url, options) : http.request(url, options);
}

function responseFault(response: http.IncomingMessage): string | undefined {
  const status = response.statusCode ?? 0;
  if (status >= 300 && status < 400) return `the camera redirects (${status}); that is refused`;
  if (status === 401 || status === 403) return `the camera wants other credentials (${status})`;
  if (status !== 200) return `the camera answers ${status}`;
  const type = response.headers["content-type"] ?? "nothing";
  if (!type.toLowerCase().startsWith("multipart/")) {
    return `the camera sends ${type.slice(0, 60)}, not a multipart stream`;
  }
  return undefined;
}

function plainError(error: Error): string {
  const code = (error as NodeJS.ErrnoException).code;
  if (code === "ECONNREFUSED") return "nothing listens at the camera's address";
  if (code === "ENOTFOUND" || code === "EAI_AGAIN") return "the camera's name is not known";
  if (code === "EHOSTUNREACH" || code === "ENETUNREACH") return "the camera cannot be reached";
  if (code === "ECONNRESET") return "the camera reset the connection";
  return `${code ?? error.name}: ${error.message}`.slice(0, 200);
}
