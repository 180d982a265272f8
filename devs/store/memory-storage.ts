/**
 * Storage in memory for tests, in Node and in the VM, with the faults that real places have: an operation
 * can be cut (before, after, torn, garbage), silently ignored, or fail. After a cut every operation throws
 * until `powerUp`, as a dead board does nothing.
 */
import { copyBytes } from "../../src/wire/bytes.js";
import { RECORDS_COUNT, RECORD_BYTES_MAX, StoreError } from "./storage.js";
import type { Storage } from "./storage.js";

export type OutcomeKind =
  /** The operation works. */
  | "done"
  /** Power goes before anything changed. */
  | "lost"
  /** Power goes just after the change. */
  | "kept"
  /** Power goes after the first `bytes` new bytes lie over the old record. */
  | "overlay"
  /** Power goes and only the first `bytes` new bytes are there. */
  | "short"
  /** Power goes and the record is gone. */
  | "gone"
  /** Power goes and the record holds `junk`. */
  | "garbage"
  /** The operation reports success and changes nothing. */
  | "silent"
  /** The operation reports failure and changes nothing. */
  | "fails"
  /** The operation reports failure although it worked (a reply that came too late). */
  | "late";

export interface Outcome {
  kind: OutcomeKind;
  bytes: number;
  junk: Buffer | undefined;
}

/** One write or erase about to happen; `data` is undefined for an erase. */
export interface Operation {
  /** Counts writes and erases from 0. */
  index: number;
  record: number;
  data: Buffer | undefined;
}

export class PowerCut extends Error {
  constructor() {
    super("power cut");
    this.name = "PowerCut";
  }
}

export class MemoryStorage implements Storage {
  readonly name = "memory";
  readonly recordBytesMax: number = RECORD_BYTES_MAX;
  records: (Buffer | undefined)[] = [];
  operations = 0;
  reads = 0;
  /** Decides the outcome of each write and erase; undefined means all work. */
  plan: ((operation: Operation) => Outcome | undefined) | undefined = undefined;
  private dark = false;

  constructor(records: (Buffer | undefined)[]) {
    for (let i = 0; i < RECORDS_COUNT; i++) this.records.push(records[i]);
  }

  powerUp(): void {
    this.dark = false;
  }

  async readRecord(record: number): Promise<Buffer | undefined> {
    if (this.dark) throw new PowerCut();
    this.reads++;
    const data = this.records[record];
    if (data === undefined) return undefined;
    const copy = Buffer.alloc(data.length);
    copyBytes(copy, 0, data, 0, data.length);
    return copy;
  }

  async writeRecord(record: number, data: Buffer): Promise<void> {
    if (data.length > this.recordBytesMax) throw new StoreError("STORE_TOO_LONG", "record");
    this.apply(record, data);
  }

  async erase(record: number): Promise<void> {
    this.apply(record, undefined);
  }

  private apply(record: number, data: Buffer | undefined): void {
    if (this.dark) throw new PowerCut();
    const operation = { index: this.operations, record, data };
    this.operations++;
    const outcome = this.plan ? this.plan(operation) : undefined;
    if (outcome === undefined || outcome.kind === "done") {
      this.records[record] = data;
      return;
    }
    if (outcome.kind === "silent") return;
    if (outcome.kind === "fails" || outcome.kind === "late") {
      if (outcome.kind === "late") this.records[record] = data;
      throw new StoreError("STORE_WRITE", outcome.kind);
    }
    this.records[record] = afterCut(this.records[record], data, outcome);
    this.dark = true;
    throw new PowerCut();
  }
}

/** What a record holds after power went during an operation on it. */
export function afterCut(
  before: Buffer | undefined,
  data: Buffer | undefined,
  outcome: Outcome,
): Buffer | undefined {
  if (outcome.kind === "lost") return before;
  if (outcome.kind === "kept") return data;
  if (outcome.kind === "garbage") return outcome.junk;
  if (outcome.kind === "gone" || data === undefined) return undefined;
  const fresh = Math.min(outcome.bytes, data.length);
  const rest = outcome.kind === "overlay" && before !== undefined ? before.length : 0;
  const torn = Buffer.alloc(Math.max(fresh, rest));
  if (before !== undefined && rest > 0) copyBytes(torn, 0, before, 0, rest);
  copyBytes(torn, 0, data, 0, fresh);
  return torn;
}
