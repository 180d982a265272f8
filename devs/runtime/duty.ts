/**
 * Supervised duties: no exception of one part may stop the program (an uncaught one restarts all of it after
 * 5 s). `startJob` has something done periodically, in the one fiber that all jobs share; `startDuty` is for what must
 * wait, in a fiber of its own; `guard` wraps the body of an event handler, `within` puts a deadline on an await. What
 * failed is counted here and read by `/health` and `QUERY`.
 */
import * as ds from "@devicescript/core";
import { chance, nowMs } from "./clock";
import { Load } from "./load";
import { RestartState, isFailing, newRestartState, noteFailure } from "./restart";
import { Job, Scheduler } from "./scheduler";
import { Slice } from "./slice";

/** What one duty or guarded handler has been through since boot. */
export interface DutyReport {
  name: string;
  /** Exceptions caught; a duty restarts after each. */
  faults: number;
  /** Message of the last exception, at most 80 characters, "" when there was none. */
  lastError: string;
  /** A duty only: its body has returned and it will not run again. */
  ended: boolean;
  /** A duty only: its restarts; undefined before the first, for the sake of the heap. */
  restart: RestartState | undefined;
}

const reports: DutyReport[] = [];
const LAST_ERROR_CHARS_MAX = 80;

/** All duties and guards that exist, in order of their creation. Read only. */
export function dutyReports(): DutyReport[] {
  return reports;
}

/** Exceptions caught in all duties and guards since boot. */
export function faultCount(): number {
  let sum = 0;
  for (const report of reports) sum += report.faults;
  return sum;
}

/** Names of duties that restarted too often within the last minute, joined by commas; "" is well. */
export function failingDuties(): string {
  let names = "";
  for (const report of reports) {
    const { restart } = report;
    if (restart !== undefined && isFailing(restart, nowMs()))
      names += (names === "" ? "" : ",") + report.name;
  }
  return names;
}

function reportOf(name: string): DutyReport {
  for (const report of reports) if (report.name === name) return report;
  const fresh: DutyReport = { name, faults: 0, lastError: "", ended: false, restart: undefined };
  reports.push(fresh);
  return fresh;
}

/** Text of whatever was thrown; a thrown value need not be an Error. */
export function errorText(thrown: unknown): string {
  return thrown instanceof Error ? thrown.message : "" + thrown;
}

/** Counts and logs an exception, with its stack, under `name`. For code that must catch by itself. */
export function noteFault(name: string, thrown: unknown): void {
  logFault(reportOf(name), thrown);
}

function logFault(report: DutyReport, thrown: unknown): void {
  report.faults++;
  report.lastError = errorText(thrown).slice(0, LAST_ERROR_CHARS_MAX);
  console.error(`fault in ${report.name}: ${report.lastError}`);
  if (thrown instanceof Error) thrown.print();
}

/** Notes a failure that began at `startedMs` and returns how many ms to wait before the next try. */
function failed(report: DutyReport, thrown: unknown, startedMs: number): number {
  logFault(report, thrown);
  const restart = report.restart ?? newRestartState();
  report.restart = restart;
  const wasFailing = restart.failing;
  const waitMs = noteFailure(restart, startedMs, nowMs(), chance());
  if (restart.failing && !wasFailing)
    console.error(`${report.name} keeps failing: ${restart.restarts} restarts`);
  return waitMs;
}

/** What may still be done before the next yield, by whoever has a choice. */
export const slice = new Slice();
const scheduler = new Scheduler(slice, (job, thrown, now) =>
  failed(reportOf(job.name), thrown, now),
);
let schedulerFiber: ds.Fiber = undefined;
let wakesAtMs = 0;
/** A pause at least: whatever is late, the machine reads its sockets in between. */
const PAUSE_MS = 2;
/** A pause this short is counted from the end of the slice. */
const SHORT_MS = 5;

/** How late the jobs are, and what is given up for it. */
export const load = new Load();

