/**
 * What becomes of one part: a pure state machine, `step(part, event, now) -> { part, effects }`. It opens
 * nothing and waits for nothing; `part.ts` carries out the effects. This is the only place in the companion
 * that decides to start, kill or restart a process.
 *
 *   stopped ─start▶ waiting ─needs ready, or bound▶ starting ─ready▶ running ⇄ hung
 *      ▲                                              │  exit, stuck, memory, silence
 *      └── stopping ◀─ stop                           ▼
 *                        ended ◀ exit 0    backoff ─▶ waiting      givenUp (budget spent, or bad options)
 *
 * Start-up comes before readiness and readiness before liveness: silence counts only once a part was ready. What is slow is
 * not stuck (`resilience/patience.ts`): a start or a silence that works is waited for, however long it takes.
 */
import { heard, newDetector, scan, silentMs } from "../resilience/failure-detector.js";
import { beginWait, lookAt } from "../resilience/patience.js";
import type { Doors } from "../child/messages.js";
import { hasProcess, isAtRest } from "./part-types.js";
import { seconds } from "../time/words.js";
import { afterStop, exitWhy, mebibytes } from "./part-words.js";
import type { Goal, Part, PartEvent, PartPolicy, Phase, Step } from "./part-types.js";
import {
  fail,
  recent,
  fresh,
  wait,
  spawn,
  kill,
  forgive,
  goTo,
  withAlert,
  same,
} from "./part-moves.js";

export function step(part: Part, event: PartEvent, nowMs: number, policy: PartPolicy): Step {
  switch (event.type) {
    case "start":
      return onStart(part, nowMs, policy);
    case "stop":
      return onStop(part, "stop", event.why, nowMs, policy);
    case "restart":
      return onRestart(part, event.why, nowMs, policy);
    case "tick":
      return onTick(part, event, nowMs, policy);
    default:
      // Words of a process that is no longer ours change nothing.
      if (event.generation !== part.generation || !hasProcess(part)) return same(part);
      if (event.type === "ready") return onReady(part, event.doors, nowMs);
      if (event.type === "beat") return onBeat(part, event.rssBytes, nowMs, policy);
      if (event.type === "progress") return onProgress(part, event.text);
      return onExit(part, event, nowMs, policy);
  }
}

function onStart(part: Part, nowMs: number, policy: PartPolicy): Step {
  if (part.phase.kind === "stopping" && part.phase.goal === "stop") {
    return goTo(part, { ...part.phase, goal: "start" }, nowMs, {
      why: "asked to start while it was stopping",
      next: "starts once it has stopped",
    });
  }
  return isAtRest(part) ? wait(part, "asked to start", nowMs, policy) : same(part);
}

/** By a person: not counted, and it clears what was counted, so that a repaired part gets a whole budget. */
function onRestart(part: Part, why: string, nowMs: number, policy: PartPolicy): Step {
  const cleared = fresh(part);
  return hasProcess(part)
    ? onStop(cleared, "start", why, nowMs, policy)
    : wait(cleared, why, nowMs, policy);
}

function onStop(part: Part, goal: Goal, why: string, nowMs: number, policy: PartPolicy): Step {
  switch (part.phase.kind) {
    case "stopped":
    case "ended":
      return same(part);
    case "givenUp":
      // Nobody wants it now, so no calm brings it back.
      return same({ ...part, phase: { kind: "givenUp", forLoad: false } });
    case "waiting":
    case "backoff":
      return goTo(part, { kind: "stopped" }, nowMs, { why, next: "stays stopped" });
    case "stopping":
      if (part.phase.goal === goal) return same(part);
      return goTo(part, { ...part.phase, goal }, nowMs, { why, next: afterStop(goal) });
    case "hung":
      // It cannot hear us.
      return kill(part, goal, `${why}, and it is hung`, nowMs, policy);
    case "starting":
    case "running": {
      const untilMs = nowMs + policy.stopMsMax;
      return goTo(
        part,
        { kind: "stopping", goal, why, killed: false, untilMs },
        nowMs,
        { why, next: `killed if it is still there in ${seconds(policy.stopMsMax)}` },
        { type: "askToStop" },
      );
    }
  }
}

function onTick(
  before: Part,
  event: Extract<PartEvent, { type: "tick" }>,
  nowMs: number,
  policy: PartPolicy,
): Step {
  const part = forgive(before, nowMs, policy.tickMs);
  const phase = part.phase;
  switch (phase.kind) {
    case "waiting":
      if (event.needsReady) return spawn(part, "what it needs is ready", nowMs);
      if (nowMs < phase.untilMs) return same(part);
      return spawn(
        part,
        `${event.missing} not ready after ${seconds(policy.needsMsMax)}, starting anyway`,
        nowMs,
      );
    case "starting": {
      const { wait, stuck } = lookAt(
        phase.wait,
        event.effort,
        nowMs,
        policy.start,
        part.stuckStarts,
      );
      if (stuck === undefined) return same({ ...part, phase: { kind: "starting", wait } });
      const why = `not ready ${seconds(nowMs - part.sinceMs)} after its start, ${stuck}`;
      const stuckStarts = part.stuckStarts + 1;
      return kill({ ...part, stuckStarts }, "retry", why, nowMs, policy);
    }
    case "running":
      return watch(part, phase, event, nowMs, policy);
    case "hung": {
      // Only a beat is a word of a part that was ready.
      const effort = { ...event.effort, words: 0 };
      const { wait, stuck } = lookAt(phase.wait, effort, nowMs, policy.silence);
      if (stuck === undefined) return same({ ...part, phase: { ...phase, wait } });
      const silent = seconds(silentMs(phase.detector, nowMs));
      return kill(part, "retry", `no beat for ${silent}, hung: ${stuck}`, nowMs, policy);
    }
    case "stopping":
      return nowMs < phase.untilMs ? same(part) : overdue(part, phase, nowMs, policy);
    case "backoff":
      if (nowMs < phase.untilMs) return same(part);
      return wait(
        { ...part, restartsMs: [...recent(part, nowMs, policy), nowMs] },
        "restart",
        nowMs,
        policy,
      );
    case "givenUp":
      if (!phase.forLoad || !event.isCalm) return same(part);
      return wait(fresh(part), "the load under which it was given up is over", nowMs, policy);
    default:
      return same(part);
  }
}

