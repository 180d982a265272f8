/**
 * Pushes what may be public to the edge: each period, and at once when the mood changes, within a budget. One push is on its
 * way at a time and nothing is queued: what goes out next is made of the state at that moment. A push that failed is not
 * tried again; the next one is newer.
 */
import type { Backend, Policies } from "../resilience/policies.js";
import type { Policy } from "../resilience/policy.js";
import { isResilienceError } from "../resilience/errors.js";
import { causeReasonOf } from "../host/reason.js";
import type { StateSource } from "../state/buddy-state.js";
import type { FrameSource } from "../state/feeds.js";
import type { CancelTimer, Clock } from "../time/clock.js";
import { TokenBucket, type Rate } from "../time/token-bucket.js";
import { EdgeClient, EdgeError } from "./client.js";
import { publicPicture } from "./picture.js";
import { PICTURE_AGE_MS_MAX, type EdgePush } from "./push.js";
import { publicState, publicWords, type EdgeShow } from "./show.js";

/** 2880 a day; `npm run edge:long day` counts what that and the changes cost. */
export const PERIOD_S = 30;
/** Of changes of mood, beyond the pushes of each period. */
export const CHANGES: Rate = { burst: 3, perMinute: 6 };

const ATTEMPT_MS_MAX = 10_000;

const EDGE: Backend = {
  id: "edge",
  title: "Public page",
  remedy: "See whether the address of --edge and the key of BUDDY_EDGE_KEY are those of the edge.",
};

export interface PusherDeps {
  readonly url: string;
  readonly key: string;
  /** 16 hex digits, the same after a restart. */
  readonly home: string;
  readonly show: EdgeShow;
  readonly periodS?: number;
  /** By default the one that dials `url`. */
  readonly client?: Pick<EdgeClient, "push">;
  readonly clock: Clock;
  readonly policies: Policies;
  readonly state: StateSource;
  readonly frames: FrameSource;
  log(level: "info" | "warn", message: string): void;
}

export class Pusher {
  private readonly policy: Policy;
  private readonly client: Pick<EdgeClient, "push">;
  private readonly changes = new TokenBucket(CHANGES);
  private readonly closing = new AbortController();
  private readonly periodS: number;
  private cancel: CancelTimer = () => undefined;
  private cancelChange: CancelTimer | undefined;
  private endListening = (): void => undefined;
  private isPushing = false;
  private shown = "";
  /** Code or words of the failure that was told last; "" when the last push went well. */
  private trouble = "";

  constructor(private readonly deps: PusherDeps) {
    const { url, key, clock, policies } = deps;
    this.periodS = deps.periodS ?? PERIOD_S;
    this.client = deps.client ?? new EdgeClient(url, key, clock);
    this.policy = policies.policy("edge push", {
      backend: EDGE,
      attemptMs: ATTEMPT_MS_MAX,
      retry: "never",
    });
  }

  start(): void {
    const { url, show, clock, state, log } = this.deps;
    log("info", `everybody who knows ${url} can see: ${publicWords(show)}`);
    this.cancel = clock.every(this.periodS * 1000, () => void this.push());
    this.endListening = state.onChange(() => this.changed());
    void this.push();
  }

  stop(): void {
    this.cancel();
    this.cancelChange?.();
    this.endListening();
    this.closing.abort(new Error("Buddy is stopping"));
  }

  /** A change that comes during a push, or before the budget allows it, is seen when the wait is over. */
  private changed(): void {
    if (this.cancelChange !== undefined || this.isPushing) return;
    if (this.words() === this.shown) return;
    const waitMs = this.changes.take(this.deps.clock.nowMs());
    if (waitMs === 0) return void this.push();
    this.cancelChange = this.deps.clock.after(waitMs, () => {
      this.cancelChange = undefined;
      this.changed();
    });
  }

  private words(): string {
    return JSON.stringify(publicState(this.deps.state.snapshot(), this.deps.show.words));
  }

  private async push(): Promise<void> {
    if (this.isPushing || this.closing.signal.aborted) return;
    this.isPushing = true;
    const { signal } = this.closing;
    this.shown = this.words();
    try {
      const push = await this.newest();
      await this.policy.run((call) => this.client.push(push, call.signal), signal);
      if (this.trouble !== "") this.deps.log("info", "the edge takes pushes again");
      this.trouble = "";
    } catch (error) {
      if (!signal.aborted) this.failed(error);
    } finally {
      this.isPushing = false;
    }
    if (!signal.aborted) this.changed();
  }

  private async newest(): Promise<EdgePush> {
    const { home, show, state, frames, clock } = this.deps;
    const snapshot = state.snapshot();
    const frame = show.picture === "none" ? undefined : frames.latest();
    const ageMs = frame && clock.nowMs() - frame.capturedMs;
    const base = { version: 1, home, periodS: this.periodS } as const;
    const words = publicState(snapshot, show.words);
    if (frame === undefined || ageMs === undefined || ageMs > PICTURE_AGE_MS_MAX) {
      return { ...base, state: words, picture: null };
    }
    const jpeg = await publicPicture(frame.jpeg, show.picture, snapshot.vision);
    const picture = { jpeg: Buffer.from(jpeg).toString("base64"), ageMs: Math.max(0, ageMs) };
    return { ...base, state: words, picture };
  }

  /** What fails in the same way again is no new line; while the breaker is open nothing was tried. */
  private failed(error: unknown): void {
    if (isResilienceError(error, "RESILIENCE_OPEN")) return;
    const words = causeReasonOf(error);
    const trouble = error instanceof EdgeError ? error.code : words;
    if (trouble !== this.trouble) this.deps.log("warn", `nothing was pushed: ${words}`);
    this.trouble = trouble;
  }
}
