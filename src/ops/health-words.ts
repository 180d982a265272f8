/**
 * Plain words for what the machinery says: states of breakers, processes and heartbeats become a sentence and a
 * next step. Pure; the one place where such words are chosen.
 */
import type { BreakerView } from "../resilience/breaker.js";
import type { Sight } from "../resilience/liveness.js";
import type { Finding } from "../state/health.js";
import type { PROCESS_LEVELS } from "../state/process-levels.js";

/**
 * A backend by its breaker.
 * @param remedy what a person can do when it lasts, a sentence: "Start it with `ollama serve`."
 */
export function breakerFinding(view: BreakerView, remedy: string): Finding {
  const error = view.lastError === undefined ? {} : { lastError: view.lastError };
  const because = view.lastError === undefined ? "" : `: ${view.lastError}`;
  switch (view.state) {
    case "closed":
      if (view.failuresInRow === 0) return { level: "ok", text: "It answers.", next: "", ...error };
      return {
        level: "warn",
        text: `${calls(view.failuresInRow)} in a row failed${because}.`,
        next: `It is still being used. ${remedy}`,
        ...error,
      };
    case "open": {
      const inMs = view.retryInMs ?? 0;
      return {
        level: "bad",
        text: `It failed again and again and is left alone for now${because}.`,
        next: `It is tried again by itself in ${wait(inMs)}. ${remedy}`,
        nextAttemptInMs: inMs,
        ...error,
      };
    }
    case "halfOpen":
      return {
        level: "busy",
        text: `It failed before and is being tried again${because}.`,
        next: "Two calls that succeed bring it back.",
        ...error,
      };
    case "isolated":
      return {
        level: "off",
        text: "A person has switched it off.",
        next: "Switch it on again when it should be used.",
        ...error,
      };
  }
}

/** What a supervised process says of itself; the supervisor's `PartView` fits. */
export interface ProcessFacts {
  readonly phase: keyof typeof PROCESS_LEVELS;
  readonly why: string;
  readonly next: string;
  readonly restarts: number;
  readonly restartsMax: number;
}

/** A process by its supervisor. */
export function processFinding(facts: ProcessFacts): Finding {
  const why = sentence(facts.why);
  const next = sentence(facts.next);
  const often = facts.restarts === 0 ? "" : ` Restarts in 10 minutes: ${facts.restarts}.`;
  switch (facts.phase) {
    case "running":
      if (facts.restarts === 0) return { level: "ok", text: "It runs.", next: "" };
      // Well again is well: the past is told, and is a warning only when it nears the end of tries.
      if (facts.restarts * 2 <= facts.restartsMax) {
        return { level: "ok", text: `It runs again.${often}`, next: "" };
      }
      return {
        level: "warn",
        text: `It runs again.${often}`,
        next: `After ${facts.restartsMax} restarts in 10 minutes it is given up. See its log.`,
      };
    case "waiting":
    case "starting":
      return { level: "busy", text: `It is starting: ${why}${often}`, next };
    case "stopping":
      return { level: "busy", text: `It is stopping: ${why}`, next };
    case "stopped":
    case "ended":
      return { level: "off", text: `It does not run: ${why}`, next };
    case "hung":
      return { level: "bad", text: `It hangs: ${why}`, next, lastError: facts.why };
    case "backoff":
      return { level: "bad", text: `It died: ${why}${often}`, next, lastError: facts.why };
    case "givenUp":
      return { level: "bad", text: `It was given up: ${why}`, next, lastError: facts.why };
  }
}

/** A process that holds more and more. @param grown from what to what, bytes. */
export function grownFinding(grown: {
  readonly fromBytes: number;
  readonly toBytes: number;
}): Finding {
  const [from, to] = [grown.fromBytes, grown.toBytes].map((bytes) => Math.round(bytes / 1e6));
  const text = `Its memory grows: ${to} MB, ${from} MB after its first minutes.`;
  const next = "It is restarted by itself at its limit; with its log this is worth a report.";
  return { level: "warn", text, next };
}

/** Somebody by his heartbeats. */
export function sightFinding(sight: Sight, why: string): Finding {
  switch (sight) {
    case "green":
      return { level: "ok", text: "Its heartbeat comes in time.", next: "" };
    case "yellow":
      return { level: "warn", text: "A heartbeat is late.", next: "It is watched." };
    case "red":
      return {
        level: "bad",
        text: `It is there but hangs: ${sentence(why)}`,
        next: "It is green again with its next heartbeat; a process that stays silent is restarted.",
        lastError: why,
      };
    case "dead":
      return {
        level: "bad",
        text: `It is gone: ${sentence(why)}`,
        next: "Its owner starts it again, if it may.",
        lastError: why,
      };
    case "unknown":
      return { level: "busy", text: "It was not heard yet.", next: "It is watched once it is." };
  }
}

/** A wait for people: "12 s", "3 min". */
export function wait(ms: number): string {
  if (ms < 1000) return "a moment";
  return ms < 120_000 ? `${Math.ceil(ms / 1000)} s` : `${Math.ceil(ms / 60_000)} min`;
}

function calls(count: number): string {
  return count === 1 ? "One call" : `${count} calls`;
}

function sentence(text: string): string {
  const first = text.charAt(0).toUpperCase() + text.slice(1);
  return /[.!?]$/.test(first) ? first : `${first}.`;
}
