/** How results are told: a line each while they run, a table in docs/DRILLS.md. Pure. */
import type { Drill, DrillResult } from "./drill.js";

export interface DrillStamp {
  /** "2026-01-31 12:00", UTC. */
  readonly date: string;
  readonly commit: string;
  /** Processor, cores, memory, Node. */
  readonly machine: string;
  readonly seed: number;
}

export interface DrillRow {
  readonly drill: Drill;
  readonly result: DrillResult;
}

const VERDICT = { held: "held", failed: "FAILED", notRun: "NOT RUN" } as const;

/** One line for a terminal. */
export function resultLine({ drill, result }: DrillRow): string {
  const notice = `noticed ${seconds(result.noticeMs)} (${seconds(drill.noticeMsMax)})`;
  const recover = `recovered ${seconds(result.recoverMs)} (${seconds(drill.recoverMsMax)})`;
  const why = result.why === "" ? "" : `  ${result.why.split("\n", 1)[0]}`;
  return `${VERDICT[result.outcome].padEnd(8)} ${drill.name.padEnd(20)} ${notice.padEnd(26)} ${recover}${why}`;
}

/** Where faults in their thousands are tried, and two at once. */
const THE_WORLD = `## the world

What real processes cannot show: thousands of mixtures of faults on simulated time, each again by its seed, with the lines of the
product that were broken to see it turn red: [WORLD.md](WORLD.md).`;

/** The whole of docs/DRILLS.md. */
export function drillPage(rows: readonly DrillRow[], stamp: DrillStamp): string {
  const table = rows.map(
    ({ drill, result }) =>
      `| \`${drill.name}\` | ${drill.rows.join(", ")} | ${verdict(result)} | ${figure(result.noticeMs, drill.noticeMsMax)} | ${figure(result.recoverMs, drill.recoverMsMax)} |`,
  );
  return `# Drills

Written by \`npm run drill -- --write\`; one by name: \`npm run drill -- gateway-killed\`. Each starts a Buddy as a user does, breaks
one thing in its real processes at a seeded moment, and measures from outside. "Noticed" is when Buddy itself says so, "recovered" when
all works again, from the fault or, where a drill takes it away again, from that. Then progress is demanded. One run each: these
are facts of that run, not percentiles.

${stamp.date} UTC, commit ${stamp.commit}, seed ${stamp.seed}, ${stamp.machine}.

| drill | rows | outcome | noticed (bound) | recovered (bound) |
| --- | --- | --- | --- | --- |
${table.join("\n")}

${rows.map(section).join("\n\n")}

${THE_WORLD}
`;
}

function section({ drill, result }: DrillRow): string {
  const held = result.held.length === 0 ? "" : `\n- Held meanwhile: ${result.held.join("; ")}.`;
  return `## ${drill.name}

- Steady state: ${drill.steadyState}
- Fault: ${drill.fault}
- Expected: ${drill.expectation}${held}
- Does not show: ${drill.doesNotShow}`;
}

function verdict({ outcome, why }: DrillResult): string {
  if (outcome === "held") return "held";
  return `**${VERDICT[outcome]}**: ${(why.split("\n", 1)[0] ?? "").replaceAll("|", "\\|")}`;
}

function figure(ms: number | undefined, boundMs: number): string {
  return `${seconds(ms)} (≤ ${seconds(boundMs)})`;
}

function seconds(ms: number | undefined): string {
  return ms === undefined ? "-" : `${(ms / 1000).toFixed(2)} s`;
}
