// Reading the VM's heap out of its memory. Properties: exact figures; look-alikes in memory are not taken for it; a
// damaged heap gives no figures instead of wrong ones.
import assert from "node:assert/strict";
import { createRequire } from "node:module";
import { test } from "node:test";
import type { VmHeap } from "../../../../src/simulator/vm/vm-answers.js";

const { walkHeap } = createRequire(import.meta.url)("../../../../src/simulator/vm/vm-heap.cjs") as {
  walkHeap(memory: ArrayBuffer): VmHeap | undefined;
};

const HEAP_WORDS = 200;
const GC_AT = 40;
const FREE = 1;
const BUFFER = 5;
const PINNED_BYTES = 0x42;

/** Memory with a look-alike at its start and a heap of the given blocks: `[tag, words]`. */
function memory(
  blocks: [tag: number, words: number][],
  thresholdWords = 4096,
): Uint32Array<ArrayBuffer> {
  const words = new Uint32Array(400);
  words[3] = 4096;
  const chunkAt = GC_AT + 6;
  const endAt = chunkAt + HEAP_WORDS;
  words[GC_AT + 1] = chunkAt * 4;
  words[GC_AT + 3] = thresholdWords;
  words[chunkAt + 1] = endAt * 4;
  words[endAt] = 0x4f000001;
  let at = chunkAt + 2;
  for (const [tag, size] of blocks) {
    words[at] = ((tag << 24) | size) >>> 0;
    at += size;
  }
  return words;
}

const blocks: [number, number][] = [
  [PINNED_BYTES, 10],
  [FREE, 30],
  [BUFFER, 8],
  [BUFFER, 50],
  [FREE, HEAP_WORDS - 2 - 98],
];

test("F4: counts objects, bytes and the largest free block", () => {
  assert.deepEqual(walkHeap(memory(blocks).buffer), {
    objects: 3,
    usedBytes: 68 * 4,
    freeBytes: 130 * 4,
    freeBlockBytesMax: 100 * 4,
    kinds: { bytes: 40, buffer: 232 },
  });
});

test("F4: the smaller heap of an S2 is found as well", () => {
  assert.equal(walkHeap(memory(blocks, 2560).buffer)?.objects, 3);
});

test("F4: memory without a heap gives none", () => {
  const words = memory(blocks);
  words[GC_AT + 1] = 0;
  assert.equal(walkHeap(words.buffer), undefined);
});

test("F4: a block of no size or past the end gives no figures", () => {
  assert.equal(walkHeap(memory([[BUFFER, 0]]).buffer), undefined);
  assert.equal(walkHeap(memory([[BUFFER, HEAP_WORDS]]).buffer), undefined);
});
