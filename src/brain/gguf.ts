/**
 * What stands at the head of a model's file (GGUF, versions 2 and 3; docs/gguf.md of ggml-org/ggml), read without the
 * runtime, so that a file that is none, was cut or does not fit the memory is refused before anything is loaded.
 */
import { closeSync, fstatSync, openSync, readSync } from "node:fs";
import { systemReasonOf } from "../host/reason.js";
import { amount, BrainError } from "./brain-error.js";

export interface GgufFacts {
  readonly architecture: string;
  /** As its maker calls it; "" when it does not say. */
  readonly name: string;
  /** Weights in all. */
  readonly parameters: number;
  /** Longest context that it was made for, tokens. */
  readonly contextTokens: number;
  /** What each token of context costs in memory (keys and values, 16 bits each). */
  readonly tokenBytes: number;
  readonly fileBytes: number;
}

const MAGIC = 0x46554747;
const CHUNK_BYTES = 1 << 20;
const KEYS_MAX = 10_000;
const TENSORS_MAX = 100_000;
const DIMENSIONS_MAX = 8;
const TEXT_BYTES_MAX = 16 << 20;
const ITEMS_MAX = 20_000_000;
/** Arrays of more numbers than this are no sizes of layers. */
const KEPT_ITEMS_MAX = 1024;
const ALIGNMENT = 32;

/** Bytes of the value types 0 to 12; 8 is text, 9 an array. */
const VALUE_BYTES: readonly (number | undefined)[] = [
  1,
  1,
  2,
  2,
  4,
  4,
  4,
  1,
  undefined,
  undefined,
  8,
  8,
  8,
];
const TEXT = 8;
const ARRAY = 9;

/** Weights of a block, and its bytes, by the number of a tensor's type (ggml.h). */
const BLOCKS: Readonly<Record<number, readonly [weights: number, bytes: number]>> = {
  0: [1, 4],
  1: [1, 2],
  2: [32, 18],
  3: [32, 20],
  6: [32, 22],
  7: [32, 24],
  8: [32, 34],
  10: [256, 84],
  11: [256, 110],
  12: [256, 144],
  13: [256, 176],
  14: [256, 210],
  15: [256, 292],
  16: [256, 66],
  17: [256, 74],
  18: [256, 98],
  19: [256, 50],
  20: [32, 18],
  21: [256, 110],
  22: [256, 82],
  23: [256, 136],
  24: [1, 1],
  25: [1, 2],
  26: [1, 4],
  27: [1, 8],
  28: [1, 8],
  29: [256, 56],
  30: [1, 2],
};

/**
 * @throws BrainError `BRAIN_FILE` for what is no GGUF, `BRAIN_CUT` for one that ends before its tensors.
 */
export function readGguf(path: string): GgufFacts {
  let file: number;
  try {
    file = openSync(path, "r");
  } catch (error) {
    throw new BrainError(
      "BRAIN_FILE",
      `${path} cannot be read (${systemReasonOf(error)})`,
      "name a GGUF file with --brain, or fetch one with `buddy brain install`",
    );
  }
  try {
    const status = fstatSync(file);
    if (!status.isFile()) throw noGguf(path, "it is not a file");
    return factsOf(new Reader(file, status.size, path), path);
  } finally {
    closeSync(file);
  }
}

type Value = string | number | readonly number[] | undefined;

function factsOf(reader: Reader, path: string): GgufFacts {
  if (reader.bytes < 24) throw noGguf(path, `it has ${reader.bytes} bytes`);
  if (reader.u32() !== MAGIC) throw noGguf(path, "it does not begin as one");
  const version = reader.u32();
  if (version < 2 || version > 3) throw noGguf(path, `its version is ${version}, not 2 or 3`);
  const tensors = reader.count(TENSORS_MAX, "tensors");
  const keys = reader.count(KEYS_MAX, "keys");
  const values = new Map<string, Value>();
  for (let i = 0; i < keys; i++) values.set(reader.text(), reader.value(reader.u32()));
  const { parameters, end } = readTensors(reader, tensors);
  const alignment = numberOf(values.get("general.alignment")) ?? ALIGNMENT;
  const wanted = Math.ceil(reader.at / alignment) * alignment + end;
  if (wanted > reader.bytes) {
    throw new BrainError(
      "BRAIN_CUT",
      `${path} has ${amount(reader.bytes)} of the ${amount(wanted)} that its own head names: it was cut`,
      "fetch it again; `buddy brain install` goes on where it stopped",
    );
  }
  const architecture = String(values.get("general.architecture") ?? "");
  if (architecture === "") throw noGguf(path, "it does not say of what architecture it is");
  const of = (key: string): Value => values.get(`${architecture}.${key}`);
  return {
    architecture,
    name: String(values.get("general.name") ?? ""),
    parameters,
    contextTokens: numberOf(of("context_length")) ?? 2048,
    tokenBytes: tokenBytes(of),
    fileBytes: reader.bytes,
  };
}

