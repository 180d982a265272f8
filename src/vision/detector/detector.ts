/**
 * Owns the detector's worker: gives it the newest frame whenever it is free (never a queue, A12), notices when it
 * hangs, crashes or never gets ready, and replaces it; a slow one is waited for (`resilience/patience.ts`). Too many replacements are the supervisor's business: `onBroken`.
 */
import { existsSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { Worker } from "node:worker_threads";
import { ownCpuMs } from "../../host/cpu-time.js";
import { absenceMs } from "../../resilience/failure-detector.js";
import {
  beginWait,
  forgiveWait,
  lookAt,
  PATIENCE,
  type Effort,
  type Patience,
} from "../../resilience/patience.js";
import type { CancelTimer, Clock } from "../../time/clock.js";
import type { Frame } from "../camera/frame.js";
import type { Sight, WorkerAnswer, WorkerFrame } from "./sight.js";

/** A wait is looked at this often, in parts of its quiet: a look that comes late tells that this process was itself away. */
const LOOKS_PER_QUIET = 8;
/** More replacements within the period than this: the part ends and the supervisor decides. */
export const REPLACEMENTS_MAX = 5;
const REPLACEMENTS_PERIOD_MS = 60_000;
/** Wait before a replacement starts, so that a crash at the start does not spin. */
const REPLACE_AFTER_MS = 200;

export interface DetectorOptions {
  readonly clock: Clock;
  onReady(startMs: number, simd: "relaxed" | "plain"): void;
  /** It cannot start, and another one could not either. Called once; nothing follows. */
  onUnable(why: string): void;
  onSight(frame: Frame, sight: Sight): void;
  /** The frame could not be decoded. */
  onFault(frame: Frame, why: string): void;
  /** The worker was ended and will be replaced. */
  onReplaced(why: string): void;
  /** Replacing does not help. Called once; nothing follows. */
  onBroken(why: string): void;
  /** Tests give other workers and shorter waits. */
  readonly workerUrl?: URL;
  readonly search?: Patience;
  readonly starting?: Patience;
  /** Processor time of this process, ms. */
  readonly cpuMs?: () => number;
}

type State =
  | { readonly kind: "waiting" }
  | { readonly kind: "starting"; readonly worker: Worker }
  | { readonly kind: "free"; readonly worker: Worker }
  | { readonly kind: "busy"; readonly worker: Worker; readonly frame: Frame }
  | { readonly kind: "ended" };

export class Detector {
  replacements = 0;
  /** Frames that a newer one replaced before the worker was free. */
  skipped = 0;
  private state: State = { kind: "waiting" };
  private next: Frame | undefined;
  private replacedAtMs: number[] = [];
  private cancelDeadline: CancelTimer = () => undefined;
  /** Starts in a row that were stuck. */
  private stuckStarts = 0;
  /** Phases that the worker has told of its start. */
  private words = 0;

  constructor(private readonly options: DetectorOptions) {}

  get stateName(): State["kind"] {
    return this.state.kind;
  }

  start(): void {
    const worker = new Worker(this.options.workerUrl ?? detectorWorkerUrl());
    this.state = { kind: "starting", worker };
    worker.on("message", (answer: WorkerAnswer) => this.take(worker, answer));
    worker.on("error", (error) => this.lose(worker, `crashed: ${error.message}`));
    worker.on("exit", (code) => this.lose(worker, `ended with ${code}`));
    const { starting = PATIENCE.detectorStart } = this.options;
    this.await(starting, this.stuckStarts, (stuck) => {
      this.stuckStarts += 1;
      this.lose(worker, `did not get ready: ${stuck}`);
    });
  }

  /** Offers a frame: it is taken at once, or waits as the newest. */
  offer(frame: Frame): void {
    if (this.state.kind === "free") return this.give(this.state.worker, frame);
    if (this.next) this.skipped += 1;
    this.next = frame;
  }

  /** Drops the frame that waits, if any. */
  forget(): void {
    this.next = undefined;
  }

  async stop(): Promise<void> {
    const { state } = this;
    this.state = { kind: "ended" };
    this.cancelDeadline();
    if ("worker" in state) await state.worker.terminate();
  }

  private give(worker: Worker, frame: Frame): void {
    this.state = { kind: "busy", worker, frame };
    const message: WorkerFrame = { index: frame.index, jpeg: frame.jpeg };
    worker.postMessage(message);
    const { search = PATIENCE.detectorSearch } = this.options;
    this.await(search, 0, (stuck) => this.lose(worker, `did not answer: ${stuck}`));
  }

  /** Waits for the worker's answer for as long as this process works. A thread's own time is not told everywhere. */
  private await(patience: Patience, tries: number, onStuck: (why: string) => void): void {
    const { clock, cpuMs = ownCpuMs } = this.options;
    const effort = (): Effort => ({ words: this.words, cpuMs: cpuMs() });
    const periodMs = patience.quietMsMax / LOOKS_PER_QUIET;
    let lookedMs = clock.nowMs();
    let wait = beginWait(effort(), lookedMs);
    const look = (): void => {
      const nowMs = clock.nowMs();
      // Stopped or starved with the rest of its process, the worker is not late.
      const awake = forgiveWait(wait, absenceMs(lookedMs, nowMs, periodMs));
      lookedMs = nowMs;
      const looked = lookAt(awake, effort(), nowMs, patience, tries);
      wait = looked.wait;
      if (looked.stuck !== undefined) onStuck(looked.stuck);
      else this.cancelDeadline = clock.after(periodMs, look);
    };
    this.cancelDeadline = clock.after(periodMs, look);
  }

  private take(worker: Worker, answer: WorkerAnswer): void {
    const { state } = this;
    // A late word of a worker that was replaced.
    if (!("worker" in state) || state.worker !== worker) return;
    if (answer.kind === "phase") {
      this.words += 1;
      return;
    }
    this.cancelDeadline();
    if (answer.kind === "unable") {
      this.state = { kind: "ended" };
      this.next = undefined;
      void worker.terminate();
      return this.options.onUnable(answer.why);
    }
    this.state = { kind: "free", worker };
    if (answer.kind === "ready") {
      this.stuckStarts = 0;
      this.options.onReady(answer.startMs, answer.simd);
    } else if (state.kind === "busy" && answer.kind === "sight") {
      this.options.onSight(state.frame, answer.sight);
    } else if (state.kind === "busy" && answer.kind === "fault") {
      this.options.onFault(state.frame, answer.why);
    }
    const { next } = this;
    this.next = undefined;
    if (next) this.give(worker, next);
  }

  private lose(worker: Worker, why: string): void {
    const { state } = this;
    if (!("worker" in state) || state.worker !== worker) return;
    this.cancelDeadline();
    // A hanging thread is stopped in the middle; nothing of it is waited for.
    void worker.terminate();
    const { clock } = this.options;
    const nowMs = clock.nowMs();
    this.replacedAtMs = this.replacedAtMs.filter((at) => nowMs - at < REPLACEMENTS_PERIOD_MS);
    if (this.replacedAtMs.length >= REPLACEMENTS_MAX) {
      this.state = { kind: "ended" };
      return this.options.onBroken(why);
    }
    this.replacedAtMs.push(nowMs);
    this.replacements += 1;
    this.state = { kind: "waiting" };
    this.options.onReplaced(why);
    this.cancelDeadline = clock.after(REPLACE_AFTER_MS, () => this.start());
  }
}

/** The worker's compiled file; threads cannot run TypeScript, so from `src` it is the one in `dist`. */
function detectorWorkerUrl(): URL {
  const here = import.meta.url;
  const url = here.endsWith(".ts")
    ? new URL("../../../dist/src/vision/detector/detector-worker.js", here)
    : new URL("./detector-worker.js", here);
  if (!existsSync(fileURLToPath(url))) {
    throw new Error(`${fileURLToPath(url)} is missing: run \`npm run build\``);
  }
  return url;
}
