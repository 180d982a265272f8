/**
 * Plays a chip (`chips.ts`): the VM executes only that chip's steps a second. Loaded by `vm-shim.cjs` only when a chip is
 * asked for.
 *
 * What the VM executes is counted (`vm-hooks.cjs`), and before it looks at the clock, sends something or gives the
 * process back, the process sleeps until the chip would have got there. So everything waits that waits on the chip:
 * frames and what sockets bring queue, fibers come late, and a slice of 50 ms takes 50 ms. The main loop is the port's:
 * it runs every 10 ms or when a frame has come, takes one frame at a time, and reads the sockets after the fibers have run.
 */
"use strict";

const { hookVm } = require("./vm-hooks.cjs");
const { Pace, Radio } = require("./vm-pace.cjs");

/** Frames that wait in this process; beyond that the pipe is not read, and the host's own limit holds. */
const FRAMES_MAX = 64;
/** Sleeping shorter than this takes longer than that: it is left to add up. */
const WAIT_MS_MIN = 0.2;
/** "Lately" is between one and two of these. */
const LATELY_MS = 5000;
/** The heap's size as the VM was built (`devs_gc_create`). */
const BUILT_HEAP_BYTES = 65_536;
/** What a program can reach of the world; each finds the chip's time. */
const WORLD = [
  "em_time_now",
  "em_send_frame",
  "em_send_large_frame",
  "_jd_tcpsock_new",
  "_jd_tcpsock_write",
  "_jd_tcpsock_close",
  "_devs_panic_handler",
];

class Chip {
  /** @param order `ChipOrder` of `chips.ts`. */
  constructor(order) {
    this.order = order;
    this.pace = new Pace(order.stepsPerS);
    this.radio = order.powerSave ? new Radio(order.beaconMs, order.awakeMs) : undefined;
    this.cell = new Int32Array(new SharedArrayBuffer(4));
    /** Executed and not yet waited for. */
    this.unpaid = 0;
    this.steps = 0;
    this.sliceSteps = 0;
    this.longest = [0, 0];
    this.longestSinceMs = 0;
    this.told = { atMs: performance.now(), busyMs: 0, steps: 0 };
    this.frames = [];
    this.isDraining = false;
    /** What sockets have brought and the VM has not read: `{ socket, name, value, dueMs }`. */
    this.arrived = [];
  }

  /** From now on every VM of this process is the chip's. */
  start() {
    const { heapBytes, aesBlockSteps } = this.order;
    hookVm({
      hooks: {
        step: () => {
          this.unpaid++;
          this.steps++;
          this.sliceSteps++;
        },
        slice: () => this.endSlice(),
        aes: () => (this.unpaid += aesBlockSteps),
      },
      constants: [{ in: "devs_gc_create", from: BUILT_HEAP_BYTES, to: heapBytes }],
      imports: (given) => this.imports(given),
      exports: (exports) => this.exports(exports),
    });
  }

  /** A frame for the VM; each gets a turn of the main loop of its own. */
  takeFrame(pipe, deliver) {
    this.frames.push(deliver);
    if (this.frames.length >= FRAMES_MAX) pipe.pause();
    if (!this.isDraining) this.drainFrames(pipe);
  }

  /** Something has come for a socket: the VM reads it when its main loop gets there. */
  hold(socket, name, value) {
    const nowMs = performance.now();
    const dueMs = this.radio === undefined ? nowMs : this.radio.heardAt(nowMs);
    this.arrived.push({ socket, name, value, dueMs });
    if (name !== "data") return;
    socket.heldBytes = (socket.heldBytes ?? 0) + value.length;
    if (socket.heldBytes > this.order.windowBytes) socket.inner.pause();
  }

  /** The VM sends by a socket. */
  sends() {
    this.radio?.stay(performance.now());
  }

  /** Since the last call: how busy the chip was (0..1), its steps a second; and the longest slice lately. */
  tell() {
    const nowMs = performance.now();
    const { pace, steps, told } = this;
    const ms = Math.max(1, nowMs - told.atMs);
    this.told = { atMs: nowMs, busyMs: pace.busyMs, steps };
    this.endSlice();
    return {
      busy: Math.min(1, (pace.busyMs - told.busyMs) / ms),
      stepsPerS: Math.round(((steps - told.steps) * 1000) / ms),
      longestSliceSteps: Math.max(...this.longest),
    };
  }

  drainFrames(pipe) {
    this.isDraining = true;
    setImmediate(() => {
      this.frames.shift()?.();
      if (this.frames.length === 0) pipe.resume();
      this.isDraining = this.frames.length > 0;
      if (this.isDraining) this.drainFrames(pipe);
    });
  }

  endSlice() {
    const nowMs = performance.now();
    if (nowMs - this.longestSinceMs > LATELY_MS) {
      this.longest = [0, this.longest[0]];
      this.longestSinceMs = nowMs;
    }
    this.longest[0] = Math.max(this.longest[0], this.sliceSteps);
    this.sliceSteps = 0;
  }

  /** Sleeps until the chip has done what the VM has done. */
  settle() {
    const untilMs = this.pace.spend(this.unpaid);
    this.unpaid = 0;
    const waitMs = untilMs - performance.now();
    if (waitMs >= WAIT_MS_MIN) Atomics.wait(this.cell, 0, 0, waitMs);
    this.pace.resume(performance.now());
  }

  imports(given) {
    const env = { ...given.env };
    for (const name of WORLD) {
      const call = env[name];
      env[name] = (...args) => {
        this.settle();
        return call(...args);
      };
    }
    return { ...given, env };
  }

  exports(exports) {
    const paced = { ...exports };
    for (const name of Object.keys(exports).filter((one) => one.startsWith("jd_em_"))) {
      paced[name] = (...args) => {
        this.pace.begin(performance.now());
        const result = exports[name](...args);
        this.settle();
        return result;
      };
    }
    const { jd_em_process: run } = paced;
    paced.jd_em_process = () => {
      const tick = this.tickAt(performance.now());
      run();
      this.readSockets();
      return this.untilNextUs(tick);
    };
    return paced;
  }

  tickAt(nowMs) {
    return Math.floor(nowMs / this.order.tickMs);
  }

  /** µs until the main loop runs again: at the next tick, or at once when one has come while it ran. */
  untilNextUs(tick) {
    const nowMs = performance.now();
    const nextMs = (tick + 1) * this.order.tickMs;
    // Whole milliseconds, as timers count: a little early would be a turn too many.
    return Math.ceil(Math.max(0, nextMs - nowMs)) * 1000;
  }

  /** As the port does it: everything that is there, in pieces of what its buffer takes. */
  readSockets() {
    const nowMs = performance.now();
    const late = this.arrived.findIndex(({ dueMs }) => dueMs > nowMs);
    const due = this.arrived.splice(0, late < 0 ? this.arrived.length : late);
    for (let at = 0; at < due.length;) {
      const { socket, name, value } = due[at++];
      if (name !== "data") {
        socket.emit(name, value);
        continue;
      }
      const pieces = [value];
      while (at < due.length && due[at].name === "data" && due[at].socket === socket) {
        pieces.push(due[at++].value);
      }
      this.readSocket(socket, Buffer.concat(pieces));
    }
  }

  readSocket(socket, bytes) {
    const { readBytes, windowBytes } = this.order;
    for (let at = 0; at < bytes.length; at += readBytes) {
      socket.emit("data", bytes.subarray(at, at + readBytes));
    }
    socket.heldBytes -= bytes.length;
    if (socket.heldBytes <= windowBytes && !socket.silent) socket.inner.resume();
  }
}

module.exports = { Chip };