function watch(
  part: Part,
  phase: Extract<Phase, { kind: "running" }>,
  { effort }: Extract<PartEvent, { type: "tick" }>,
  nowMs: number,
  policy: PartPolicy,
): Step {
  const detector = scan(phase.detector, nowMs);
  if (detector.kind === "heard" && detector.colour === "red") {
    const silent = silentMs(detector, nowMs);
    const wait = beginWait({ ...effort, words: 0 }, nowMs - silent);
    return goTo(part, { kind: "hung", detector, wait }, nowMs, {
      why: `no beat for ${seconds(silent)} while its process is there`,
      next: `killed if it does nothing for ${seconds(policy.silence.quietMsMax)}, or loops`,
    });
  }
  return same({ ...part, phase: { ...phase, detector } });
}

function overdue(
  part: Part,
  phase: Extract<Phase, { kind: "stopping" }>,
  nowMs: number,
  policy: PartPolicy,
): Step {
  if (!phase.killed) {
    return kill(
      part,
      phase.goal,
      `${phase.why}, still there after ${seconds(policy.stopMsMax)}`,
      nowMs,
      policy,
    );
  }
  const why = `its process is still there ${seconds(policy.killMsMax)} after SIGKILL`;
  const to = goTo(part, { kind: "givenUp", forLoad: false }, nowMs, {
    why,
    next: "a person must look at the machine; a restart by hand tries again",
  });
  return withAlert(to, why);
}

function onReady(part: Part, doors: Doors, nowMs: number): Step {
  if (part.phase.kind !== "starting") return same(part);
  const detector = heard(newDetector(nowMs), nowMs);
  const phase: Phase = { kind: "running", detector, overMemory: 0 };
  return goTo({ ...part, doors, stuckStarts: 0 }, phase, nowMs, {
    why: `ready after ${seconds(nowMs - part.sinceMs)}`,
    next: "watched by its beats",
  });
}

/** What it has come to is why it is not ready yet. */
function onProgress(part: Part, text: string): Step {
  return part.phase.kind === "starting" ? same({ ...part, why: text }) : same(part);
}

function onBeat(before: Part, rssBytes: number, nowMs: number, policy: PartPolicy): Step {
  const part = { ...before, rssBytes };
  const phase = part.phase;
  if (phase.kind === "hung") {
    const silent = silentMs(phase.detector, nowMs);
    const detector = heard(phase.detector, nowMs);
    return goTo(part, { kind: "running", detector, overMemory: 0 }, nowMs, {
      why: `it beats again after ${seconds(silent)} of silence`,
      next: "watched by its beats",
    });
  }
  if (phase.kind !== "running") return same(part);
  const overMemory = rssBytes > policy.memoryBytesMax ? phase.overMemory + 1 : 0;
  if (overMemory >= policy.memoryBeatsMax) {
    return onStop(
      part,
      "retry",
      `${mebibytes(rssBytes)} of memory, allowed ${mebibytes(policy.memoryBytesMax)}`,
      nowMs,
      policy,
    );
  }
  const detector = heard(phase.detector, nowMs);
  return same({ ...part, phase: { ...phase, detector, overMemory } });
}

function onExit(
  part: Part,
  { exit, isLoaded }: Extract<PartEvent, { type: "exit" }>,
  nowMs: number,
  policy: PartPolicy,
): Step {
  const gone = { ...part, rssBytes: 0 };
  if (part.phase.kind === "stopping") {
    const { goal, why } = part.phase;
    if (goal === "retry") return fail(gone, why, isLoaded, nowMs, policy);
    if (goal === "start") return wait(gone, why, nowMs, policy);
    return goTo(gone, { kind: "stopped" }, nowMs, { why, next: "stays stopped" });
  }
  const why = exitWhy(exit);
  if (exit.kind === "unready") {
    // Not its failure, so its restarts are not spent on it: they would be gone when what it needs comes.
    return goTo(gone, { kind: "waiting", untilMs: Number.POSITIVE_INFINITY }, nowMs, {
      why,
      next: "starts when what it needs is ready, and not before",
    });
  }
  if (exit.kind === "code" && exit.code === 0) {
    return goTo(gone, { kind: "ended" }, nowMs, {
      why: "it ended by itself, cleanly",
      next: "not restarted by itself; it can be started again by hand",
    });
  }
  if (exit.kind === "code" && exit.code === BAD_OPTIONS_EXIT) {
    const to = goTo(gone, { kind: "givenUp", forLoad: false }, nowMs, {
      why,
      next: "trying again cannot help: correct its options, then start it again by hand",
    });
    return withAlert(to, why);
  }
  return fail(gone, why, isLoaded, nowMs, policy);
}

/** Exit status of `runChild` for options it does not accept. */
const BAD_OPTIONS_EXIT = 2;