/** Has `run` called at once, and then whenever it is due. Jobs that are due together are done in the order in which they were started. */
export function startJob(name: string, steps: Job["steps"], run: Job["run"]): Job {
  const job: Job = { name, steps, run, dueMs: 0 };
  scheduler.add(job);
  if (schedulerFiber === undefined) schedulerFiber = runJobs.start();
  return job;
}

async function runJobs(): Promise<void> {
  let dueMs = nowMs();
  for (;;) {
    let now = nowMs();
    // Who was hurried to a time to come wakes at once, only to wait until then.
    if (dueMs <= now) load.noteWake(now, now - dueMs);
    scheduler.step(now);
    dueMs = Math.max(scheduler.nextMs, now + 1);
    if (dueMs <= now + SHORT_MS) {
      // The clock stands still within a slice: so short a pause may be over before it begins, and while any fiber is due the
      // machine reads no socket. After the next wake, which does nothing else, it counts from the slice's end.
      wakesAtMs = now;
      await ds.suspend(1);
      now = nowMs();
    }
    wakesAtMs = Math.max(scheduler.nextMs, now + PAUSE_MS);
    await ds.suspend(wakesAtMs - now);
  }
}

/** Makes a job due at `atMs` if that is sooner: something has happened that it need not find by itself. */
export function hurry(job: Job, atMs: number): void {
  if (atMs >= job.dueMs) return;
  scheduler.hurry(job, atMs);
  // Jobs that are late already wake by themselves, and are to know by how much.
  if (atMs >= wakesAtMs || wakesAtMs <= nowMs()) return;
  wakesAtMs = atMs;
  try {
    if (schedulerFiber.suspended) schedulerFiber.resume(true);
  } catch (thrown) {
    noteFault("hurry", thrown);
  }
}

/**
 * Starts `body` in a fiber of its own and restarts it, with growing waits, when it throws. A body that
 * returns has ended for good. Returns at once; the fiber runs at the next yield.
 */
export function startDuty(name: string, body: () => Promise<void>): DutyReport {
  const report = reportOf(name);
  async function run(): Promise<void> {
    while (!report.ended) {
      const startedMs = nowMs();
      try {
        await body();
        report.ended = true;
      } catch (thrown) {
        await ds.sleep(failed(report, thrown, startedMs));
      }
    }
  }
  run.start();
  return report;
}

/**
 * Wraps the body of a timer, event or service handler: an exception is logged and counted under `name` and
 * goes no further. The handler may await; its caller then waits as it would without the wrapper.
 */
export function guard<T>(
  name: string,
  fn: (value: T) => ds.AsyncVoid,
): (value?: T) => ds.AsyncVoid {
  const report = reportOf(name);
  return async (value) => {
    try {
      await fn(value);
    } catch (thrown) {
      logFault(report, thrown);
    }
  };
}

/**
 * Runs `body` with a deadline and returns its value, or throws what it threw, or throws "timeout". A body that
 * is late is terminated: its `finally` blocks do NOT run, so it must hold no lock.
 */
export async function within<T>(ms: number, body: () => Promise<T>): Promise<T> {
  const caller = ds.Fiber.self();
  const endMs = nowMs() + ms;
  let isDone = false;
  let isThrown = false;
  let thrown: unknown = undefined;
  let result: T = undefined;
  async function run(): Promise<void> {
    try {
      result = await body();
    } catch (e) {
      thrown = e;
      isThrown = true;
    }
    isDone = true;
    try {
      if (caller.suspended) caller.resume(true);
    } catch {
      // The caller was itself terminated by an outer deadline: nobody is left to tell.
      isThrown = true;
    }
  }
  const worker = run.start();
  while (!isDone && nowMs() < endMs) await ds.suspend(endMs - nowMs());
  if (!isDone) {
    worker.terminate();
    throw new Error("timeout");
  }
  if (isThrown) throw thrown;
  return result;
}
