/**
 * Preloaded (`node --require`) into the process of the stock DeviceScript VM, which stays unmodified. It gives the
 * VM what a board has and the bare VM lacks:
 *
 * - a Jacdac bus that is a private pipe to the host instead of the fixed TCP port 8082, so that several
 *   simulators run side by side and no stranger can reach a servo;
 * - a network interrupt: the VM looks at its sockets every 10 ms unless a bus frame arrives, so each socket event
 *   is followed by one frame that is addressed to nobody;
 * - WiFi that can be switched off (open connections turn silent or break, new ones find no network) or be bad (`vm-air.cjs`);
 * - a time that does not jump when this machine's clock is set;
 * - figures of its heap, and an end when its parent ends.
 *
 * It is CommonJS because `--require` is what runs before the VM on every supported Node. Options come as JSON in
 * the environment variable BUDDY_VM: `{ parentPid, hubFd, wifi, profile, chip, flash }`; with `profile` the VM's steps
 * are counted (`vm-profile.cjs`), with `chip` it has a chip's pace (`vm-chip.cjs`), without both it is not touched.
 */
"use strict";

const { EventEmitter } = require("node:events");
const fs = require("node:fs");
const Module = require("node:module");
const net = require("node:net");
const tls = require("node:tls");
const { Worker, isMainThread, workerData } = require("node:worker_threads");
const { walkHeap } = require("./vm-heap.cjs");
const { closeInheritedPorts } = require("./vm-inherited.cjs");
const { Radio, RadioSocket } = require("./vm-radio.cjs");

/** The port that the VM's host dials for the bus, as the stock command does. */
const HUB_PORT = 8082;
/** A parent killed with SIGKILL is noticed within this time even when the VM never yields. */
const PARENT_CHECK_MS = 250;
/** Readings of the live heap: 100 ms in all, in which a running program allocates several times. */
const LIVE_HEAP_READINGS = 20;
const LIVE_HEAP_STEP_MS = 5;
/** How often it is told how busy the chip is. */
const CHIP_TELL_MS = 500;

/** The whole of the hub's pipe; frames reach the VM one by one and never in pieces. */
class Hub {
  constructor(fd, chip) {
    this.chip = chip;
    this.pipe = new net.Socket({ fd, readable: true, writable: true });
    this.deliver = undefined;
    this.rest = Buffer.alloc(0);
    this.pipe.on("data", (chunk) => this.take(chunk));
    // The host has gone or closed the bus: a VM without one serves nobody.
    this.pipe.on("close", () => process.exit(0));
    this.pipe.on("error", () => process.exit(0));
  }

  /** The socket that the VM believes to be its TCP connection. */
  connect(onConnect) {
    const socket = new EventEmitter();
    socket.setNoDelay = () => socket;
    socket.write = (bytes) => this.pipe.write(bytes);
    socket.end = () => undefined;
    this.deliver = (frame) => socket.emit("data", frame);
    setImmediate(onConnect);
    return socket;
  }

  take(chunk) {
    let bytes = this.rest.length > 0 ? Buffer.concat([this.rest, chunk]) : chunk;
    while (bytes.length > 0 && bytes.length > bytes[0]) {
      const end = bytes[0] + 1;
      const frame = bytes.subarray(0, end);
      if (this.chip) this.chip.takeFrame(this.pipe, () => this.deliver?.(frame));
      else this.deliver?.(frame);
      bytes = bytes.subarray(end);
    }
    this.rest = bytes;
  }

  /** Makes the VM run at once. Safe at any time between frames, which is always: `take` keeps them whole. */
  wake() {
    this.deliver?.(WAKE_FRAME);
  }
}

/** A length byte, then a frame with one empty command for a device that does not exist. */
const WAKE_FRAME = (() => {
  const frame = Buffer.alloc(1 + 16);
  frame[0] = 16;
  frame[3] = 4; // payload: one packet header, without data
  frame[4] = 1; // a command
  frame.fill(0xfe, 5, 13); // device id
  frame.writeUInt16LE(crc16(frame.subarray(3)), 1);
  return frame;
})();

/** CRC-16/CCITT with initial value 0xffff, as the Jacdac frame header wants it. */
function crc16(bytes) {
  let crc = 0xffff;
  for (const byte of bytes) {
    let x = ((crc >> 8) ^ byte) & 0xff;
    x ^= x >> 4;
    crc = ((crc << 8) ^ (x << 12) ^ (x << 5) ^ x) & 0xffff;
  }
  return crc;
}

/** Routes the VM's connections: to the hub, or out through the radio. */
function interceptSockets(hub, radio) {
  const connectTcp = net.createConnection;
  const connectTls = tls.connect;
  let busUp = false;
  net.createConnection = function (...args) {
    if (args[0] === HUB_PORT) {
      busUp = true;
      return hub.connect(args[2]);
    }
    return new RadioSocket(radio, connectTcp.apply(net, args));
  };
  tls.connect = function (...args) {
    return new RadioSocket(radio, connectTls.apply(tls, args));
  };
  // Before it opens a socket the VM asks whether `tls` can be loaded; a no is what a board without WiFi
  // says: RangeError "network not available".
  const load = Module._load;
  Module._load = function (request, ...rest) {
    if (request === "tls" && busUp && !radio.on) throw new Error("WiFi is off");
    return load.call(this, request, ...rest);
  };
}

