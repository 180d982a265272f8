/**
 * When periodic work is done. All of it shares one fiber (`duty.ts`): each fiber that wakes costs the machine more
 * than most of this work does, and sockets are read between two runs of fibers, never within one. Pure.
 */

import type { Slice } from "./slice.js";

/** Something that is done again and again. */
export interface Job {
  readonly name: string;
  /** Does what is due and returns when it is due next, ms since boot. */
  readonly run: (nowMs: number) => number;
  /** What it takes of the slice it runs in, at most: those that come after it and can wait have that much less. */
  readonly steps: number;
  dueMs: number;
}

/** A job that does not say otherwise is looked at so often. */
const WAIT_MS_MAX = 1000;

/** The next multiple of `periodMs` after `nowMs`: periodic jobs wake the machine together. */
export function beatAfter(nowMs: number, periodMs: number): number {
  return (Math.floor(nowMs / periodMs) + 1) * periodMs;
}

export class Scheduler {
  /** When the next job is due, as of now: ms since boot. */
  nextMs = 0;
  private readonly jobs: Job[] = [];

  /** @param failed is told of an exception and says how many ms the job is to wait. */
  constructor(
    private readonly slice: Slice,
    private readonly failed: (job: Job, thrown: unknown, nowMs: number) => number,
  ) {}

  /** Jobs are looked at in the order in which they are added: the most urgent first. */
  add(job: Job): void {
    this.jobs.push(job);
    this.hurry(job, job.dueMs);
  }

  /** Makes a job due at `atMs` if that is sooner than it was. */
  hurry(job: Job, atMs: number): void {
    if (atMs < job.dueMs) job.dueMs = atMs;
    if (atMs < this.nextMs) this.nextMs = atMs;
  }

  /** Does what is due at `nowMs` and finds out when the next one is due. */
  step(nowMs: number): void {
    const { jobs } = this;
    const count = jobs.length;
    let nextMs = nowMs + WAIT_MS_MAX;
    // A job may hurry one that has been looked at already.
    this.nextMs = nextMs;
    for (let i = 0; i < count; i++) {
      const job = jobs[i] as Job;
      if (job.dueMs <= nowMs) this.run(job, nowMs);
      const { dueMs } = job;
      if (dueMs < nextMs) nextMs = dueMs;
    }
    if (nextMs < this.nextMs) this.nextMs = nextMs;
  }

  private run(job: Job, nowMs: number): void {
    this.slice.spend(nowMs, job.steps);
    try {
      job.dueMs = job.run(nowMs);
    } catch (thrown) {
      job.dueMs = nowMs + this.failed(job, thrown, nowMs);
    }
  }
}
