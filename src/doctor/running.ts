/** The Buddy that runs with this data directory: what it says of itself, parts that were given up, breakers, alerts. */
import { z } from "zod";
import { causeReasonOf, reasonOf } from "../host/reason.js";
import { isHeld } from "../datadir/data-dir.js";
import { findRunning, readSecret, type Running } from "../datadir/running.js";
import { originOf } from "../datadir/runtime-file.js";
import { healthPart, type HealthDetails } from "../state/health.js";
import { line, type Line } from "./line.js";

const ASK_MS_MAX = 3000;

const details = z.object({
  level: z.string(),
  text: z.string(),
  backends: z.array(
    healthPart.pick({ id: true, title: true, level: true, text: true, next: true }),
  ),
  breakers: z.array(
    z.object({
      title: z.string(),
      text: z.string(),
      next: z.string(),
      breaker: z.object({ state: z.string() }),
    }),
  ),
  processes: z.array(z.object({ name: z.string(), title: z.string(), phase: z.string() })),
  changes: z.array(z.object({ title: z.string(), to: z.string(), why: z.string() })),
  alerts: z.array(z.object({ severity: z.string(), text: z.string(), next: z.string() })),
});
/** What the doctor reads of `GET /api/health`; `HealthDetails` has more. */
export type Details = z.infer<typeof details>;

/** @param door `host:port` at which a Buddy that is not ready would have its page; undefined when that is not known. */
export async function checkRunning(
  dataDir: string,
  door?: string,
): Promise<{ readonly running: Running; readonly lines: Line[] }> {
  const [id, title] = ["running", "Running"];
  let running: Running;
  try {
    running = findRunning(dataDir);
  } catch (error) {
    const why = `It cannot be told whether a Buddy runs there: ${reasonOf(error)}.`;
    const next = `\`chown -R $(id -un) ${dataDir}\``;
    const lines = [line(id, title, "mend", why, next)];
    return { running: { kind: "none", why }, lines };
  }
  if (running.kind === "running") {
    const { origin, runtime } = running;
    const who = `Process ${runtime.pid}`;
    const next = `look at its log in ${dataDir}/logs; if it hangs, end it with \`kill ${runtime.pid}\` and start it again`;
    return { running, lines: await ask(dataDir, origin, who, next) };
  }
  if (!isHeld(dataDir)) return { running, lines: [line(id, title, "note", running.why)] };
  const who = "A Buddy that is not ready (or is stopping)";
  const next = `look at its terminal and at ${dataDir}/logs for what it waits for`;
  if (door !== undefined) return { running, lines: await ask(dataDir, originOf(door), who, next) };
  return { running, lines: [line(id, title, "mend", `${who} has this directory.`, next)] };
}

/** @param next the step for a page that does not answer */
async function ask(dataDir: string, origin: string, who: string, next: string): Promise<Line[]> {
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
    return [line(id, title, "ok", `${who}, its page is ${origin}/.`), ...lines];
  } catch (error) {
    const why = error instanceof z.ZodError ? "its answer is not understood" : causeReasonOf(error);
    const text = `${who} is there, but its page at ${origin} does not answer: ${why}.`;
    return [line(id, title, "mend", text, next)];
  }
}

/** Health in words: the whole in one line, then a line for each thing that is not as it should be. */
export function healthLines(health: Details | HealthDetails): Line[] {
  const isBad = health.level === "bad";
  const lines = [line("health", "Health", isBad ? "mend" : "ok", health.text)];
  const givenUp = new Set<string>();
  for (const { name, title, phase } of health.processes) {
    if (phase !== "givenUp") continue;
    givenUp.add(`process-${name}`);
    const why = health.changes.find((one) => one.title === title && one.to === "givenUp")?.why;
    const text = `${title} (${name}) was given up by the supervisor: ${why ?? "it failed too often"}.`;
    const next = "see its log, mend the cause, then start Buddy again";
    lines.push(line(`part-${name}`, "Stopped part", "mend", text, next));
  }
  for (const { id, title, level, text, next } of health.backends) {
    if (level === "ok" || level === "off" || givenUp.has(id)) continue;
    lines.push(line(`health-${id}`, title, level === "bad" ? "mend" : "note", text, next));
  }
  for (const { title, text, next, breaker } of health.breakers) {
    if (breaker.state === "closed") continue;
    lines.push(line(`breaker-${title}`, "Breaker", "note", `${title}: ${text}`, next));
  }
  for (const { severity, text, next } of health.alerts) {
    const state = severity === "critical" ? "mend" : "note";
    lines.push(line("alert", "Alert", state, text, next));
  }
  return lines;
}