/**
 * Gives the VM a flash of another size that lies within a larger file (a simulated board's whole flash): `bytes` from
 * `offset` on. The runtime's own way of saving leaves out the last byte, which would be one of the program's pages.
 */
function keepFlashIn({ file, offset, bytes }) {
  const instantiate = WebAssembly.instantiate;
  WebAssembly.instantiate = async function (source, given, ...rest) {
    if (given?.env?.em_flash_size === undefined) {
      return instantiate.call(this, source, given, ...rest);
    }
    const fd = fs.openSync(file, "r+");
    let vm;
    const flashOf = (start) => new Uint8Array(vm.memory.buffer, start, bytes);
    const env = {
      ...given.env,
      em_flash_size: () => bytes,
      em_flash_load: (start) => fs.readSync(fd, flashOf(start), 0, bytes, offset),
      em_flash_save: (start) => fs.writeSync(fd, flashOf(start), 0, bytes, offset),
    };
    const result = await instantiate.call(this, source, { ...given, env }, ...rest);
    vm = (result.instance ?? result).exports;
    return result;
  };
}

/** Finds the VM among WebAssembly instances and returns a reader of its heap. */
function watchHeap() {
  let vm;
  const instantiate = WebAssembly.instantiate;
  WebAssembly.instantiate = async function (...args) {
    const result = await instantiate.apply(this, args);
    const { exports } = result.instance ?? result;
    if (exports.jd_em_process) vm = exports;
    return result;
  };
  return async ({ live }) => {
    if (vm === undefined) return undefined;
    return live ? readLive(vm) : walkHeap(vm.memory.buffer);
  };
}

/** The smallest of several readings while the VM collects before every allocation: what is really in use. */
async function readLive(vm) {
  let least;
  vm.jd_em_devs_enable_gc_stress(1);
  try {
    for (let i = 0; i < LIVE_HEAP_READINGS; i++) {
      await new Promise((resolve) => setTimeout(resolve, LIVE_HEAP_STEP_MS));
      const heap = walkHeap(vm.memory.buffer);
      if (heap && !(least?.usedBytes <= heap.usedBytes)) least = heap;
    }
    return least;
  } finally {
    vm.jd_em_devs_enable_gc_stress(0);
  }
}

/** @param answers what can be asked for, by the message's type: message → answer, or a promise of it. */
function serveHost(radio, answers) {
  process.on("disconnect", () => process.exit(0));
  process.on("message", (message) => {
    if (message?.type === "wifi") radio.set(message.on, message.mode);
    if (message?.type === "air") radio.breathe(message.air);
    const answer = answers[message?.type];
    if (answer === undefined) return;
    void Promise.resolve(answer(message)).then((value) => {
      if (process.connected) process.send({ type: "answer", id: message.id, value });
    });
  });
}

/** Has the VM play a chip, and tells the host how it does. @returns undefined when none is asked for. */
function playChip(order) {
  if (order === undefined) return undefined;
  const { Chip } = require("./vm-chip.cjs");
  const chip = new Chip(order);
  chip.start();
  setInterval(() => {
    if (process.connected) process.send({ type: "chip", ...chip.tell() });
  }, CHIP_TELL_MS).unref();
  return chip;
}

/**
 * The VM takes its uptime from the wall clock, and a board's does not jump: when somebody sets this machine's clock, the program
 * would see hours pass and end its link. From here on the VM's wall clock goes as the monotonic one does.
 */
function keepSteadyTime() {
  const zeroMs = Date.now() - performance.now();
  Date.now = () => Math.floor(zeroMs + performance.now());
}

/** Runs in a thread of its own, because a program that never yields stops the VM's event loop. */
function watchParent(parentPid) {
  setInterval(() => {
    let alive = process.ppid === parentPid;
    try {
      process.kill(parentPid, 0);
    } catch (error) {
      alive = alive && error.code === "EPERM";
    }
    if (!alive) process.kill(process.pid, "SIGKILL");
  }, PARENT_CHECK_MS);
}

function main() {
  const options = JSON.parse(process.env.BUDDY_VM);
  closeInheritedPorts();
  new Worker(__filename, { workerData: options.parentPid, execArgv: [] }).unref();
  keepSteadyTime();
  const chip = playChip(options.chip);
  const hub = new Hub(options.hubFd, chip);
  const radio = new Radio(hub, options.wifi, chip);
  interceptSockets(hub, radio);
  if (options.flash) keepFlashIn(options.flash);
  const answers = { heap: watchHeap() };
  if (options.profile) answers.profile = require("./vm-profile.cjs").startProfile();
  serveHost(radio, answers);
}

if (isMainThread) main();
else watchParent(workerData);
