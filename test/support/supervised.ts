/** What the supervisor's process tests share: specifications of parts made for tests, and waits for conditions. */
import { fileURLToPath } from "node:url";
import type { Command } from "../../src/supervisor/part.js";
import type { PartPolicy } from "../../src/supervisor/part-types.js";
import { Supervisor } from "../../src/supervisor/supervisor.js";
import type {
  Alert,
  MachineLoad,
  PartChange,
  PartSpec,
} from "../../src/supervisor/supervisor-types.js";
import { until } from "../../src/time/until.js";

export const fixture = (name: string): string =>
  fileURLToPath(new URL(`../fixtures/parts/${name}`, import.meta.url));

export const command: Command = {
  file: process.execPath,
  args: ["--import", "tsx", fixture("part.ts")],
  env: {},
};

/** Waits short enough for a test; the rules are those of production. */
export const FAST: Partial<PartPolicy> = { firstRetryMs: 100, retryMs: 200 };

export function part(
  name: string,
  options: Record<string, unknown> = {},
  policy: Partial<PartPolicy> = {},
  needs: readonly string[] = [],
): PartSpec {
  return { name, command, options: () => options, needs, policy: { ...FAST, ...policy } };
}

export class Watched {
  readonly supervisor: Supervisor;
  readonly changes: PartChange[] = [];
  readonly alerts: Alert[] = [];
  readonly logs: string[] = [];
  readonly messages: { part: string; message: { type: string; [key: string]: unknown } }[] = [];

  constructor(
    parts: readonly PartSpec[],
    conditions: Record<string, () => boolean> = {},
    load?: MachineLoad,
  ) {
    this.supervisor = new Supervisor({ parts, conditions, ...(load && { load }) });
    this.supervisor.listen({
      change: (change) => this.changes.push(change),
      alert: (alert) => this.alerts.push(alert),
      log: (name, level, line) => this.logs.push(`${name} ${level} ${line}`),
      message: (name, message) => this.messages.push({ part: name, message }),
    });
  }

  view(name: string) {
    const view = this.supervisor.view().find((candidate) => candidate.name === name);
    if (view === undefined) throw new Error(`no part ${name}`);
    return view;
  }

  pid(name: string): number {
    const pid = this.view(name).pid;
    if (pid === undefined) throw new Error(`${name} has no process`);
    return pid;
  }

  /** Resolves with the first change of a part to a phase after the ones already seen. */
  async change(name: string, to: string, msMax = 30_000): Promise<PartChange> {
    const from = this.changes.length;
    let found: PartChange | undefined;
    await until(`${name} -> ${to}`, msMax, () => {
      found = this.changes.slice(from).find((change) => change.part === name && change.to === to);
      return found !== undefined;
    });
    return found as PartChange;
  }
}

/** How long it took, ms. */
export async function msUntil(what: string, msMax: number, isTrue: () => boolean): Promise<number> {
  const startMs = performance.now();
  await until(what, msMax, isTrue, 10);
  return performance.now() - startMs;
}
