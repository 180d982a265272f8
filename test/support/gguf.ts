/** Makes the head of a GGUF file, and a file to it: small, and as wrong as a test wants it. */
import { createHash } from "node:crypto";
import type { BrainModel } from "../../src/brain/models.js";

export interface GgufWish {
  readonly version?: number;
  readonly architecture?: string;
  /** Extra keys by name: numbers are u32, arrays u32 each. */
  readonly keys?: Readonly<Record<string, number | readonly number[] | string>>;
  /** Words of a vocabulary. */
  readonly words?: number;
  readonly weights?: readonly [number, number];
}

/** A model of one tensor (Q8_0), which fills the rest of the file. */
export function ggufFile(wish: GgufWish = {}): Buffer {
  const { version = 3, architecture = "llama", words = 100, weights = [32, 64] } = wish;
  const keys = Object.entries({
    "general.name": "A test's model",
    [`${architecture}.context_length`]: 4096,
    [`${architecture}.block_count`]: 4,
    [`${architecture}.embedding_length`]: 256,
    [`${architecture}.attention.head_count`]: 8,
    [`${architecture}.attention.head_count_kv`]: 2,
    ...wish.keys,
  });
  const parts = [
    u32(0x46554747),
    u32(version),
    u64(1),
    u64(keys.length + (architecture === "" ? 1 : 2)),
  ];
  if (architecture !== "") parts.push(text("general.architecture"), u32(8), text(architecture));
  for (const [name, value] of keys) parts.push(text(name), valueOf(value));
  parts.push(text("tokenizer.ggml.tokens"), u32(9), u32(8), u64(words));
  for (let i = 0; i < words; i++) parts.push(text(`word ${i}`));
  parts.push(text("token_embd.weight"), u32(2), u64(weights[0]), u64(weights[1]), u32(8), u64(0));
  const head = Buffer.concat(parts);
  const padding = Buffer.alloc((32 - (head.length % 32)) % 32);
  const tensor = Buffer.alloc(((weights[0] * weights[1]) / 32) * 34, 7);
  return Buffer.concat([head, padding, tensor]);
}

function valueOf(value: number | readonly number[] | string): Buffer {
  if (typeof value === "string") return Buffer.concat([u32(8), text(value)]);
  if (typeof value === "number") return Buffer.concat([u32(4), u32(value)]);
  return Buffer.concat([u32(9), u32(4), u64(value.length), ...value.map(u32)]);
}

function u32(value: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32LE(value);
  return bytes;
}

function u64(value: number): Buffer {
  const bytes = Buffer.alloc(8);
  bytes.writeBigUInt64LE(BigInt(value));
  return bytes;
}

function text(value: string): Buffer {
  const bytes = Buffer.from(value);
  return Buffer.concat([u64(bytes.length), bytes]);
}

/** The table's row of a model that a hub's double has: that file. */
export function tinyModel(file: Buffer): BrainModel {
  return {
    id: "tiny",
    title: "Tiny",
    licence: "MIT",
    languages: "none",
    path: "me/tiny/resolve/main/tiny.gguf",
    bytes: file.length,
    sha256: createHash("sha256").update(file).digest("hex"),
    memoryBytes: 1,
  };
}
