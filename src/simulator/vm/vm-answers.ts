/** What the VM's process (`vm-shim.cjs`) answers when it is asked, and tells by itself, as it comes over the message channel. */
import { z } from "zod";

export const answerSchema = z.object({
  type: z.literal("answer"),
  id: z.number(),
  value: z.unknown(),
});

export const heapSchema = z.object({
  objects: z.number(),
  usedBytes: z.number(),
  freeBytes: z.number(),
  freeBlockBytesMax: z.number(),
  kinds: z.record(z.string(), z.number()),
});

/**
 * The VM's heap in bytes, block headers included; a board has the same figures (65,524 in all, 40 KB on an S2).
 * `kinds` splits `usedBytes` by kind of block.
 */
export type VmHeap = z.output<typeof heapSchema>;

export const profileSchema = z.object({
  /** Time that was counted over. */
  ms: z.number(),
  steps: z.number(),
  /** Address in the image, steps there, bytes allocated there. */
  pcs: z.array(z.tuple([z.number(), z.number(), z.number()])),
  /** Number of a fiber's first function, address where slices began, how many, their steps together, the longest. */
  slices: z.array(z.tuple([z.number(), z.number(), z.number(), z.number(), z.number()])),
  /** The longest slice: its fiber's first function, the address where it began, and its steps by address. */
  longest: z.object({
    steps: z.number(),
    fiber: z.number(),
    pc: z.number(),
    pcs: z.array(z.tuple([z.number(), z.number()])),
  }),
  allocs: z.number(),
  collections: z.number(),
  /** Bytes of the program's sockets, and of its frames on the bus. */
  socketBytes: z.number(),
  busBytes: z.number(),
});

/** Exact counts of a program's work (`vm-profile.cjs`). */
export type VmProfile = z.output<typeof profileSchema>;

export const chipSchema = z.object({
  type: z.literal("chip"),
  busy: z.number(),
  stepsPerS: z.number(),
  longestSliceSteps: z.number(),
});

/** How busy a played chip is (`vm-chip.cjs`); told twice a second by a VM that gets to it. */
export interface ChipLoad {
  /** Share of its time, 0..1. */
  readonly busy: number;
  /** Steps executed in the last second. */
  readonly stepsPerS: number;
  /** Longest slice of the last 5 to 10 s. */
  readonly longestSliceSteps: number;
}
