/**
 * What a run of power cuts has shown, and how it is told.
 */
import type { OutcomeKind } from "../../devs/store/memory-storage.js";

export type Verdict = "acknowledged" | "in flight" | "lost" | "torn";

export interface Report {
  seed: number;
  saves: number;
  writes: number;
  erases: number;
  cutPoints: number;
  cases: number;
  outcomes: Map<OutcomeKind, number>;
  verdicts: Map<Verdict, number>;
  /** Ids of cases that broke the promise. */
  violations: string[];
}

export function emptyReport(seed: number, saves: number): Report {
  return {
    seed,
    saves,
    writes: 0,
    erases: 0,
    cutPoints: 0,
    cases: 0,
    outcomes: new Map(),
    verdicts: new Map(),
    violations: [],
  };
}

function tally<K>(counts: Map<K, number>, key: K): void {
  counts.set(key, (counts.get(key) ?? 0) + 1);
}

export function note(report: Report, kind: OutcomeKind, verdict: Verdict, id: string): void {
  report.cases++;
  tally(report.outcomes, kind);
  tally(report.verdicts, verdict);
  if (verdict === "lost" || verdict === "torn") report.violations.push(id);
}

/** The report as the lines that `npm run powercut` prints. */
export function reportLines(title: string, report: Report): string[] {
  const pairs = (counts: Map<string, number>) =>
    [...counts].map(([name, count]) => `${name} ${count}`).join(", ");
  const lost = report.verdicts.get("lost") ?? 0;
  const torn = report.verdicts.get("torn") ?? 0;
  return [
    `${title} (seed ${report.seed}, ${report.saves} saves)`,
    `  cut points ${report.cutPoints} (${report.writes} writes, ${report.erases} erases), cases ${report.cases}`,
    `  outcomes: ${pairs(report.outcomes)}`,
    `  state read: ${pairs(report.verdicts)}`,
    `  ${lost} lost, ${torn} torn`,
    ...report.violations.slice(0, 10).map((id) => `  VIOLATION ${id}`),
  ];
}
