/** The Buddy that runs with this data directory: what it says of itself, parts that were given up, breakers, alerts. */
import { z } from "zod";
import { causeReasonOf, reasonOf } from "../host/reason.js";
import { isHeld } from "../datadir/data-dir.js";
import { findRunning, readSecret, type Running } from "../datadir/running.js";
import { originOf } from "../datadir/runtime-file.js";
import { healthLevel, healthPart, type HealthDetails, type HealthLevel } from "../state/health.js";
import { causeOf } from "./causes.js";
import { line, type Line } from "./line.js";

const ASK_MS_MAX = 3000;

const details = z.object({
  level: healthLevel,
  text: z.string(),
  backends: z.array(
    healthPart.pick({ id: true, title: true, level: true, text: true, next: true }),
  ),
  breakers: z.array(
    z.object({
      id: z.string(),
      title: z.string(),
      text: z.string(),
      next: z.string(),
      toldBy: z.string(),
      breaker: z.object({ state: z.string() }),
    }),
  ),
  processes: z.array(z.object({ name: z.string(), title: z.string(), phase: z.string() })),
  changes: z.array(z.object({ title: z.string(), to: z.string(), why: z.string() })),
  alerts: z.array(
    z.object({ key: z.string(), severity: z.string(), text: z.string(), next: z.string() }),
  ),
});
/** What the doctor reads of `GET /api/health`; `HealthDetails` has more. */
export type Details = z.infer<typeof details>;

interface Looked {
  readonly running: Running;
  /** It was asked and has answered: its alerts are among its lines. */
  readonly hasAnswered: boolean;
  readonly lines: Line[];
}

/** @param door `host:port` at which a Buddy that is not ready would have its page; undefined when that is not known. */
export async function checkRunning(dataDir: string, door?: string): Promise<Looked> {
  const [id, title] = ["running", "Running"];
  let running: Running;
  try {
    running = findRunning(dataDir);
  } catch (error) {
    const why = `It cannot be told whether a Buddy runs there: ${reasonOf(error)}.`;
    const next = `\`chown -R $(id -un) ${dataDir}\``;
    const lines = [line(id, title, "mend", why, next)];
    return { running: { kind: "none", why }, hasAnswered: false, lines };
  }
  if (running.kind === "running") {
    const { origin, runtime } = running;
    const who = `Process ${runtime.pid}`;
    const next = `look at its log in ${dataDir}/logs; if it hangs, end it with \`kill ${runtime.pid}\` and start it again`;
    return { running, ...(await ask(dataDir, origin, who, next)) };
  }
  if (!isHeld(dataDir)) {
    return { running, hasAnswered: false, lines: [line(id, title, "note", running.why)] };
  }
  const who = "A Buddy that is not ready (or is stopping)";
  const next = `look at its terminal and at ${dataDir}/logs for what it waits for`;
  if (door !== undefined) {
    return { running, ...(await ask(dataDir, originOf(door), who, next)) };
  }
  const lines = [line(id, title, "mend", `${who} has this directory.`, next)];
  return { running, hasAnswered: false, lines };
}

/** @param next the step for a page that does not answer */
async function ask(
  dataDir: string,
  origin: string,
  who: string,
  next: string,
): Promise<Omit<Looked, "running">> {
  const [id, title] = ["running", "Running"];
  try {
    const token = readSecret(dataDir, "token");
    const answer = await fetch(`${origin}/api/health`, {
      signal: AbortSignal.timeout(ASK_MS_MAX),
      redirect: "error",
      ...(token !== undefined && { headers: { authorization: `Bearer ${token}` } }),
    });
    if (!answer.ok) throw new Error(`HTTP status ${answer.status}`);
    const lines = healthLines(details.parse(await answer.json()));
    const found = line(id, title, "ok", `${who}, its page is ${origin}/.`);
    return { hasAnswered: true, lines: [found, ...lines] };
  } catch (error) {
    const why = error instanceof z.ZodError ? "its answer is not understood" : causeReasonOf(error);
    const text = `${who} is there, but its page at ${origin} does not answer: ${why}.`;
    return { hasAnswered: false, lines: [line(id, title, "mend", text, next)] };
  }
}

