/**
 * Reads the DeviceScript heap out of the VM's WebAssembly memory, without disturbing it.
 *
 * Layout (32-bit words; runtime/devicescript/gc_alloc.c of runtime 2.16.4):
 *
 * | where        | word                                                              |
 * | ------------ | ----------------------------------------------------------------- |
 * | gc + 4       | first_chunk, equal to gc + 24: the one chunk follows its header   |
 * | gc + 12      | gc_threshold, words: a quarter of the heap (64 KB, or an S2's 40 KB) |
 * | chunk + 0    | next chunk: 0                                                     |
 * | chunk + 4    | address of the end marker 0x4f000001                              |
 * | chunk + 8    | first block; a block starts with its header                       |
 * | block header | low 24 bits: size in words with the header; high byte: kind, flags |
 */
"use strict";

const GC_THRESHOLDS_WORDS = [4096, 2560];
const END_HEADER = 0x4f000001;
const SIZE_MASK = 0xffffff;
const KIND_MASK = 0xf;
const KIND_FREE = 1;
/** Index is the block's kind. */
const KINDS = [
  "none",
  "free",
  "bytes",
  "array",
  "map",
  "buffer",
  "string",
  "function",
  "activation",
  "halfStaticMap",
  "shortMap",
  "packet",
  "longString",
  "image",
  "kind14",
  "kind15",
];

/** Index of the first block's word and of the end marker, or undefined while no program has a heap. */
function findHeap(words) {
  for (const threshold of GC_THRESHOLDS_WORDS) {
    const heap = findHeapOf(words, threshold);
    if (heap !== undefined) return heap;
  }
  return undefined;
}

function findHeapOf(words, threshold) {
  for (let i = words.indexOf(threshold, 3); i >= 0; i = words.indexOf(threshold, i + 1)) {
    const chunkAddress = (i + 3) * 4;
    if (words[i - 2] !== chunkAddress || words[i + 3] !== 0) continue;
    const endAddress = words[i + 4];
    if (endAddress <= chunkAddress || endAddress % 4 !== 0) continue;
    if (words[endAddress / 4] === END_HEADER) return { first: i + 5, end: endAddress / 4 };
  }
  return undefined;
}

/**
 * Walks the heap in `memory` (an ArrayBuffer). Returns bytes with block headers: `{ objects, usedBytes, freeBytes,
 * freeBlockBytesMax, kinds }`, or undefined when there is no heap or it is damaged.
 */
function walkHeap(memory) {
  const words = new Uint32Array(memory);
  const heap = findHeap(words);
  if (heap === undefined) return undefined;
  const result = { objects: 0, usedBytes: 0, freeBytes: 0, freeBlockBytesMax: 0, kinds: {} };
  let at = heap.first;
  while (at < heap.end) {
    const header = words[at];
    const sizeWords = header & SIZE_MASK;
    if (sizeWords === 0 || at + sizeWords > heap.end) return undefined;
    const bytes = sizeWords * 4;
    const kind = (header >>> 24) & KIND_MASK;
    if (kind === KIND_FREE) {
      result.freeBytes += bytes;
      result.freeBlockBytesMax = Math.max(result.freeBlockBytesMax, bytes);
    } else {
      result.objects += 1;
      result.usedBytes += bytes;
      const name = KINDS[kind];
      result.kinds[name] = (result.kinds[name] ?? 0) + bytes;
    }
    at += sizeWords;
  }
  return at === heap.end ? result : undefined;
}

module.exports = { walkHeap };
