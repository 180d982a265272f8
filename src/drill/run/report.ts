/** How results are told: a line each while they run, docs/DRILLS.md, and the first lines of its table in README.md. Pure. */
import type { DrillFacts } from "./drill.js";
import { lossesOf, spreadOf, type DrillRecord, type RunResult, type Spread } from "./results.js";

const VERDICT = { held: "held", failed: "FAILED", notRun: "NOT RUN" } as const;

/** One line for a terminal. */
export function resultLine(drill: DrillFacts, result: RunResult): string {
  const notice = `noticed ${seconds(result.noticeMs)} (${seconds(drill.noticeMsMax)})`;
  const recover = `recovered ${seconds(result.recoverMs)} (${seconds(drill.recoverMsMax)})`;
  const why = result.why === "" ? "" : `  ${firstLine(result.why)}`;
  return `${VERDICT[result.outcome].padEnd(8)} ${drill.name.padEnd(24)} ${notice.padEnd(28)} ${recover}${why}`;
}

/** Where faults in their thousands are tried, and two at once. */
const THE_WORLD = `## the world

What real processes cannot show: thousands of mixtures of faults on simulated time, each again by its seed, with the lines of the
product that were broken to see it turn red: [WORLD.md](WORLD.md).`;

const ABOUT = `Written by \`npm run drill -- --repeat 20 --write\`; one by name: \`npm run drill -- gateway-killed\`. Each breaks one thing in the real processes of
a Buddy that was started as a user starts it, at a seeded moment, and measures from outside. "Noticed" is when Buddy itself says so, "recovered" when all
works again, from the fault or, where a drill takes it away again, from that. Then progress is demanded of the robot and of every witness. "Lost" counts what
got no answer or none that says what became of it, of all that was asked during the drill by a page that asks three times a second; what was refused in words is not lost.
Which drills were seen to turn red when a line of the product was broken for them: [DRILL-MUTATIONS.md](DRILL-MUTATIONS.md).

Times are p50 / p95 / max in seconds by nearest rank, with the bound of one repeat behind them. All repeats: [drills.json](drills.json).

![time to notice and to recover of each repeat](drills.svg)`;

/** The whole of docs/DRILLS.md. */
export function drillPage(drills: readonly DrillFacts[], records: readonly DrillRecord[]): string {
  const columns = [...new Set(records.map(({ column }) => column))];
  const tables = columns.map((column) => {
    const rows = of(drills, records, column).map(([drill, record]) => tableRow(drill, record));
    const head = ["drill", "rows", "held", "noticed", "recovered", "lost", "commit, date"];
    return `## ${columnTitle(column)}\n\n${machines(records, column)}\n\n${markdownTable(head, rows)}`;
  });
  return `# Drills\n\n${ABOUT}\n\n${tables.join("\n\n")}\n\n${drills
    .map((drill) => section(drill, records))
    .join("\n\n")}\n\n${THE_WORLD}\n`;
}

const README_ROWS = 10;

/** The first rows of the machine's own column, for README.md. */
export function readmeTable(
  drills: readonly DrillFacts[],
  records: readonly DrillRecord[],
): string {
  const rows = of(drills, records, "sim")
    .slice(0, README_ROWS)
    .map(([drill, { runs }]) => [
      `\`${drill.name}\``,
      verdict(runs),
      time(runs, "noticeMs", undefined),
      time(runs, "recoverMs", undefined),
      lossWords(runs),
    ]);
  return markdownTable(["broken", "held", "noticed, s", "recovered, s", "lost"], rows);
}

/** Puts a table between the marks of README.md. @throws Error when they are not there */
export function intoReadme(readme: string, table: string): string {
  const marks = /(<!-- drills: [^\n]* -->\n)[^]*?(\n<!-- \/drills -->)/;
  if (!marks.test(readme)) throw new Error("README.md has no <!-- drills: … --> marks");
  return readme.replace(
    marks,
    (_all, open: string, close: string) => `${open}\n${table}\n${close}`,
  );
}