/** Health in words: a line for each cause of what is not as it should be, one line when all is. */
export function healthLines(health: Details | HealthDetails): Line[] {
  const stopped = stoppedParts(health);
  const levels = new Map(health.backends.map(({ id, level }) => [id, level]));
  for (const id of stopped.keys()) levels.set(id, "bad");
  const lines = [...stopped.values()];
  for (const { id, title, level, text, next } of health.backends) {
    if (level === "ok" || level === "off" || stopped.has(id) || causeOf(id, levels) !== id)
      continue;
    lines.push(line(`health-${id}`, title, level === "bad" ? "mend" : "note", text, next));
  }
  const withShadows = lines.map((one) => ({
    ...one,
    text: one.text + shadows(one, health, levels),
  }));
  return orWell(health, [
    ...withShadows,
    ...breakerLines(health, levels),
    ...alertLines(health, levels),
  ]);
}

function orWell(health: Details | HealthDetails, lines: Line[]): Line[] {
  if (lines.length > 0) return lines;
  return [line("health", "Health", health.level === "bad" ? "mend" : "ok", health.text)];
}

/** By the id of their health source. */
function stoppedParts({ processes, changes }: Details | HealthDetails): Map<string, Line> {
  const lines = new Map<string, Line>();
  for (const { name, title, phase } of processes) {
    if (phase !== "givenUp") continue;
    const why = changes.find((one) => one.title === title && one.to === "givenUp")?.why;
    const text = `${title} (${name}) was given up by the supervisor: ${why ?? "it failed too often"}.`;
    const next = "see its log, mend the cause, then start Buddy again";
    lines.set(`process-${name}`, line(`part-${name}`, "Stopped part", "mend", text, next));
  }
  return lines;
}

/** What else does not work because of it, a sentence with a space before it. */
function shadows(
  { id }: Line,
  { backends }: Details | HealthDetails,
  levels: ReadonlyMap<string, HealthLevel>,
): string {
  const source = id.replace(/^part-/, "process-").replace(/^health-/, "");
  const titles = backends
    .filter((one) => one.id !== source && isUnwell(one.level) && causeOf(one.id, levels) === source)
    .map(({ title }) => title);
  return titles.length === 0 ? "" : ` Because of it: ${titles.join(", ")}.`;
}

function isUnwell(level: HealthLevel | undefined): boolean {
  return level === "bad" || level === "warn";
}

/** Breakers that are not closed and of which no health source tells. */
function breakerLines(
  { breakers }: Details | HealthDetails,
  levels: ReadonlyMap<string, HealthLevel>,
): Line[] {
  return breakers
    .filter(({ breaker, toldBy }) => breaker.state !== "closed" && !isUnwell(levels.get(toldBy)))
    .map(({ id, title, text, next }) =>
      line(`breaker-${id}`, "Breaker", "note", `${title}: ${text}`, next),
    );
}

/** Alerts of what no other line tells. That Buddy is not ready has its reason in another one too. */
function alertLines(
  { alerts, breakers, level }: Details | HealthDetails,
  levels: ReadonlyMap<string, HealthLevel>,
): Line[] {
  const isTold = (key: string): boolean => {
    const [kind, name = ""] = key.split(/ (.*)/s);
    if (kind === "part") return isUnwell(levels.get(`process-${name}`));
    if (kind === "breaker")
      return breakers.some(({ id, breaker }) => id === name && breaker.state !== "closed");
    if (kind === "readiness") return level !== "ok";
    return isUnwell(levels.get(key));
  };
  return alerts
    .filter(({ key }) => !isTold(key))
    .map(({ key, severity, text, next }) =>
      line(`alert-${key}`, "Alert", severity === "critical" ? "mend" : "note", text, next),
    );
}
