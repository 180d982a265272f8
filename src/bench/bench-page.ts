/**
 * What was measured last, kept in docs/bench.json, and docs/BENCH.md made of it. Each part has a column for the simulator
 * as fast as this machine ("pc") and one for each chip it was measured with; a run replaces what it has measured
 * and leaves the rest, each with its own date and commit.
 */
import { z } from "zod";
import { CHIP_NAMES, CHIP_NOTE, CHIPS } from "../simulator/vm/chips.js";
import type { Figure } from "./figures.js";

const COLUMNS = ["pc", ...CHIP_NAMES] as const;
export type Column = (typeof COLUMNS)[number];

const figureSchema = z.object({
  what: z.string(),
  value: z.string(),
  bar: z.string(),
  isMet: z.boolean(),
  count: z.number(),
});

const measuredSchema = z.object({
  /** UTC. */
  date: z.string(),
  commit: z.string(),
  /** Load of the machine before it began. */
  load: z.number(),
  machine: z.string(),
  figures: z.array(figureSchema),
});
export type Measured = z.infer<typeof measuredSchema>;

const keptSchema = z.record(z.string(), z.partialRecord(z.enum(COLUMNS), measuredSchema));
/** By name of the part, then by column. */
export type Kept = z.infer<typeof keptSchema>;

/** @throws when the text is not what a run has written. */
export function readKept(text: string): Kept {
  return keptSchema.parse(JSON.parse(text));
}

export function withMeasured(
  kept: Kept,
  column: Column,
  parts: readonly { readonly name: string; readonly measured: Measured }[],
): Kept {
  const all = { ...kept };
  for (const { name, measured } of parts) all[name] = { ...all[name], [column]: measured };
  return all;
}

/** @param order names of the parts, in the order of the page. */
export function benchPage(kept: Kept, order: readonly string[]): string {
  const columns = COLUMNS.filter((column) =>
    Object.values(kept).some((part) => part[column] !== undefined),
  );
  const titles = columns.flatMap((column) => [titleOf(column), "bar", "n"]);
  const rows = order.flatMap((name) => rowsOf(kept[name] ?? {}, columns));
  const runs = order.flatMap((name) => runsOf(name, kept[name] ?? {}, columns));
  return `# Measured figures

Written by \`npm run bench -- --write\`. Everything runs as in \`npm start\`: gateway, firmware in the stock VM, demo camera
and detector in processes of their own. No real board was measured. The column "PC" is the VM as fast as this machine; that of a chip
(\`--chip\`) is the VM at that chip's pace, with its main loop and radio: ${CHIP_NOTE} ([\`PROFILE.md\`](PROFILE.md)).

| what | ${titles.join(" | ")} |
| --- | ${titles.map(() => "---").join(" | ")} |
${rows.join("\n")}

${EXPLANATIONS}

Measured (UTC, commit, load of the machine before it):

${runs.join("\n")}
`;
}

function titleOf(column: Column): string {
  return column === "pc" ? "PC" : CHIPS[column].title;
}

function rowsOf(part: Kept[string], columns: readonly Column[]): string[] {
  const whats = new Set(
    columns.flatMap((column) => part[column]?.figures.map(({ what }) => what) ?? []),
  );
  return [...whats].map((what) => {
    const cells = columns.flatMap((column) => {
      const figure = part[column]?.figures.find((one) => one.what === what);
      return figure === undefined ? ["", "", ""] : cellsOf(figure);
    });
    return `| ${what} | ${cells.join(" | ")} |`;
  });
}

function cellsOf({ value, bar, isMet, count }: Figure): string[] {
  return [isMet ? value : `**${value}**`, bar, String(count)];
}

function runsOf(name: string, part: Kept[string], columns: readonly Column[]): string[] {
  return columns.flatMap((column) => {
    const run = part[column];
    if (run === undefined) return [];
    const { date, commit, load, machine } = run;
    return [`- ${name}, ${titleOf(column)}: ${date}, ${commit}, ${load.toFixed(1)}, ${machine}`];
  });
}

const EXPLANATIONS = `A figure in bold has not met its bar. What the names mean: "face datagram → servo command" starts when the datagram is sent (30 a
second, from a head at rest) and ends when the servo command is on the simulated bus. "Robot back" starts when the cause is gone (the gateway
serves again, WiFi has joined, the VM has booted; a chip boots with a scan, and its cause is gone when WiFi has joined) and ends with the
robot's own answer to a plain client. A "silent" peer is stopped, not ended (SIGSTOP). "Under load" is 30 faces and 3 VISION a second and six
clients with a QUERY a second each. "Hung model" takes the request and never answers: its first word is waited for 8 s, the whole turn may
take 15 s. Heap is the VM's own count after a garbage collection; byte counts of the VM and of ESP32 boards are equal. Latency, servo and loop
are measured with \`IDLE_MOTION:off\`, so that each movement is an answer; all others with the robot living as it does.`;
