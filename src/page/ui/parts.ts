/** The parts of Buddy as Health lists them: the page's own link, then what the state and the last hour say. Pure. */
import type { HealthDetails, HealthLevel, HealthPart, HealthStrip } from "../../state/health.js";

export interface PartRow extends Pick<HealthPart, "id" | "title" | "level" | "text" | "next"> {
  /** Since when it is so, Unix ms; absent for the page itself. */
  readonly sinceWallMs?: number;
  readonly lastError?: HealthPart["lastError"];
  readonly history?: HealthStrip["history"];
  /** What a person may press for it. */
  readonly fix?: Fix;
}

export interface Fix {
  readonly kind: "reset" | "restart";
  /** Of the breaker, or of the process. */
  readonly name: string;
}

/** Phases of a process that only a person ends. */
export const AT_REST: ReadonlySet<string> = new Set(["stopped", "ended", "givenUp"]);

const ORDER: Readonly<Record<HealthLevel, number>> = { bad: 0, warn: 1, busy: 2, ok: 3, off: 4 };

/**
 * @param parts of the state, which is the newest
 * @param details the last hour, as soon as it is known
 * @returns what is wrong, worst first, and what is well.
 */
export function partRows(
  page: PartRow,
  parts: readonly HealthPart[],
  details: HealthDetails | undefined,
): { readonly trouble: readonly PartRow[]; readonly well: readonly PartRow[] } {
  const strips = new Map(details?.backends.map((strip) => [strip.id, strip]));
  const known = parts.map((part) => ({ ...strips.get(part.id), ...part }));
  const others = [...strips.values()].filter(({ id }) => !parts.some((part) => part.id === id));
  const rows = [page, ...known, ...others].map((row) => withFix(row, details));
  const isTrouble = ({ level }: PartRow): boolean => level !== "ok" && level !== "off";
  return {
    trouble: rows.filter(isTrouble).sort((a, b) => ORDER[a.level] - ORDER[b.level]),
    well: rows.filter((row) => !isTrouble(row)),
  };
}

function withFix(row: PartRow, details: HealthDetails | undefined): PartRow {
  const process = details?.processes.find(({ name }) => `process-${name}` === row.id);
  if (process !== undefined && AT_REST.has(process.phase) && row.level === "bad") {
    return { ...row, fix: { kind: "restart", name: process.name } };
  }
  const breaker = details?.breakers.find(({ toldBy }) => toldBy === row.id);
  if (breaker !== undefined && breaker.breaker.state !== "closed") {
    return { ...row, fix: { kind: "reset", name: breaker.id } };
  }
  return row;
}
