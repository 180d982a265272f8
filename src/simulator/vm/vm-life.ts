/**
 * The life of the VM's process, decided purely: when to spawn it, when to kill it, when to try again. It behaves like
 * the board it stands for: whatever happens to it, it boots again about a second later, for ever, and is counted.
 *
 * | state    | leaves on                                                                       |
 * | -------- | ------------------------------------------------------------------------------- |
 * | stopped  | start → starting                                                                |
 * | starting | first frame → running; exit, death or 20 s → waiting, each time twice as long   |
 * | running  | exit → waiting 1 s; death or 3 s of silence → ending                            |
 * | ending   | exit → waiting 1 s (or stopped)                                                 |
 * | waiting  | time → starting                                                                 |
 *
 * Restarts of a VM that had come up wait 1 s each; only a VM that does not come up at all backs off, to 10 s.
 */

/** A board's boot: about as long as ROM loader, runtime and radio take (guess). */
export const REBOOT_MS = 1000;
const START_WAIT_MS_MAX = 10_000;
/** Loading the VM without cached code took 7 s here with both cores busy; three times that. */
const START_MS_MAX = 20_000;
/** The VM announces itself every 500 ms: six missed in a row. */
export const SILENT_MS_MAX = 3000;
/** A tick this late means that this process, not the VM, was held up. */
const TICK_GAP_MS_MAX = 1000;
/** Budget: more restarts than this within the period are reported as unstable; they go on all the same. */
const RESTARTS_MAX = 5;
const RESTARTS_PERIOD_MS = 60_000;

export type VmPhase =
  | { readonly kind: "stopped" }
  | { readonly kind: "starting"; readonly sinceMs: number }
  | { readonly kind: "running"; readonly heardMs: number }
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
  | { readonly kind: "tick" }
  | { readonly kind: "stop" };

export type VmEffect =
  | { readonly kind: "spawn" }
  | { readonly kind: "kill" }
  | { readonly kind: "came-up" }
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
      return tick(life, nowMs);
  }
}

function same(life: VmLife): VmStep {
  return { life, effects: [] };
}

function spawn(life: VmLife, nowMs: number): VmStep {
  return {
    life: { ...life, phase: { kind: "starting", sinceMs: nowMs } },
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
  if (life.phase.kind === "running") {
    return same({ ...life, phase: { kind: "running", heardMs: nowMs } });
  }
  if (life.phase.kind !== "starting") return same(life);
  return {
    life: { ...life, failedStarts: 0, phase: { kind: "running", heardMs: nowMs } },
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

function tick(before: VmLife, nowMs: number): VmStep {
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
    case "starting":
      if (nowMs - phase.sinceMs < START_MS_MAX) return same(life);
      return end(life, `no sign of life ${START_MS_MAX} ms after its start`);
    case "running":
      if (wasHeldUp) return same({ ...life, phase: { kind: "running", heardMs: nowMs } });
      if (nowMs - phase.heardMs < SILENT_MS_MAX) return same(life);
      return end(life, `silent for ${SILENT_MS_MAX} ms`);
    default:
      return same(life);
  }
}
