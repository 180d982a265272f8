/**
 * What becomes of a part, as steps between its phases: spawn, wait, kill, fail, forgive. Used by the rules of `part-core.ts`.
 */
import { absenceMs } from "../resilience/failure-detector.js";
import { beginWait, forgiveWait, NO_EFFORT } from "../resilience/patience.js";
import { seconds } from "../time/words.js";
import { afterStop } from "./part-words.js";
import type { Effect, Goal, Part, PartPolicy, Phase, Step } from "./part-types.js";

/** A death that counts: another try after a wait, or the end of tries. */
export function fail(
  part: Part,
  why: string,
  isLoaded: boolean,
  nowMs: number,
  policy: PartPolicy,
): Step {
  const restartsMs = recent(part, nowMs, policy);
  if (restartsMs.length >= policy.restartsMax) {
    const text = `${why}, after ${restartsMs.length} restarts in ${seconds(policy.restartWindowMs)}`;
    const to = goTo({ ...part, restartsMs }, { kind: "givenUp", forLoad: isLoaded }, nowMs, {
      why: text,
      next: isLoaded
        ? "the machine is overloaded: tried again when that is over, or by hand"
        : "no more restarts; see its log, then start it again by hand",
    });
    return withAlert(to, text);
  }
  const waitMs = restartsMs.length === 0 ? policy.firstRetryMs : policy.retryMs;
  const phase: Phase = { kind: "backoff", untilMs: nowMs + waitMs };
  return goTo({ ...part, restartsMs }, phase, nowMs, {
    why,
    next: `restart ${restartsMs.length + 1} of ${policy.restartsMax} in ${seconds(waitMs)}`,
  });
}

export function recent(part: Part, nowMs: number, policy: PartPolicy): readonly number[] {
  return part.restartsMs.filter((atMs) => nowMs - atMs < policy.restartWindowMs);
}

/** As if nothing had happened to it yet: a whole restart budget, no grown patience. */
export function fresh(part: Part): Part {
  return { ...part, restartsMs: [], stuckStarts: 0 };
}

export function wait(part: Part, why: string, nowMs: number, policy: PartPolicy): Step {
  return goTo(part, { kind: "waiting", untilMs: nowMs + policy.needsMsMax }, nowMs, {
    why,
    next: "starts when what it needs is ready",
  });
}

export function spawn(part: Part, why: string, nowMs: number): Step {
  const generation = part.generation + 1;
  const phase: Phase = { kind: "starting", wait: beginWait(NO_EFFORT, nowMs) };
  return goTo(
    { ...part, generation },
    phase,
    nowMs,
    { why, next: "waited for as long as it works" },
    { type: "spawn", generation },
  );
}

export function kill(part: Part, goal: Goal, why: string, nowMs: number, policy: PartPolicy): Step {
  const untilMs = nowMs + policy.killMsMax;
  return goTo(
    part,
    { kind: "stopping", goal, why, killed: true, untilMs },
    nowMs,
    { why, next: `killed now, then ${afterStop(goal)}` },
    { type: "kill" },
  );
}

/** Moves every wait by the time this process was itself asleep (suspended, starved): that time is nobody's failure. */
export function forgive(part: Part, nowMs: number, tickMs: number): Part {
  const awayMs = absenceMs(part.tickedMs, nowMs, tickMs);
  const phase = part.phase;
  if (awayMs === 0) return { ...part, tickedMs: nowMs };
  switch (phase.kind) {
    case "stopping":
    case "waiting":
      return { ...part, tickedMs: nowMs, phase: { ...phase, untilMs: phase.untilMs + awayMs } };
    case "starting":
    case "hung":
      return {
        ...part,
        tickedMs: nowMs,
        phase: { ...phase, wait: forgiveWait(phase.wait, awayMs) },
      };
    default:
      // A running part's detector does this itself; a back-off is only too long, never too short.
      return { ...part, tickedMs: nowMs };
  }
}

export function goTo(
  part: Part,
  phase: Phase,
  nowMs: number,
  text: { readonly why: string; readonly next: string },
  ...effects: readonly Effect[]
): Step {
  const changed: Effect = { type: "changed", from: part.phase.kind, to: phase.kind };
  return { part: { ...part, ...text, phase, sinceMs: nowMs }, effects: [changed, ...effects] };
}

export function withAlert(to: Step, text: string): Step {
  return { part: to.part, effects: [...to.effects, { type: "alert", text }] };
}

export function same(part: Part): Step {
  return { part, effects: [] };
}
