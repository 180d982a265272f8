/**
 * What a call pays for our policies on the success path, next to cockatiel and opossum, all measured in one run. Loaded
 * only when it is asked for: opossum is there for this comparison and for nothing else.
 */
import * as cockatiel from "cockatiel";
import Opossum from "opossum";
import { CircuitBreaker } from "../resilience/breaker.js";
import { Resilience } from "../resilience/resilience.js";
import { systemClock } from "../time/clock.js";
import { atMost, told, type Figure } from "./figures.js";
import { percentile } from "../time/meter.js";

/** Breaker and retry on the success path. */
const BAR_US = 20;
const BARE = "bare call";
const JUDGED = "ours: retry, breaker, deadline";

interface Subject {
  readonly name: string;
  readonly call: () => Promise<unknown>;
}

const operation = (): Promise<number> => Promise.resolve(1);

const usesSignal = ({ signal }: { readonly signal: AbortSignal }): Promise<boolean> =>
  Promise.resolve(signal.aborted);

/** Runs all subjects in turns, so that a busy machine hurts them alike. Median over the rounds, the bare call's own cost taken off. */
export async function policyCosts(rounds: number, calls: number): Promise<Figure[]> {
  const { subjects, close } = makeSubjects();
  const usPerRound = new Map(subjects.map(({ name }) => [name, [] as number[]]));
  for (let round = -1; round < rounds; round++) {
    for (const { name, call } of subjects) {
      const startMs = systemClock.nowMs();
      for (let i = 0; i < calls; i++) await call();
      const us = ((systemClock.nowMs() - startMs) * 1000) / calls;
      // The first round only warms up.
      if (round >= 0) usPerRound.get(name)?.push(us);
    }
  }
  close();
  const median = (name: string): number => percentile(usPerRound.get(name) ?? [], 0.5);
  return subjects
    .filter(({ name }) => name !== BARE)
    .map(({ name }) => {
      const us = Math.max(0, median(name) - median(BARE));
      const what = `a call's policies, ${name}`;
      return name === JUDGED
        ? atMost(what, us, BAR_US, "µs", rounds * calls)
        : told(what, `${us.toFixed(2)} µs`, rounds * calls);
    });
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
    { name: BARE, call: operation },
    { name: "ours: breaker", call: () => breaker.execute(operation) },
    { name: JUDGED, call: () => ours.run(operation) },
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
