/** What repeats of a drill came to, how they are kept in docs/drills.json, and the figures made of them. Pure. */
import { z } from "zod";

const lossSchema = z.object({ what: z.string(), count: z.number().int(), of: z.number().int() });
/** Something that was lost, of how many. */
export type Loss = z.infer<typeof lossSchema>;

const runSchema = z.object({
  outcome: z.enum(["held", "failed", "notRun"]),
  noticeMs: z.number().optional(),
  recoverMs: z.number().optional(),
  /** Why it failed or was not run; "" when it held. */
  why: z.string(),
  /** What held meanwhile. */
  held: z.array(z.string()),
  lost: z.array(lossSchema),
  /** The machine's load at its end, over a minute; of runs that kept it. */
  load: z.number().optional(),
});
/** One repeat. */
export type RunResult = z.infer<typeof runSchema>;

const recordSchema = z.object({
  drill: z.string(),
  /** "sim": as fast as the machine; else the chip whose pace the robot kept. */
  column: z.string(),
  /** "2026-01-31 12:00", UTC. */
  date: z.string(),
  commit: z.string(),
  /** Processor, cores, memory, Node. */
  machine: z.string(),
  seed: z.number().int(),
  runs: z.array(runSchema).min(1),
});
/** All repeats of one drill in one column. */
export type DrillRecord = z.infer<typeof recordSchema>;

const fileSchema = z.object({ version: z.literal(1), records: z.array(recordSchema) });

/** @param text docs/drills.json; "" when there is none. @throws Error when it is not ours */
export function readRecords(text: string): DrillRecord[] {
  if (text === "") return [];
  const parsed = fileSchema.safeParse(JSON.parse(text));
  if (parsed.success) return parsed.data.records;
  throw new Error(`docs/drills.json is not understood: ${z.prettifyError(parsed.error)}`);
}

/** One line a repeat, so that a change of one shows as one. */
export function writeRecords(records: readonly DrillRecord[]): string {
  const blocks = records.map(({ runs, ...head }) => {
    const lines = runs.map((run) => `      ${JSON.stringify(run)}`).join(",\n");
    return `    ${JSON.stringify(head).slice(0, -1)},"runs":[\n${lines}\n    ]}`;
  });
  return `{\n  "version": 1,\n  "records": [\n${blocks.join(",\n")}\n  ]\n}\n`;
}

/**
 * Puts new records among those there were: a drill that was not run again keeps its own, one that was is replaced; repeats of the
 * same commit, machine and seed go on where they ended.
 * @param order names of all drills; what is none any more is dropped.
 */
export function mergeRecords(
  before: readonly DrillRecord[],
  now: readonly DrillRecord[],
  order: readonly string[],
): DrillRecord[] {
  const keyOf = ({ drill, column }: DrillRecord): string => `${column} ${drill}`;
  const merged = new Map(before.map((record) => [keyOf(record), record]));
  for (const record of now) {
    const old = merged.get(keyOf(record));
    const goesOn = old !== undefined && isSameSeries(old, record);
    merged.set(keyOf(record), goesOn ? { ...record, runs: [...old.runs, ...record.runs] } : record);
  }
  const place = ({ drill }: DrillRecord): number => order.indexOf(drill);
  return [...merged.values()]
    .filter((record) => place(record) >= 0)
    .sort((a, b) => compare(a.column, b.column) || place(a) - place(b));
}

/** Repeats that may be counted together: nothing differs but the moment. */
function isSameSeries(a: DrillRecord, b: DrillRecord): boolean {
  return a.commit === b.commit && a.machine === b.machine && !a.commit.endsWith("-dirty");
}

/** The machine's own pace first. */
function compare(a: string, b: string): number {
  if (a === b) return 0;
  if (a === "sim") return -1;
  return b === "sim" || a > b ? 1 : -1;
}

export interface Spread {
  readonly p50: number;
  readonly p95: number;
  readonly max: number;
}

/** By nearest rank; undefined of nothing. */
export function spreadOf(values: readonly (number | undefined)[]): Spread | undefined {
  const known = values.filter((value) => value !== undefined).sort((a, b) => a - b);
  if (known.length === 0) return undefined;
  const rank = (share: number): number => known[Math.ceil(share * known.length) - 1] as number;
  return { p50: rank(0.5), p95: rank(0.95), max: rank(1) };
}

/** The same losses of all repeats added up. */
export function lossesOf(runs: readonly RunResult[]): Loss[] {
  const sums = new Map<string, Loss>();
  for (const { what, count, of } of runs.flatMap(({ lost }) => lost)) {
    const sum = sums.get(what);
    sums.set(what, { what, count: (sum?.count ?? 0) + count, of: (sum?.of ?? 0) + of });
  }
  return [...sums.values()];
}