function readTensors(reader: Reader, count: number): { parameters: number; end: number } {
  let parameters = 0;
  let end = 0;
  for (let i = 0; i < count; i++) {
    reader.text();
    const dimensions = reader.u32();
    if (dimensions > DIMENSIONS_MAX) throw noGguf(reader.path, `a tensor has ${dimensions} sizes`);
    let weights = 1;
    for (let d = 0; d < dimensions; d++) weights *= reader.u64();
    const block = BLOCKS[reader.u32()];
    const offset = reader.u64();
    parameters += weights;
    // A type that is not known here is the runtime's to judge.
    const bytes = block === undefined ? 0 : Math.ceil(weights / block[0]) * block[1];
    end = Math.max(end, offset + bytes);
  }
  return { parameters, end };
}

/** Keys and values of all layers; heads may differ from layer to layer. */
function tokenBytes(of: (key: string) => Value): number {
  const layers = numberOf(of("block_count")) ?? 0;
  const heads = numberOf(of("attention.head_count")) ?? 1;
  const ofKeys = of("attention.head_count_kv") ?? heads;
  const perLayer = (value: Value): number =>
    typeof value === "object" ? value.reduce((sum, one) => sum + one, 0) : Number(value) * layers;
  const headSize = (numberOf(of("embedding_length")) ?? 0) / Math.max(1, heads);
  const keySize = numberOf(of("attention.key_length")) ?? headSize;
  const valueSize = numberOf(of("attention.value_length")) ?? headSize;
  return perLayer(ofKeys) * (keySize + valueSize) * 2;
}

function numberOf(value: Value): number | undefined {
  return typeof value === "number" ? value : undefined;
}

function noGguf(path: string, why: string): BrainError {
  return new BrainError(
    "BRAIN_FILE",
    `${path} is no model in the GGUF format: ${why}`,
    "name a GGUF file with --brain, or fetch one with `buddy brain install`",
  );
}

/** Reads on from the beginning; a file that ends too early is one that was cut. */
class Reader {
  at = 0;
  private window = Buffer.alloc(0);
  private windowAt = 0;

  constructor(
    private readonly file: number,
    readonly bytes: number,
    readonly path: string,
  ) {}

  u32(): number {
    return this.take(4).readUInt32LE();
  }

  u64(): number {
    const value = this.take(8).readBigUInt64LE();
    if (value > BigInt(Number.MAX_SAFE_INTEGER)) throw noGguf(this.path, `a size of ${value}`);
    return Number(value);
  }

  count(max: number, what: string): number {
    const value = this.u64();
    if (value > max) throw noGguf(this.path, `it claims to have ${value} ${what}`);
    return value;
  }

  text(): string {
    return this.take(this.count(TEXT_BYTES_MAX, "bytes in a word")).toString("utf8");
  }

  value(type: number): Value {
    if (type === TEXT) return this.text();
    if (type === ARRAY) return this.array();
    const bytes = VALUE_BYTES[type];
    if (bytes === undefined) throw noGguf(this.path, `a value of the unknown type ${type}`);
    return numberAt(this.take(bytes), type);
  }

  private array(): readonly number[] | undefined {
    const type = this.u32();
    const count = this.count(ITEMS_MAX, "items in a list");
    if (type === TEXT) {
      for (let i = 0; i < count; i++) this.skip(this.count(TEXT_BYTES_MAX, "bytes in a word"));
      return undefined;
    }
    const bytes = VALUE_BYTES[type];
    if (bytes === undefined) throw noGguf(this.path, `a list of the unknown type ${type}`);
    if (count > KEPT_ITEMS_MAX) {
      this.skip(count * bytes);
      return undefined;
    }
    return Array.from({ length: count }, () => numberAt(this.take(bytes), type));
  }

  private skip(bytes: number): void {
    this.at += bytes;
    if (this.at > this.bytes) throw this.cut();
  }

  private take(bytes: number): Buffer {
    const from = this.at - this.windowAt;
    if (from < 0 || from + bytes > this.window.length) this.fill(bytes);
    const start = this.at - this.windowAt;
    this.at += bytes;
    return this.window.subarray(start, start + bytes);
  }

  private fill(bytes: number): void {
    if (this.at + bytes > this.bytes) throw this.cut();
    const window = Buffer.alloc(Math.max(bytes, CHUNK_BYTES));
    const read = readSync(this.file, window, 0, window.length, this.at);
    if (read < bytes) throw this.cut();
    this.window = window.subarray(0, read);
    this.windowAt = this.at;
  }

  private cut(): BrainError {
    return new BrainError(
      "BRAIN_CUT",
      `${this.path} ends after ${amount(this.bytes)}, in the middle of its own head: it was cut`,
      "fetch it again; `buddy brain install` goes on where it stopped",
    );
  }
}

function numberAt(bytes: Buffer, type: number): number {
  switch (type) {
    case 0:
    case 7:
      return bytes.readUInt8();
    case 1:
      return bytes.readInt8();
    case 2:
      return bytes.readUInt16LE();
    case 3:
      return bytes.readInt16LE();
    case 4:
      return bytes.readUInt32LE();
    case 5:
      return bytes.readInt32LE();
    case 6:
      return bytes.readFloatLE();
    case 10:
      return Number(bytes.readBigUInt64LE());
    case 11:
      return Number(bytes.readBigInt64LE());
    default:
      return bytes.readDoubleLE();
  }
}
