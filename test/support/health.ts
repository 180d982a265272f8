/** Details of a companion that has had an eventful hour, for looking at the page and for its tests. */
import type { BreakerView } from "../../src/resilience/breaker.js";
import {
  colourOf,
  type HealthDetails,
  type HealthLevel,
  type HealthStrip,
} from "../../src/state/health.js";

const MINUTE_MS = 60_000;

/** @param wallMs now, Unix ms. */
export function eventfulHour(wallMs: number): HealthDetails {
  const at = (minutes: number): number => wallMs - minutes * MINUTE_MS;
  const strip = (
    id: string,
    title: string,
    text: string,
    next: string,
    ...history: [number, HealthLevel][]
  ): HealthStrip => {
    const marks = history.map(([minutes, level]) => [at(minutes), level] as const);
    const [sinceWallMs, level] = marks.at(-1) ?? [wallMs, "ok" as const];
    return { id, title, level, state: colourOf(level), text, next, sinceWallMs, history: marks };
  };
  return {
    wallMs,
    level: "bad",
    state: "red",
    text: "Ollama: It failed again and again and is left alone for now: connect ECONNREFUSED.",
    backends: [
      {
        ...strip("robot", "Robot", "It answers commands.", "", [90, "ok"], [41, "bad"], [40, "ok"]),
        lastError: { text: "nothing was heard for 1.3 s", wallMs: at(41) },
      },
      strip("link", "Link", "The robot is linked.", "", [90, "ok"], [41, "warn"], [40, "ok"]),
      strip("camera", "Camera", "The camera gives pictures.", "", [25, "busy"], [24.9, "ok"]),
      strip("process-gateway", "Gateway", "It runs.", "", [90, "ok"]),
      strip(
        "process-vision",
        "Face detector",
        "It was given up: exit status 1, after 5 restarts in 10 min.",
        "No more restarts; see its log, then start it again by hand.",
        [90, "ok"],
        [22, "bad"],
        [21.5, "ok"],
        [21, "bad"],
      ),
      strip("process-voice", "Voice", "It is not wanted.", "", [90, "off"]),
      strip("disk", "Disk", "Little room: 160 MB (2.1 %) are free.", "Make room.", [8, "warn"]),
      strip(
        "ollama",
        "Ollama",
        "It failed again and again and is left alone for now: connect ECONNREFUSED.",
        "It is tried again by itself in 12 s. Start it with `ollama serve`.",
        [90, "ok"],
        [2, "warn"],
        [1.8, "bad"],
      ),
    ],
    breakers: [
      {
        id: "robot",
        title: "Robot's commands",
        toldBy: "robot",
        breaker: used(at(90)),
        text: "",
        next: "",
      },
      {
        id: "ollama",
        title: "Ollama",
        toldBy: "ollama",
        breaker: {
          ...used(at(0.3)),
          backend: "ollama",
          state: "open",
          lastError: "connect ECONNREFUSED",
          counts: { ...used(0).counts, calls: 1290, failures: 9, rejected: 14, opened: 2 },
          transitions: [
            { wallMs: at(1), from: "closed", to: "open", reason: "5 failures in a row" },
            {
              wallMs: at(0.5),
              from: "open",
              to: "halfOpen",
              reason: "open for 30 s, trying again",
            },
            { wallMs: at(0.3), from: "halfOpen", to: "open", reason: "trial failed" },
          ],
        },
        text: "It failed again and again and is left alone for now: connect ECONNREFUSED.",
        next: "It is tried again by itself in 12 s. Start it with `ollama serve`.",
      },
    ],
    operations: [],
    processes: [
      process("gateway", "Gateway", "running", at(90), 0),
      process("vision", "Face detector", "givenUp", at(21), 5),
      process("robot", "Simulated robot", "running", at(40), 1),
    ],
    changes: [
      {
        wallMs: at(21),
        title: "Face detector",
        to: "givenUp",
        why: "exit status 1, after 5 restarts in 10 min",
        next: "no more restarts; see its log, then start it again by hand",
      },
    ],
    pairs: [],
    alerts: [
      {
        key: "part vision",
        severity: "critical",
        text: "Face detector was given up: exit status 1, after 5 restarts in 10 min.",
        next: "See its log, then restart it. Everything else goes on.",
        sinceWallMs: at(21),
      },
    ],
    alertLog: [
      {
        wallMs: at(21),
        event: "raised",
        key: "part vision",
        severity: "critical",
        text: "Face detector was given up: exit status 1.",
        next: "",
        sinceWallMs: at(21),
      },
    ],
  };
}

function used(sinceWallMs: number): BreakerView {
  return {
    backend: "robot",
    state: "closed",
    sinceWallMs,
    failuresInRow: 0,
    retryInMs: undefined,
    counts: {
      calls: 10_804,
      successes: 10_802,
      failures: 2,
      rejected: 0,
      cancelled: 0,
      late: 0,
      opened: 0,
    },
    timeInStateMs: { closed: 0, open: 0, halfOpen: 0, isolated: 0 },
    transitions: [],
    lastError: undefined,
  };
}

function process(
  name: string,
  title: string,
  phase: string,
  sinceWallMs: number,
  restarts: number,
): HealthDetails["processes"][number] {
  const rssBytes = phase === "running" ? 84e6 : 0;
  return { name, title, phase, sinceWallMs, pid: 1, restarts, restartsMax: 5, rssBytes };
}
