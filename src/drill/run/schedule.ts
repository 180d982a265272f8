/**
 * In which Buddy which repeat is run. One start serves many repeats, also of several drills, as long as the options are the same; a
 * drill that uses up what only time gives back has one repeat for each start, and after a failure nothing is trusted: the
 * next repeat gets a new Buddy.
 */
import { reasonOf } from "../../host/reason.js";
import { systemClock } from "../../time/clock.js";
import { seededChance } from "../../time/chance.js";
import type { Drill, DrillAlone, DrillFacts } from "./drill.js";
import { unrun } from "./measures.js";
import type { RunResult } from "./results.js";
import { runDrill } from "./run.js";
import { Stage, whyNot } from "./stage.js";

export interface Plan {
  readonly drills: readonly (Drill | DrillAlone)[];
  /** Repeats of each. */
  readonly repeat: number;
  readonly seed: number;
  /** Repeats of each that were run earlier with this seed: the moments of faults go on after them. */
  readonly done: (drill: DrillFacts) => number;
  /** More options of `buddy start`, for all. */
  readonly flags: readonly string[];
  /** No repeat is begun after this, monotonic ms. */
  readonly endMs: number;
  /** Ends the Buddy that runs; nothing that is still said of it counts. */
  readonly abort: AbortSignal;
  /** How long a witness is waited for; default 15 s. */
  readonly witnessMsMax?: number;
  onStart(): void;
  onResult(drill: DrillFacts, result: RunResult): void;
  /** Nothing more comes of this drill. */
  onDone(drill: DrillFacts): void;
}

/** The third boot within a minute after the first still moves; the one after it would be in safe mode (`devs/store/boot.ts`). */
const BOOTS_MAX = 2;

interface Pending<D extends DrillFacts = Drill> {
  readonly drill: D;
  left: number;
  index: number;
}

export async function runPlan(plan: Plan): Promise<void> {
  for (const group of groupsOf(plan)) await runGroup(plan, group);
  for (const drill of plan.drills)
    if ("runAlone" in drill) await runAlone(plan, pendingOf(plan, drill));
}

function pendingOf<D extends DrillFacts>({ repeat, done }: Plan, drill: D): Pending<D> {
  return { drill, left: Math.min(repeat, drill.repeatsMax ?? repeat), index: done(drill) };
}

/** Drills of one kind of start, in the order of the first of each. */
function groupsOf(plan: Plan): Pending[][] {
  const groups = new Map<string, Pending[]>();
  for (const drill of plan.drills) {
    if ("runAlone" in drill) continue;
    const key = JSON.stringify([drill.flags ?? [], drill.env ?? {}, drill.needs ?? []]);
    const group = groups.get(key) ?? [];
    group.push(pendingOf(plan, drill));
    groups.set(key, group);
  }
  return [...groups.values()];
}

async function runAlone(plan: Plan, pending: Pending<DrillAlone>): Promise<void> {
  const { drill } = pending;
  const cannot = drill.cannotRun?.();
  if (cannot !== undefined) return never(plan, pending, cannot);
  while (pending.left > 0 && !isOver(plan)) {
    const chance = seededChance(saltOf(drill, plan.seed, pending.index));
    take(plan, pending, await drill.runAlone(chance, plan.witnessMsMax));
  }
}

/** Not run here, and told so. */
function never(plan: Plan, pending: Pending<DrillFacts>, why: string): void {
  pending.left = 1;
  take(plan, pending, unrun("notRun", why));
}

async function runGroup(plan: Plan, group: Pending[]): Promise<void> {
  for (const pending of group) {
    const { drill } = pending;
    const cannot = whyNot(drill.needs ?? []) ?? drill.cannotRun?.();
    if (cannot !== undefined) never(plan, pending, cannot);
  }
  const first = group[0]?.drill;
  const options = {
    flags: [...(first?.flags ?? []), ...plan.flags],
    env: first?.env ?? {},
    needs: first?.needs ?? [],
  };
  while (group.some(({ left }) => left > 0) && !isOver(plan)) {
    let stage: Stage;
    try {
      plan.onStart();
      stage = await Stage.start(options);
    } catch (error) {
      const pending = group.find(({ left }) => left > 0) as Pending;
      take(plan, pending, unrun("failed", `it did not start: ${reasonOf(error)}`));
      continue;
    }
    const over = new AbortController();
    try {
      const aborted = untilAborted(plan.abort, over.signal);
      await Promise.race([useStage(plan, group, stage), aborted]);
    } finally {
      over.abort();
      await stage.stop();
    }
  }
}

/** Runs in it whatever can be run in it. */
async function useStage(plan: Plan, group: readonly Pending[], stage: Stage): Promise<void> {
  const used = new Set<Pending>();
  let boots = 0;
  for (;;) {
    if (isOver(plan)) return;
    const isOpen = (pending: Pending): boolean => {
      const { wears } = pending.drill;
      if (pending.left === 0 || (wears === "boot" && boots === BOOTS_MAX)) return false;
      return wears !== "quickRestart" || !used.has(pending);
    };
    // What wears it first: those repeats are the ones that the next start is for.
    const next = group.find((one) => one.drill.wears && isOpen(one)) ?? group.find(isOpen);
    if (next === undefined) return;
    used.add(next);
    if (next.drill.wears === "boot") boots++;
    const chance = seededChance(saltOf(next.drill, plan.seed, next.index));
    const result = await runDrill(next.drill, stage, chance, plan.witnessMsMax);
    take(plan, next, result);
    if (result.outcome !== "held") return;
  }
}

function take(plan: Plan, pending: Pending<DrillFacts>, result: RunResult): void {
  pending.left--;
  pending.index++;
  plan.onResult(pending.drill, result);
  if (pending.left === 0) plan.onDone(pending.drill);
}

function isOver({ endMs, abort }: Plan): boolean {
  return abort.aborted || systemClock.nowMs() >= endMs;
}

/** @param over nobody waits any more: nothing of it is left at `abort`. */
function untilAborted(abort: AbortSignal, over: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    abort.addEventListener("abort", () => resolve(), { signal: over });
  });
}

/** Each drill and repeat has its own sequence, so that one alone meets the moment it meets among all. */
function saltOf({ name }: DrillFacts, seed: number, index: number): number {
  const salt = [...name].reduce((sum, letter) => (sum * 31 + letter.charCodeAt(0)) >>> 0, 7);
  return (seed ^ salt ^ Math.imul(index, 0x9e3779b1)) >>> 0;
}
