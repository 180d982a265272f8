/**
 * The life of the VM's process, decided purely: when to spawn it, when to kill it, when to try again. It behaves like
 * the board it stands for: whatever happens to it, it boots again about a second later, for ever, and is counted.
 *
 * | state    | leaves on                                                                       |
 * | -------- | ------------------------------------------------------------------------------- |
 * | stopped  | start → starting                                                                |
 * | starting | first frame → running; exit, death or stuck → waiting, each time twice as long  |
 * | running  | exit → waiting 1 s; death or a silence that is stuck → ending                   |
 * | ending   | exit → waiting 1 s (or stopped)                                                 |
 * | waiting  | time → starting                                                                 |
 *
 * Restarts of a VM that had come up wait 1 s each; only a VM that does not come up at all backs off, to 10 s. A VM that is slow
 * is not stuck (`resilience/patience.ts`).
 */
import {
  beginWait,
  lookAt,
  NO_EFFORT,
  PATIENCE,
  type Effort,
  type Wait,
} from "../../resilience/patience.js";

/** A board's boot: about as long as ROM loader, runtime and radio take (guess). */
export const REBOOT_MS = 1000;
const START_WAIT_MS_MAX = 10_000;
/** Silence before anybody asks what it does: two announcements missed. */
const SILENCE_MS_MIN = 1000;
/** A tick this late means that this process, not the VM, was held up. */
const TICK_GAP_MS_MAX = 1000;
/** Budget: more restarts than this within the period are reported as unstable; they go on all the same. */
const RESTARTS_MAX = 5;
const RESTARTS_PERIOD_MS = 60_000;

export type VmPhase =
  | { readonly kind: "stopped" }
  | { readonly kind: "starting"; readonly wait: Wait }
  /** `silence`: it was not heard for a while. */
  | { readonly kind: "running"; readonly heardMs: number; readonly silence: Wait | undefined }
  | { readonly kind: "ending"; readonly why: string; readonly startFailed: boolean }
  | { readonly kind: "waiting"; readonly untilMs: number };

export interface VmLife {
  readonly phase: VmPhase;
  /** A stop was asked for: an exit leads to `stopped`. */
  readonly stopping: boolean;
  readonly restarts: number;
  /** Starts in a row that did not come up. */
  readonly failedStarts: number;
  readonly restartedAtMs: readonly number[];
  readonly tickMs: number;
}

export type VmInput =
  | { readonly kind: "start" }
  | { readonly kind: "frame" }
  | { readonly kind: "dead"; readonly why: string }
  | { readonly kind: "exited"; readonly why: string }
  /** `effort`: what the VM's process has done so far. */
  | { readonly kind: "tick"; readonly effort: Effort }
  | { readonly kind: "stop" };

export type VmEffect =
  | { readonly kind: "spawn" }
  | { readonly kind: "kill" }
  | { readonly kind: "came-up" }
  /** Its start goes on. */
  | { readonly kind: "at-work" }
  /** Something ended the VM; it is back after `waitMs`. */
  | { readonly kind: "lost"; readonly why: string; readonly waitMs: number };

export interface VmStep {
  readonly life: VmLife;
  readonly effects: readonly VmEffect[];
}

export function newVmLife(nowMs: number): VmLife {
  return {
    phase: { kind: "stopped" },
    stopping: false,
    restarts: 0,
    failedStarts: 0,
    restartedAtMs: [],
    tickMs: nowMs,
  };
}

/** More restarts within the last minute than a healthy robot has. */
export function isUnstable(life: VmLife, nowMs: number): boolean {
  return (
    life.restartedAtMs.filter((atMs) => nowMs - atMs < RESTARTS_PERIOD_MS).length > RESTARTS_MAX
  );
}

/** One step. Inputs that mean nothing in the present phase change nothing. */
export function stepVmLife(life: VmLife, input: VmInput, nowMs: number): VmStep {
  switch (input.kind) {
    case "start":
      if (life.phase.kind !== "stopped") return same(life);
      return spawn({ ...life, stopping: false }, nowMs);
    case "stop":
      return stop(life);
    case "frame":
      return heard(life, nowMs);
    case "dead":
      return end(life, input.why);
    case "exited":
      return exited(life, input.why, nowMs);
    case "tick":
      return tick(life, input.effort, nowMs);
  }
}

