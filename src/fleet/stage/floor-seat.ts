/**
 * A robot's seat at the floor: carries out what the holder's core decides, one call at a time, and says whether sound may
 * leave. One owner: whoever speaks asks it and tells it when it is done.
 */
import type { FloorGate, Pass } from "../../voice/floor-gate.js";
import type { CancelTimer, Clock } from "../../time/clock.js";
import type { StageCommand, StageReading } from "./stage-calls.js";
import { BEAT_STOPPED_MS, type FloorAnswer, type Urgency } from "../floor/floor-core.js";
import {
  holderDueMs,
  newHolder,
  stepHolder,
  type HolderEffect,
  type HolderInput,
  type HolderState,
} from "../floor/holder-core.js";

/** Who waits longer than this is told that others have the floor. */
const WAIT_MS_MAX = 7000;

export interface FloorSeatDeps {
  readonly clock: Clock;
  readonly robot: string;
  /** Rejects when it was not answered. */
  call(command: StageCommand): Promise<StageReading>;
  /** A page sounds now, or a sentence is on its way there. */
  isSounding(): boolean;
  /** Where sound leaves is to be told; `isOver`: silence is to be confirmed by `silent()`. */
  onGate(isOver: boolean): void;
  /** It had the floor and has it no more, before it was done. */
  onLost(why: "taken" | "lapsed"): void;
  /** Nobody shares the floor with it: the stage is away, and it talks with the person before it. */
  isFree(): boolean;
}

interface Wait {
  resolve(isGranted: boolean): void;
}

export class FloorSeat implements FloorGate {
  private state: HolderState = newHolder(0);
  /** It may ask; undefined until it knows what was given before it came. */
  private readyMs: number | undefined;
  private inFlight = false;
  private readonly waits = new Set<Wait>();
  private cancelTimer: CancelTimer = () => undefined;
  private isClosed = false;

  constructor(private readonly deps: FloorSeatDeps) {}

  get holds(): boolean {
    return this.state.kind === "holding";
  }

  get token(): number {
    return "token" in this.state ? this.state.token : 0;
  }

  /** It has read the stage for the first time: what was given before is not its own, and may still sound for a while. */
  joined(token: number): void {
    if (this.readyMs !== undefined) return;
    this.state = newHolder(token);
    this.readyMs = this.deps.clock.nowMs() + BEAT_STOPPED_MS;
  }

  pass(): Pass {
    if (this.deps.isFree()) return { kind: "free" };
    if (this.state.kind !== "holding") return { kind: "closed" };
    const { token, mayUntilMs } = this.state;
    if (this.deps.clock.nowMs() >= mayUntilMs) return { kind: "closed" };
    return { kind: "token", token, untilMs: mayUntilMs };
  }

  /** Resolves with whether it has the floor; always, and false when the signal comes first. */
  ask(urgency: Urgency, signal: AbortSignal): Promise<boolean> {
    if (this.holds && this.pass().kind === "token") return Promise.resolve(true);
    return new Promise((resolve) => {
      const wait: Wait = {
        resolve: (isGranted) => {
          cancel();
          signal.removeEventListener("abort", give);
          this.waits.delete(wait);
          resolve(isGranted);
          if (!isGranted && this.waits.size === 0) this.feed({ type: "done" });
        },
      };
      const give = (): void => wait.resolve(false);
      const cancel = this.deps.clock.after(WAIT_MS_MAX, give);
      signal.addEventListener("abort", give);
      this.waits.add(wait);
      if (signal.aborted) return give();
      // Where sound leaves has to answer once before anything may sound.
      this.deps.onGate(false);
      this.want(urgency);
    });
  }

  /** Nothing more is to be said. */
  done(): void {
    if (this.waits.size === 0) this.feed({ type: "done" });
  }

  /** Whatever plays has confirmed that it is silent. */
  silent(): void {
    this.feed({ type: "silent" });
  }

  /** The floor may have changed hands. */
  wake(): void {
    this.feed({ type: "wake" });
  }

  close(): void {
    this.isClosed = true;
    this.cancelTimer();
    for (const wait of [...this.waits]) wait.resolve(false);
  }

  private want(urgency: Urgency): void {
    const { clock } = this.deps;
    const waitMs = (this.readyMs ?? clock.nowMs() + WAIT_MS_MAX) - clock.nowMs();
    if (waitMs <= 0) return this.feed({ type: "want", urgency });
    clock.after(waitMs, () => {
      if (this.waits.size > 0) this.feed({ type: "want", urgency });
    });
  }

  private feed(input: HolderInput): void {
    if (this.isClosed) return;
    const { state, effects } = stepHolder(this.state, input, this.deps.clock.nowMs());
    const before = this.state;
    this.state = state;
    for (const effect of effects) this.carryOut(effect);
    // A wish that came while the floor was being given back.
    if (before.kind === "closing" && this.state.kind === "idle" && this.waits.size > 0)
      this.want(1);
    this.arm();
  }

  private carryOut(effect: HolderEffect): void {
    const { robot } = this.deps;
    switch (effect.type) {
      case "take":
        return this.call({ op: "take", robot, urgency: effect.urgency, seen: effect.seen });
      case "beat": {
        const isSounding = this.deps.isSounding();
        return this.call({ op: "beat", robot, token: effect.token, isSounding });
      }
      case "leave":
        // Whether it comes or not: without it the floor is free a little later.
        this.deps.call({ op: "leave", robot, token: effect.token }).catch(() => undefined);
        return;
      case "open":
        return this.deps.onGate(false);
      case "close":
        return this.deps.onGate(true);
      case "granted":
        for (const wait of [...this.waits]) wait.resolve(true);
        return;
      case "lost":
        return this.deps.onLost(effect.why);
      case "full":
        for (const wait of [...this.waits]) wait.resolve(false);
        return;
    }
  }

  private call(command: StageCommand): void {
    if (this.inFlight) return;
    this.inFlight = true;
    const sentMs = this.deps.clock.nowMs();
    this.deps.call(command).then(
      ({ answer }) => {
        this.inFlight = false;
        this.feed({ type: "answer", sentMs, answer: answer as FloorAnswer });
      },
      () => {
        // Whoever makes the calls tells what is wrong; here it only counts that there was no answer.
        this.inFlight = false;
        this.feed({ type: "failed" });
      },
    );
  }

  private arm(): void {
    this.cancelTimer();
    const dueMs = holderDueMs(this.state);
    if (dueMs === undefined || this.isClosed) return;
    const waitMs = Math.max(1, dueMs - this.deps.clock.nowMs());
    this.cancelTimer = this.deps.clock.after(waitMs, () => this.feed({ type: "tick" }));
  }
}
