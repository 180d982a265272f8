/**
 * Question: what does a call pay for our policies, next to cockatiel and opossum, on the success path?
 * Bar: 20 µs for breaker and retry together (design §5). Run alone: `node --import tsx test/bench/resilience.bench.ts`.
 */
import { pathToFileURL } from "node:url";
import * as cockatiel from "cockatiel";
import Opossum from "opossum";
import { CircuitBreaker } from "../../src/resilience/breaker.js";
import { Resilience } from "../../src/resilience/resilience.js";
import { systemClock } from "../../src/time/clock.js";

/** Breaker and retry on the success path (design §5). */
export const BAR_US = 20;

export interface ResilienceBench {
  readonly name: string;
  /** Median over the rounds, µs per call, the bare call's own cost taken off. */
  readonly usPerCall: number;
  /** Best round, µs per call. */
  readonly usPerCallMin: number;
  /** Processor time of the best round, µs per call, all threads: what it costs whoever else is running. */
  readonly cpuUsPerCallMin: number;
}

interface Subject {
  readonly name: string;
  readonly call: () => Promise<unknown>;
}

const operation = (): Promise<number> => Promise.resolve(1);

const usesSignal = ({ signal }: { readonly signal: AbortSignal }): Promise<boolean> =>
  Promise.resolve(signal.aborted);

/** Runs all subjects in turns, so that a busy machine hurts them alike. */
export async function benchResilience(
  options: { readonly calls?: number; readonly rounds?: number } = {},
): Promise<readonly ResilienceBench[]> {
  const { calls = 5000, rounds = 15 } = options;
  const { subjects, close } = makeSubjects();
  const usPerRound = new Map(subjects.map(({ name }) => [name, [] as number[]]));
  const cpuUsPerRound = new Map(subjects.map(({ name }) => [name, [] as number[]]));
  for (let round = -1; round < rounds; round++) {
    for (const { name, call } of subjects) {
      const startCpu = process.cpuUsage();
      const startMs = performance.now();
      for (let i = 0; i < calls; i++) await call();
      const us = ((performance.now() - startMs) * 1000) / calls;
      const cpu = process.cpuUsage(startCpu);
      // The first round only warms up.
      if (round < 0) continue;
      usPerRound.get(name)?.push(us);
      cpuUsPerRound.get(name)?.push((cpu.user + cpu.system) / calls);
    }
  }
  close();
  const above = (
    all: Map<string, number[]>,
    name: string,
    of: (us: number[]) => number,
  ): number => {
    const bare = name === "bare call" ? 0 : of(all.get("bare call") ?? []);
    return Math.max(0, of(all.get(name) ?? []) - bare);
  };
  const best = (us: readonly number[]): number => Math.min(...us);
  return subjects.map(({ name }) => ({
    name,
    usPerCall: above(usPerRound, name, median),
    usPerCallMin: above(usPerRound, name, best),
    cpuUsPerCallMin: above(cpuUsPerRound, name, best),
  }));
}

function makeSubjects(): { subjects: readonly Subject[]; close: () => void } {
  const resilience = new Resilience();
  const breaker = new CircuitBreaker("bench", { clock: systemClock });
  const calledOften = { operation: "bench", attemptMs: 60_000, retry: "link" } as const;
  const ours = resilience.policy({ ...calledOften, breaker });
  const oursAll = resilience.policy({
    ...calledOften,
    breaker,
    totalMs: 60_000,
    bulkhead: { slots: 10, queueMax: 10 },
  });
  const cBreaker = cockatiel.circuitBreaker(cockatiel.handleAll, {
    halfOpenAfter: 30_000,
    breaker: new cockatiel.ConsecutiveBreaker(5),
  });
  const cRetry = cockatiel.retry(cockatiel.handleAll, { maxAttempts: 4 });
  const cTimeout = cockatiel.timeout(60_000, {
    strategy: cockatiel.TimeoutStrategy.Aggressive,
    abortOnReturn: false,
  });
  const cBulkhead = cockatiel.bulkhead(10, 10);
  const cockatielThree = cockatiel.wrap(cRetry, cBreaker, cTimeout);
  const cockatielAll = cockatiel.wrap(cRetry, cBulkhead, cBreaker, cTimeout);
  const opossum = new Opossum(operation, { timeout: false });
  const opossumTimeout = new Opossum(operation, { timeout: 60_000 });
  const subjects: Subject[] = [
    { name: "bare call", call: operation },
    { name: "ours: breaker", call: () => breaker.execute(operation) },
    { name: "ours: retry, breaker, deadline", call: () => ours.run(operation) },
    { name: "ours: the same, signal used", call: () => ours.run(usesSignal) },
    { name: "ours: all layers", call: () => oursAll.run(operation) },
    { name: "cockatiel: breaker", call: () => cBreaker.execute(operation) },
    { name: "cockatiel: retry, breaker, timeout", call: () => cockatielThree.execute(operation) },
    { name: "cockatiel: all layers", call: () => cockatielAll.execute(operation) },
    { name: "opossum: breaker", call: () => opossum.fire() },
    { name: "opossum: breaker, timeout", call: () => opossumTimeout.fire() },
  ];
  const close = (): void => {
    resilience.close();
    breaker.close();
    opossum.shutdown();
    opossumTimeout.shutdown();
  };
  return { subjects, close };
}

function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)] ?? 0;
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? "").href) {
  console.log("µs per call above the bare call: median, best, processor time of the best;");
  console.log("15 rounds of 5,000 calls, all subjects in turns");
  for (const { name, usPerCall, usPerCallMin, cpuUsPerCallMin } of await benchResilience()) {
    const figures = [usPerCall, usPerCallMin, cpuUsPerCallMin].map((us) =>
      us.toFixed(2).padStart(7),
    );
    console.log(`${name.padEnd(36)}${figures.join(" ")}`);
  }
}
