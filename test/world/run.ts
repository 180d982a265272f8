/** Lives worlds, one seed after the other, and sums up what happened in them. Imported only under the platform's hooks. */
import { buddyPersona } from "../support/conversation.js";
import { percentile } from "../../src/time/meter.js";
import { loadPrograms, type Programs } from "./programs.js";
import type { Outcome } from "./outcome.js";
import { World } from "./world.js";

let programs: Programs | undefined;

export async function runOne(seed: number): Promise<Outcome> {
  programs ??= await loadPrograms(await buddyPersona());
  return new World(seed, programs).run();
}

export interface Report {
  readonly from: number;
  readonly seeds: number;
  readonly failed: readonly { readonly seed: number; readonly breach: string }[];
  readonly simulatedHours: number;
  readonly events: number;
  /** From the healing to the end of all demands, simulated. */
  readonly healS: { readonly p50: number; readonly p95: number; readonly max: number };
  /** The same of each seed, in their order. */
  readonly heals: readonly number[];
  readonly faults: Readonly<Record<string, number>>;
  readonly counts: Readonly<Record<string, number>>;
  readonly seconds: number;
  readonly text: string;
}

export interface RunOptions {
  /** After so many failures the rest is not lived. */
  readonly failedMax: number;
  tell(text: string): void;
}

export async function runSeeds(
  from: number,
  seeds: number,
  { failedMax, tell }: RunOptions,
): Promise<Report> {
  const startMs = performance.now();
  // What fails is lived again by its seed, with all its words.
  const { stackTraceLimit } = Error;
  Error.stackTraceLimit = 0;
  const failed: { seed: number; breach: string }[] = [];
  const heals: number[] = [];
  const faults: Record<string, number> = {};
  const counts: Record<string, number> = {};
  let simulatedMs = 0;
  let events = 0;
  let done = 0;
  for (let seed = from; seed < from + seeds && failed.length < failedMax; seed++) {
    const outcome = await runOne(seed);
    done++;
    simulatedMs += outcome.simulatedMs;
    events += outcome.events;
    heals.push(outcome.healMs / 1000);
    add(faults, outcome.faults);
    add(counts, outcome.counts);
    if (outcome.breach !== undefined) {
      failed.push({ seed, breach: outcome.breach });
      tell(`seed ${seed} FAILED: ${outcome.breach}\n  again: npm run world -- --seed ${seed}`);
    }
  }
  Error.stackTraceLimit = stackTraceLimit;
  const seconds = Math.round((performance.now() - startMs) / 100) / 10;
  const simulatedHours = Math.round(simulatedMs / 36_000) / 100;
  const healS = {
    p50: tenths(percentile(heals, 0.5)),
    p95: tenths(percentile(heals, 0.95)),
    max: tenths(Math.max(0, ...heals)),
  };
  const text =
    `${done} seeds from ${from}: ${failed.length} failed; ${simulatedHours} simulated hours, ` +
    `${events} events, healed within p50 ${healS.p50} s, p95 ${healS.p95} s, max ${healS.max} s; ${seconds} s`;
  return {
    from,
    seeds: done,
    failed,
    simulatedHours,
    events,
    healS,
    heals: heals.map(tenths),
    faults,
    counts,
    seconds,
    text,
  };
}

function tenths(value: number): number {
  return Math.round(value * 10) / 10;
}

function add(sum: Record<string, number>, more: Readonly<Record<string, number>>): void {
  for (const [name, count] of Object.entries(more)) sum[name] = (sum[name] ?? 0) + count;
}