function of(
  drills: readonly DrillFacts[],
  records: readonly DrillRecord[],
  column: string,
): [DrillFacts, DrillRecord][] {
  return drills.flatMap((drill) => {
    const record = records.find((one) => one.drill === drill.name && one.column === column);
    return record === undefined ? [] : [[drill, record] as [DrillFacts, DrillRecord]];
  });
}

function columnTitle(column: string): string {
  return column === "sim" ? "as fast as the machine" : `with the pace of an ${column}`;
}

function machines(records: readonly DrillRecord[], column: string): string {
  const here = records.filter((record) => record.column === column);
  return `${[...new Set(here.map(({ machine }) => machine))].join("; ")}.`;
}

function tableRow(drill: DrillFacts, { runs, commit, date }: DrillRecord): string[] {
  return [
    `\`${drill.name}\``,
    drill.rows.join(", "),
    verdict(runs),
    time(runs, "noticeMs", drill.noticeMsMax),
    time(runs, "recoverMs", drill.recoverMsMax),
    lossWords(runs),
    `${commit}, ${date}${loadWords(runs)}`,
  ];
}

/** What else the machine had to do: more than its cores is more than it can. */
function loadWords(runs: readonly RunResult[]): string {
  const loads = runs.flatMap(({ load }) => (load === undefined ? [] : [load]));
  if (loads.length === 0) return "";
  const [least, most] = [Math.min(...loads), Math.max(...loads)];
  return least === most ? `, load ${most}` : `, load ${least} to ${most}`;
}

function verdict(runs: readonly RunResult[]): string {
  const held = runs.filter(({ outcome }) => outcome === "held").length;
  const failed = runs.find(({ outcome }) => outcome !== "held");
  if (failed === undefined) return `${held} of ${runs.length}`;
  const why = firstLine(failed.why).replaceAll("|", "\\|");
  if (failed.outcome === "notRun") return `**NOT RUN**: ${why}`;
  return `**${held} of ${runs.length}**: ${why}`;
}

function time(
  runs: readonly RunResult[],
  field: "noticeMs" | "recoverMs",
  boundMs: number | undefined,
): string {
  const spread = spreadOf(runs.map((run) => run[field]));
  const bound = boundMs === undefined ? "" : ` (≤ ${boundMs / 1000})`;
  return spread === undefined ? "-" : `${figures(spread)}${bound}`;
}

function figures({ p50, p95, max }: Spread): string {
  return [p50, p95, max].map((ms) => (ms / 1000).toFixed(2)).join(" / ");
}

function lossWords(runs: readonly RunResult[]): string {
  const words = lossesOf(runs).map(({ what, count, of }) => `${count} of ${of} ${what}`);
  return words.join(", ") || "-";
}

function section(drill: DrillFacts, records: readonly DrillRecord[]): string {
  const runs = records.filter((record) => record.drill === drill.name).flatMap((r) => r.runs);
  const words = [...new Set(runs.flatMap(({ held }) => held))];
  const held = words.length === 0 ? "" : `\n- Held meanwhile: ${words.join("; ")}.`;
  return `### ${drill.name}

- Steady state: ${drill.steadyState}
- Fault: ${drill.fault}
- Expected: ${drill.expectation}${held}
- Does not show: ${drill.doesNotShow}`;
}

/** A table as prettier writes it. */
function markdownTable(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const width = (column: number): number =>
    Math.max(3, ...[head, ...rows].map((row) => [...(row[column] ?? "")].length));
  const line = (cells: readonly string[]): string =>
    `| ${cells.map((cell, i) => cell + " ".repeat(width(i) - [...cell].length)).join(" | ")} |`;
  return [line(head), line(head.map((_, i) => "-".repeat(width(i)))), ...rows.map(line)].join("\n");
}

function firstLine(text: string): string {
  return text.split("\n", 1)[0] ?? "";
}

function seconds(ms: number | undefined): string {
  return ms === undefined ? "-" : `${(ms / 1000).toFixed(2)} s`;
}
