/**
 * Where saved state lives. First file of the folder: `journal.ts` keeps two regions of records on any
 * `Storage` and never touches the current one; `state.ts` says what the bytes mean; `saver.ts` decides
 * when to write; `settings-storage.ts`, `i2c-memory-storage.ts` and `memory-storage.ts` are the places.
 * Everything but the first of these places is pure and also runs in Node.
 */
import type { StoreCode } from "../../src/wire/errors.js";

/** One record is one settings key: key, NUL and value must stay within 232 bytes there. */
export const RECORD_BYTES_MAX = 200;
/** Records of one region: the commit record and up to three of data. */
export const RECORDS_PER_REGION = 4;
/** Two regions, whatever the place. */
export const RECORDS_COUNT = 8;

/**
 * A few small records, addressed by number (0..`RECORDS_COUNT`-1). One operation at a time; each ends
 * within the deadline of the place and throws `StoreError` when it fails. A write that threw may have
 * happened, wholly or in part: the journal relies on nothing else.
 */
export interface Storage {
  /** Named in reports: "settings", "fram", "eeprom", "memory". */
  readonly name: string;
  /** Largest record this place takes, at most `RECORD_BYTES_MAX`. */
  readonly recordBytesMax: number;
  /** The record's bytes, exactly as written, or undefined when there is none. */
  readRecord(record: number): Promise<Buffer | undefined>;
  writeRecord(record: number, data: Buffer): Promise<void>;
  /** Afterwards `read` gives undefined. Erasing what is not there is fine. */
  erase(record: number): Promise<void>;
}

/** A failure of the store; `code` is documented in docs/ERRORS.md. */
export class StoreError extends Error {
  readonly code: StoreCode;

  constructor(code: StoreCode, detail: string) {
    super(code + ": " + detail);
    this.name = "StoreError";
    this.code = code;
  }
}

/** Any thrown value as one line of text. */
export function failureText(failure: unknown): string {
  if (failure instanceof Error) return failure.message;
  return "" + failure;
}
