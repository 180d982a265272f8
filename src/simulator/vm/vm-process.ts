/**
 * One stock DeviceScript VM as a child process, kept alive: `VmProcess` spawns it with the shim, reads its console,
 * hands its bus stream on and carries out what `vm-life.ts` decides. Nothing else starts or ends the VM.
 *
 * Its folder is its flash: `.devicescript/flash/sim.bin` there survives restarts; the program and its debug
 * data are copied in before each start, so that a build may replace them at any time.
 */
import { spawn, type ChildProcess } from "node:child_process";
import { EventEmitter } from "node:events";
import { chmodSync, copyFileSync, existsSync, mkdirSync, rmSync } from "node:fs";
import path from "node:path";
import type { Duplex } from "node:stream";
import { LineQuota } from "../../time/line-quota.js";
import { cpuMsOf } from "../../host/cpu-time.js";
import { SMALL_HEAP_ARGS, SMALL_HEAP_ENV } from "../../host/small-heap.js";
import { NO_EFFORT, type Effort } from "../../resilience/patience.js";
import { SimulatorError } from "./errors.js";
import { cliPath, hostPath, shimPath } from "./paths.js";
import { isUnstable, newVmLife, stepVmLife, type VmEffect, type VmInput } from "./vm-life.js";
import { LineReader, readVmLine } from "./vm-lines.js";
import { VmQuestions } from "./vm-questions.js";
import type { Air, VmEvents, VmOptions, VmStatus, WifiCut } from "./vm-types.js";
import {
  answerSchema,
  chipSchema,
  heapSchema,
  profileSchema,
  type ChipLoad,
  type VmHeap,
  type VmProfile,
} from "./vm-answers.js";

const TICK_MS = 250;
/** The bus's pipe in the child, after stdin, stdout, stderr and the message channel. */
const HUB_FD = 4;
/** Console lines handed on per second; a program that prints more is cut and the number lost is told. */
const LINES_PER_SECOND_MAX = 200;

export class VmProcess extends EventEmitter<VmEvents> {
  private life;
  private child: ChildProcess | undefined;
  private isWifiOn = false;
  private lastFault: string | undefined;
  private chipLoad: ChipLoad | undefined;
  private cancelTick: (() => void) | undefined;
  private stopped: { promise: Promise<void>; resolve: () => void } | undefined;
  private readonly questions: VmQuestions;
  private readonly lines = new LineQuota(LINES_PER_SECOND_MAX);
  /** Chunks that this VM's process has printed. */
  private words = 0;

  constructor(private readonly options: VmOptions) {
    super();
    this.life = newVmLife(options.clock.nowMs());
    this.questions = new VmQuestions(options.clock, (message) => this.post(message));
  }

  /**
   * Starts the VM; from then on it is kept alive until `stop`.
   * @throws SimulatorError `SIM_VM_MISSING` or `SIM_FIRMWARE_MISSING`.
   */
  start(): void {
    cliPath();
    this.requireFirmware();
    this.cancelTick ??= this.options.clock.every(TICK_MS, () =>
      this.step({ kind: "tick", effort: this.effort() }),
    );
    this.step({ kind: "start" });
  }

  /** Kills the VM and resolves when its process is gone. */
  stop(): Promise<void> {
    this.cancelTick?.();
    this.cancelTick = undefined;
    this.step({ kind: "stop" });
    if (this.life.phase.kind === "stopped") return Promise.resolve();
    if (this.stopped === undefined) {
      let resolve = (): void => undefined;
      const promise = new Promise<void>((done) => (resolve = done));
      this.stopped = { promise, resolve };
    }
    return this.stopped.promise;
  }

  /** Ends the VM's process as `kill -9` from outside would; it boots again after a second. */
  kill(): void {
    this.child?.kill("SIGKILL");
  }

  status(): VmStatus {
    return {
      vm: this.life.phase.kind,
      pid: this.child?.pid,
      restarts: this.life.restarts,
      unstable: isUnstable(this.life, this.options.clock.nowMs()),
      lastFault: this.lastFault,
      chipLoad: this.chipLoad,
    };
  }

  /** What this VM's process has done so far; asked of the system only while something is awaited of it. */
  private effort(): Effort {
    const { kind } = this.life.phase;
    if (kind !== "starting" && kind !== "running") return NO_EFFORT;
    return { words: this.words, cpuMs: cpuMsOf(this.child?.pid) };
  }

  /** Tells the life of the VM that a bus frame of the VM arrived. */
  heard(): void {
    this.step({ kind: "frame" });
  }

  /** Lets packets through, or none; off at the start. */
  setWifi(on: boolean, mode: WifiCut): void {
    this.isWifiOn = on;
    this.post({ type: "wifi", on, mode });
  }

  /** Puts bad air around the VM that runs now, or takes it away; a VM that starts has none. */
  setAir(air: Air | undefined): void {
    this.post({ type: "air", air });
  }

  /**
   * Reads the heap, garbage included, or with `live` only what is in use (makes the VM collect for 100 ms).
   * Undefined when the VM does not answer within 2 s or runs no program.
   */
  async heap(live = false): Promise<VmHeap | undefined> {
    return heapSchema.safeParse(await this.questions.ask({ type: "heap", live })).data;
  }

  /** What the program cost since the last call. Undefined without `VmOptions.profile` or when the VM does not answer. */
  async profile(): Promise<VmProfile | undefined> {
    return profileSchema.safeParse(await this.questions.ask({ type: "profile" })).data;
  }

