/**
 * Two regions, one generation (D7 in docs/REQUIREMENTS.md). A save goes to the region that is not current: data records
 * first, commit record last, then everything is read back and checked; only then is it current. So a cut
 * at any operation leaves the last acknowledged state, or the one in flight, and nothing else. `load` only
 * reads. Byte layout: docs/architecture/state.md.
 */
import { crc32 } from "../../src/wire/crc.js";
import { COMMIT_BYTES, CONTAINER_VERSION, MAGIC, commitRecord } from "../../src/wire/image.js";
import { copyBytes, getU16, getU32, joinBytes, putU32 } from "../../src/wire/bytes.js";
import { RECORDS_PER_REGION, StoreError, failureText } from "./storage.js";
import type { Storage } from "./storage.js";

/** generation u32, index u8, then the piece. */
const DATA_HEAD_BYTES = 5;
/** A storage that answers with an error is asked again this often before a region counts as unreadable. */
const READ_TRIES = 3;

export type RegionStatus =
  /** Complete and of a format we can read. */
  | "valid"
  /** No commit record: never written, or wiped. */
  | "empty"
  /** Something is there that does not check out. */
  | "damaged"
  /** Complete, but written by a newer firmware: kept, and nothing is written over it. */
  | "newer"
  /** The storage did not answer: nothing is known about it, so nothing is written. */
  | "unreadable";

/** What one region holds. `generation` and `format` are 0 unless the status is valid or newer. */
export interface Region {
  status: RegionStatus;
  generation: number;
  format: number;
  payload: Buffer | undefined;
  /** Its commit record; of a valid region only. */
  commit: Buffer | undefined;
  /** For people: why it is not valid. */
  why: string;
}

/** What `load` found. `current` is the region the payload came from, or -1. */
export interface Loaded {
  current: number;
  generation: number;
  format: number;
  payload: Buffer | undefined;
  regions: Region[];
  /** Empty when saving is allowed, otherwise why it is refused. */
  locked: string;
}

export class Journal {
  /** Region of the newest valid state, or -1. */
  current = -1;
  /** Generation of that state; 0 when there is none. */
  generation = 0;
  /** The current state as the image that the companion keeps (`src/wire/image.ts`). */
  image: Buffer | undefined = undefined;
  /** Why saving is refused; empty after a load that could read everything. */
  locked = "not loaded yet";
  /** Saves acknowledged and records written since boot, for the wear report. */
  saves = 0;
  recordWrites = 0;
  private lastTried = 0;
  private busy = false;
  /** Records that each region may hold: those a shorter save would leave over are erased. */
  private used: number[] = [RECORDS_PER_REGION, RECORDS_PER_REGION];
  private readonly storage: Storage;
  private readonly formatMax: number;

  /** `formatMax` is the newest payload format the caller can read. */
  constructor(storage: Storage, formatMax: number) {
    this.storage = storage;
    this.formatMax = formatMax;
  }

  /** What the next save will be called. */
  nextGeneration(): number {
    return this.lastTried + 1;
  }

  /** Longest payload that fits. */
  payloadBytesMax(): number {
    return (RECORDS_PER_REGION - 1) * (this.storage.recordBytesMax - DATA_HEAD_BYTES);
  }

  /** Reads both regions and takes the newest readable one. May be called again after "unreadable". */
  async loadRegions(): Promise<Loaded> {
    const regions: Region[] = [];
    regions.push(await readRegion(this.storage, 0, this.formatMax));
    regions.push(await readRegion(this.storage, 1, this.formatMax));
    const best = newest(regions);
    const region = best < 0 ? undefined : regions[best];
    this.current = best;
    this.generation = region ? region.generation : 0;
    this.image = region ? imageOf(region) : undefined;
    // In two steps: DeviceScript's Math.max ignores a third argument, and a generation was used twice for it.
    const stored = Math.max((regions[0] as Region).generation, (regions[1] as Region).generation);
    this.lastTried = Math.max(this.lastTried, stored);
    this.locked = lockReason(regions, this.generation);
    this.used = [RECORDS_PER_REGION, RECORDS_PER_REGION];
    return {
      current: best,
      generation: this.generation,
      format: region ? region.format : 0,
      payload: region ? region.payload : undefined,
      regions,
      locked: this.locked,
    };
  }

  /**
   * Writes `payload` as the next generation (at least `generationMin`) and returns that generation once it
   * was read back. Throws `StoreError`; the state that was current before then stays so.
   */
  async saveRegion(format: number, payload: Buffer, generationMin: number): Promise<number> {
    if (this.locked !== "") throw new StoreError("STORE_NEWER", this.locked);
    if (this.busy) throw new StoreError("STORE_BUSY", "a save is under way");
    if (payload.length > this.payloadBytesMax()) {
      throw new StoreError("STORE_TOO_LONG", payload.length + " of " + this.payloadBytesMax());
    }
    this.busy = true;
    try {
      const target = this.current === 0 ? 1 : 0;
      const generation = Math.max(this.lastTried + 1, generationMin);
      this.lastTried = generation;
      await this.writeRegion(target, generation, format, payload);
      const back = await readRegion(this.storage, target, this.formatMax);
      if (back.status !== "valid" || back.generation !== generation) {
        throw new StoreError("STORE_VERIFY", "region " + target + " read back " + back.status);
      }
      this.current = target;
      this.generation = generation;
      this.image = imageOf(back);
      this.saves++;
      return generation;
    } finally {
      this.busy = false;
    }
  }

