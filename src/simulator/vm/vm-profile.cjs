/**
 * Counts what a program costs the VM, exactly: steps (opcodes) by address, slices by fiber, allocations, collections and
 * bytes sent. Loaded by `vm-shim.cjs` only when a profile is asked for. It counts by address and by number of
 * function; names come from the debug information and are put in by whoever reads the counts (`src/bench`).
 *
 * Offsets are those of the 32-bit layouts in runtime/devicescript/devs_internal.h, runtime 2.16.4; the same on ESP32.
 */
"use strict";

const { hookVm } = require("./vm-hooks.cjs");

/** In `devs_ctx_t`. */
const CTX_CURR_FN = 232;
const CTX_CURR_FIBER = 236;
/** In `devs_activation_t`: 16 bits. */
const ACTIVATION_PC = 4;
/** In `devs_fiber_t`: 16 bits. */
const FIBER_FUNCTION = 22;
/** A program counter has 16 bits. */
const ADDRESSES = 65_536;
/** More steps than a slice can have: the VM ends the program at 131,072. */
const SLICE_STEPS_MAX = 131_072;
/** A frame on the bus: header, and its size in the header's third byte. */
const FRAME_HEAD_BYTES = 12;
const FRAME_SIZE_AT = 2;
/** The smallest block of the program's heap, and what sizes are rounded to. */
const BLOCK_BYTES_MIN = 8;
const WORD_BYTES = 4;

class Profile {
  constructor() {
    /** Addresses of the slice that runs, in order. */
    this.trace = new Uint16Array(SLICE_STEPS_MAX);
    this.traced = 0;
    this.fiber = 0;
    this.startPc = 0;
    this.steps = new Float64Array(ADDRESSES);
    this.allocated = new Float64Array(ADDRESSES);
    this.clear();
  }

  attach({ memory }) {
    // The VM's memory has a fixed size: these stay valid.
    this.bytes = new Uint8Array(memory.buffer);
    this.halves = new Uint16Array(memory.buffer);
    this.words = new Uint32Array(memory.buffer);
  }

  clear() {
    this.sinceMs = performance.now();
    this.stepCount = 0;
    this.steps.fill(0);
    this.allocated.fill(0);
    /** By the fiber's first function and the address where the slice began, in one number: slices, steps, longest. */
    this.begun = new Map();
    this.longest = { steps: 0, fiber: 0, pc: 0, pcs: [] };
    this.allocs = 0;
    this.collections = 0;
    this.socketBytes = 0;
    this.busBytes = 0;
  }

  pcOf(context) {
    const activation = this.words[(context + CTX_CURR_FN) >> 2];
    return activation === 0 ? 0 : this.halves[(activation + ACTIVATION_PC) >> 1];
  }

  step(context) {
    const pc = this.pcOf(context);
    this.steps[pc]++;
    this.stepCount++;
    if (this.traced < SLICE_STEPS_MAX) this.trace[this.traced++] = pc;
  }

  slice(context) {
    this.endSlice();
    const fiber = this.words[(context + CTX_CURR_FIBER) >> 2];
    this.fiber = this.halves[(fiber + FIBER_FUNCTION) >> 1];
    this.startPc = this.pcOf(context);
  }

  /** The slice that ran last is over: known when another one begins, or when somebody asks. */
  endSlice() {
    const steps = this.traced;
    this.traced = 0;
    if (steps === 0) return;
    const key = this.fiber * ADDRESSES + this.startPc;
    const known = this.begun.get(key) ?? [0, 0, 0];
    this.begun.set(key, [known[0] + 1, known[1] + steps, Math.max(known[2], steps)]);
    if (steps <= this.longest.steps) return;
    const pcs = pairsOf(this.trace.subarray(0, steps));
    this.longest = { steps, fiber: this.fiber, pc: this.startPc, pcs };
  }

  alloc(bytes) {
    const words = Math.ceil(bytes / WORD_BYTES);
    const pc = this.traced > 0 ? this.trace[this.traced - 1] : 0;
    this.allocated[pc] += Math.max(words * WORD_BYTES, BLOCK_BYTES_MIN);
    this.allocs++;
  }

  /** Everything since the last call, as plain data. */
  take() {
    this.endSlice();
    const taken = {
      ms: performance.now() - this.sinceMs,
      steps: this.stepCount,
      pcs: pcsOf(this.steps, this.allocated),
      slices: [...this.begun].map(([key, counts]) => {
        return [Math.floor(key / ADDRESSES), key % ADDRESSES, ...counts];
      }),
      longest: this.longest,
      allocs: this.allocs,
      collections: this.collections,
      socketBytes: this.socketBytes,
      busBytes: this.busBytes,
    };
    this.clear();
    return taken;
  }

  /** The VM's calls to the world, with what they send counted. */
  imports(given) {
    const { env } = given;
    return {
      ...given,
      env: {
        ...env,
        _jd_tcpsock_write: (at, size) => {
          this.socketBytes += size;
          return env._jd_tcpsock_write(at, size);
        },
        em_send_frame: (at) => {
          this.busBytes += FRAME_HEAD_BYTES + this.bytes[at + FRAME_SIZE_AT];
          return env.em_send_frame(at);
        },
        em_send_large_frame: (at, size) => {
          this.busBytes += size;
          return env.em_send_large_frame(at, size);
        },
      },
    };
  }
}

/** [address, count] of a trace. */
function pairsOf(trace) {
  const counts = new Map();
  for (const pc of trace) counts.set(pc, (counts.get(pc) ?? 0) + 1);
  return [...counts];
}

/** [address, steps, bytes allocated] where there is any. */
function pcsOf(steps, allocated) {
  const pcs = [];
  for (let pc = 0; pc < ADDRESSES; pc++) {
    if (steps[pc] > 0 || allocated[pc] > 0) pcs.push([pc, steps[pc], allocated[pc]]);
  }
  return pcs;
}

/** Counts in every VM of this process from now on. @returns a function: what was counted since its last call. */
function startProfile() {
  const profile = new Profile();
  hookVm({
    hooks: {
      step: (context) => profile.step(context),
      slice: (context) => profile.slice(context),
      alloc: (bytes) => profile.alloc(bytes),
      collect: () => profile.collections++,
    },
    imports: (given) => profile.imports(given),
    exports: (exports) => {
      profile.attach(exports);
      return exports;
    },
  });
  return () => profile.take();
}

module.exports = { startProfile };