  private step(input: VmInput): void {
    const { life, effects } = stepVmLife(this.life, input, this.options.clock.nowMs());
    this.life = life;
    for (const effect of effects) this.carryOut(effect);
    if (life.phase.kind === "stopped") {
      this.stopped?.resolve();
      this.stopped = undefined;
    }
  }

  private carryOut(effect: VmEffect): void {
    switch (effect.kind) {
      case "spawn":
        return this.spawn();
      case "kill":
        return this.kill();
      case "came-up":
        this.emit("up");
        return;
      case "at-work":
        this.emit("atWork");
        return;
      case "lost":
        this.lastFault = effect.why;
        this.emit("lost", effect.why, effect.waitMs);
        return;
    }
  }

  private spawn(): void {
    const child = this.launch();
    this.child = child;
    this.words = 0;
    const isCurrent = (): boolean => this.child === child;
    for (const [stream, name] of [
      [child.stdout, "out"],
      [child.stderr, "err"],
    ] as const) {
      const reader = new LineReader();
      stream?.setEncoding("utf8");
      stream?.on("data", (chunk: string) => {
        if (isCurrent()) this.words += 1;
        for (const line of reader.read(chunk)) if (isCurrent()) this.hear(line, name);
      });
    }
    child.on("message", (raw) => {
      if (isCurrent()) this.receive(raw);
    });
    child.on("error", (error) => {
      // With a process id it is one message or signal that failed; the exit will tell the rest.
      if (child.pid === undefined) this.left(child, `could not run: ${error.message}`);
    });
    child.on("exit", (code, signal) =>
      this.left(child, signal === null ? `exited with ${code}` : `killed by ${signal}`),
    );
    const stream = child.stdio[HUB_FD] as Duplex;
    // The exit of the process tells the same, with a reason.
    stream.on("error", () => undefined);
    this.emit("stream", stream);
  }

  private launch(): ChildProcess {
    const { dir, firmware, deviceId, flash } = this.options;
    mkdirSync(dir, { recursive: true });
    if (firmware !== undefined) this.bring(firmware);
    const shim = {
      parentPid: process.pid,
      hubFd: HUB_FD,
      wifi: this.isWifiOn,
      profile: this.options.profile === true,
      chip: this.options.chip,
      flash,
    };
    const vm = [hostPath(), cliPath(), deviceId];
    if (firmware !== undefined) vm.push(path.join(".devicescript", "bin", "bytecode.devs"));
    return spawn(process.execPath, [...SMALL_HEAP_ARGS, "--require", shimPath(), ...vm], {
      cwd: dir,
      stdio: ["ignore", "pipe", "pipe", "ipc", "pipe"],
      env: { ...process.env, ...SMALL_HEAP_ENV, BUDDY_VM: JSON.stringify(shim) },
    });
  }

  private bring(firmware: string): void {
    const bin = path.join(this.options.dir, ".devicescript", "bin");
    mkdirSync(bin, { recursive: true });
    const debug = firmware.replace(/\.devs$/, "-dbg.json");
    // A firmware that is being rebuilt may be missing for a moment; the copy of the last start serves then.
    if (existsSync(firmware)) copyForOwner(firmware, path.join(bin, "bytecode.devs"));
    if (existsSync(debug)) copyForOwner(debug, path.join(bin, "bytecode-dbg.json"));
    else rmSync(path.join(bin, "bytecode-dbg.json"), { force: true });
  }

  private left(child: ChildProcess, why: string): void {
    if (this.child !== child) return;
    this.child = undefined;
    this.chipLoad = undefined;
    this.questions.giveUp();
    this.step({ kind: "exited", why });
  }

  private hear(raw: string, stream: "out" | "err"): void {
    const line = readVmLine(raw, stream);
    switch (line.kind) {
      case "console":
        if (this.mayPrint()) this.emit("console", line.text, line.level);
        return;
      case "talk":
        if (this.mayPrint()) this.emit("talk", line.text);
        return;
      case "panic":
        this.emit("panic", line.code);
        return;
      case "restart":
        this.emit("restart");
        return;
      case "dead":
        this.emit("talk", line.why);
        return this.step({ kind: "dead", why: line.why });
    }
  }

  private mayPrint(): boolean {
    return this.lines.admit(this.options.clock.nowMs(), (lost) =>
      this.emit("talk", `${lost} lines of the console were not shown`),
    );
  }

  private receive(raw: unknown): void {
    const answer = answerSchema.safeParse(raw);
    if (answer.success) this.questions.answer(answer.data.id, answer.data.value);
    const chip = chipSchema.safeParse(raw);
    if (chip.success) this.chipLoad = chip.data;
  }

  private post(message: object): boolean {
    if (this.child?.connected !== true) return false;
    // A channel that closes meanwhile belongs to a VM that has ended; its exit is handled.
    this.child.send(message, () => undefined);
    return true;
  }

  private requireFirmware(): void {
    const { firmware } = this.options;
    if (firmware === undefined || existsSync(firmware)) return;
    throw new SimulatorError(
      "SIM_FIRMWARE_MISSING",
      `no bytecode at ${firmware}: build it with "npm run build"`,
    );
  }
}

/** The copy is its owner's alone, as all of the data directory; a copy has the rights of what it was made of. */
function copyForOwner(from: string, to: string): void {
  copyFileSync(from, to);
  chmodSync(to, 0o600);
}