  private async writeRegion(
    region: number,
    generation: number,
    format: number,
    payload: Buffer,
  ): Promise<void> {
    const first = region * RECORDS_PER_REGION;
    const pieceBytes = this.storage.recordBytesMax - DATA_HEAD_BYTES;
    const pieces = Math.ceil(payload.length / pieceBytes);
    for (let i = pieces + 1; i < (this.used[region] as number); i++) {
      await eraseIfThere(this.storage, first + i);
    }
    this.used[region] = RECORDS_PER_REGION;
    for (let i = 0; i < pieces; i++) {
      await this.storage.writeRecord(first + 1 + i, dataRecord(generation, i, payload, pieceBytes));
      this.recordWrites++;
    }
    await this.storage.writeRecord(first, commitRecord(generation, format, payload));
    this.recordWrites++;
    this.used[region] = pieces + 1;
  }
}

/** Piece `index` of `payload` with the generation it belongs to. */
function dataRecord(
  generation: number,
  index: number,
  payload: Buffer,
  pieceBytes: number,
): Buffer {
  const from = index * pieceBytes;
  const count = Math.min(pieceBytes, payload.length - from);
  const record = Buffer.alloc(DATA_HEAD_BYTES + count);
  putU32(record, 0, generation);
  record[4] = index;
  copyBytes(record, DATA_HEAD_BYTES, payload, from, count);
  return record;
}

function imageOf(valid: Region): Buffer {
  return joinBytes(valid.commit as Buffer, valid.payload as Buffer);
}

function notValid(status: RegionStatus, why: string): Region {
  return { status, generation: 0, format: 0, payload: undefined, commit: undefined, why };
}

/** Index of the valid region with the greatest generation, or -1. */
function newest(regions: Region[]): number {
  let best = -1;
  let generation = -1;
  for (let i = 0; i < regions.length; i++) {
    const region = regions[i] as Region;
    if (region.status === "valid" && region.generation > generation) {
      best = i;
      generation = region.generation;
    }
  }
  return best;
}

/**
 * Saving is refused while a region may hold something newer than what we could read: a newer firmware's
 * state, or one the storage did not show us.
 */
function lockReason(regions: Region[], generation: number): string {
  for (let i = 0; i < regions.length; i++) {
    const region = regions[i] as Region;
    if (region.status === "unreadable") return "region " + i + " did not answer: " + region.why;
    if (region.status === "newer" && region.generation > generation) {
      return "region " + i + " was written by a newer firmware: " + region.why;
    }
  }
  return "";
}

async function readRegion(storage: Storage, region: number, formatMax: number): Promise<Region> {
  try {
    return await checkRegion(storage, region * RECORDS_PER_REGION, formatMax);
  } catch (failure) {
    return notValid("unreadable", failureText(failure));
  }
}

async function checkRegion(storage: Storage, first: number, formatMax: number): Promise<Region> {
  const commit = await readRecord(storage, first);
  if (commit === undefined) return notValid("empty", "no commit record");
  if (commit.length < COMMIT_BYTES || getU32(commit, 0) !== MAGIC) {
    return notValid("damaged", "the commit record is not ours");
  }
  if (getU32(commit, 16) !== crc32(0, commit, 0, 16)) {
    return notValid("damaged", "the commit record's checksum is wrong");
  }
  const version = commit[4] as number;
  const format = commit[5] as number;
  const generation = getU32(commit, 8);
  if (version > CONTAINER_VERSION || format > formatMax) {
    const why = "layout " + version + ", format " + format;
    return { status: "newer", generation, format, payload: undefined, commit: undefined, why };
  }
  if (commit.length !== COMMIT_BYTES) return notValid("damaged", "the commit record is too long");
  const payload = await readPayload(storage, first + 1, generation, getU16(commit, 6));
  if (payload === undefined) return notValid("damaged", "a data record is not of this generation");
  if (getU32(commit, 12) !== crc32(0, payload, 0, payload.length)) {
    return notValid("damaged", "the data's checksum is wrong");
  }
  return { status: "valid", generation, format, payload, commit, why: "" };
}

/** Joins the data records, or undefined when one is missing, strange or of another generation. */
async function readPayload(
  storage: Storage,
  first: number,
  generation: number,
  length: number,
): Promise<Buffer | undefined> {
  const pieceBytes = storage.recordBytesMax - DATA_HEAD_BYTES;
  if (length > (RECORDS_PER_REGION - 1) * pieceBytes) return undefined;
  const payload = Buffer.alloc(length);
  let done = 0;
  for (let i = 0; done < length; i++) {
    const record = await readRecord(storage, first + i);
    const count = Math.min(pieceBytes, length - done);
    if (record === undefined || record.length !== DATA_HEAD_BYTES + count) return undefined;
    if (getU32(record, 0) !== generation || record[4] !== i) return undefined;
    copyBytes(payload, done, record, DATA_HEAD_BYTES, count);
    done += count;
  }
  return payload;
}

/** On the stock settings store even the erase of a missing key is written, so it is asked first. */
async function eraseIfThere(storage: Storage, record: number): Promise<void> {
  if ((await readRecord(storage, record)) !== undefined) await storage.erase(record);
}

async function readRecord(storage: Storage, record: number): Promise<Buffer | undefined> {
  for (let tries = 1; ; tries++) {
    try {
      return await storage.readRecord(record);
    } catch (failure) {
      if (tries >= READ_TRIES) throw failure;
    }
  }
}