function same(life: VmLife): VmStep {
  return { life, effects: [] };
}

function spawn(life: VmLife, nowMs: number): VmStep {
  return {
    life: { ...life, phase: { kind: "starting", wait: beginWait(NO_EFFORT, nowMs) } },
    effects: [{ kind: "spawn" }],
  };
}

function stop(life: VmLife): VmStep {
  switch (life.phase.kind) {
    case "stopped":
      return same(life);
    case "waiting":
      return same({ ...life, phase: { kind: "stopped" } });
    case "ending":
      return same({ ...life, stopping: true });
    case "starting":
    case "running":
      return {
        life: {
          ...life,
          stopping: true,
          phase: { kind: "ending", why: "stopped", startFailed: false },
        },
        effects: [{ kind: "kill" }],
      };
  }
}

function heard(life: VmLife, nowMs: number): VmStep {
  const phase: VmPhase = { kind: "running", heardMs: nowMs, silence: undefined };
  if (life.phase.kind === "running") return same({ ...life, phase });
  if (life.phase.kind !== "starting") return same(life);
  return {
    life: { ...life, failedStarts: 0, phase },
    effects: [{ kind: "came-up" }],
  };
}

function end(life: VmLife, why: string): VmStep {
  if (life.phase.kind !== "starting" && life.phase.kind !== "running") return same(life);
  const startFailed = life.phase.kind === "starting";
  return {
    life: { ...life, phase: { kind: "ending", why, startFailed } },
    effects: [{ kind: "kill" }],
  };
}

function exited(life: VmLife, why: string, nowMs: number): VmStep {
  const { phase } = life;
  if (phase.kind === "stopped" || phase.kind === "waiting") return same(life);
  if (life.stopping) return same({ ...life, phase: { kind: "stopped" }, stopping: false });
  const startFailed = phase.kind === "ending" ? phase.startFailed : phase.kind === "starting";
  const waitMs = startFailed
    ? Math.min(REBOOT_MS * 2 ** life.failedStarts, START_WAIT_MS_MAX)
    : REBOOT_MS;
  return {
    life: {
      ...life,
      phase: { kind: "waiting", untilMs: nowMs + waitMs },
      failedStarts: startFailed ? life.failedStarts + 1 : 0,
    },
    effects: [{ kind: "lost", why: phase.kind === "ending" ? phase.why : why, waitMs }],
  };
}

function tick(before: VmLife, effort: Effort, nowMs: number): VmStep {
  const wasHeldUp = nowMs - before.tickMs > TICK_GAP_MS_MAX;
  const life = { ...before, tickMs: nowMs };
  const { phase } = life;
  switch (phase.kind) {
    case "waiting":
      if (nowMs < phase.untilMs) return same(life);
      return spawn(
        {
          ...life,
          restarts: life.restarts + 1,
          restartedAtMs: [...life.restartedAtMs.slice(-RESTARTS_MAX), nowMs],
        },
        nowMs,
      );
    case "starting": {
      const { vmStart } = PATIENCE;
      const { wait, stuck } = lookAt(phase.wait, effort, nowMs, vmStart, life.failedStarts);
      if (stuck !== undefined) return end(life, `no sign of life since its start: ${stuck}`);
      const isAtWork = wait.workMs !== phase.wait.workMs;
      return {
        life: { ...life, phase: { kind: "starting", wait } },
        effects: isAtWork ? [{ kind: "at-work" }] : [],
      };
    }
    case "running": {
      if (wasHeldUp) return heard(life, nowMs);
      if (nowMs - phase.heardMs < SILENCE_MS_MIN) return same(life);
      // Only a bus frame is a word of a VM that was up.
      const quiet = { ...effort, words: 0 };
      const since = phase.silence ?? beginWait(quiet, phase.heardMs);
      const { wait, stuck } = lookAt(since, quiet, nowMs, PATIENCE.vmSilence);
      if (stuck !== undefined) return end(life, `silent: ${stuck}`);
      return same({ ...life, phase: { ...phase, silence: wait } });
    }
    default:
      return same(life);
  }
}
