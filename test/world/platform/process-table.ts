/** The processes of the world: spawned by name, talking by messages and pipes, stopped and killed by signals. */
import { EventEmitter } from "node:events";
import type { Chance } from "../../../src/time/chance.js";
import { systemError } from "./disk-state.js";
import type { Network } from "./network-state.js";
import { newLife, type Life, type Time } from "./time.js";

/** What runs in a process: called once in its own life. */
export type ProgramBody = (self: WorldProcess) => void;

/** Above every pid that a kernel gives: a number that gets out of the world hits nobody. */
const FIRST_PID = 1 << 30;
const OPTIONS_ENV = "BUDDY_PART_OPTIONS";

export class ProcessTable {
  readonly all = new Map<number, WorldProcess>();
  /** By the end of a command line. */
  readonly programs = new Map<string, ProgramBody>();
  /** Spawns fail with that code, as when no descriptor is left. */
  spawnFails: string | undefined;
  private lastPid = FIRST_PID;

  constructor(
    readonly time: Time,
    readonly network: Network,
    readonly chance: Chance,
  ) {}

  spawn(file: string, args: readonly string[], env: Record<string, string>): WorldChild {
    if (this.spawnFails !== undefined)
      return unspawned(systemError(this.spawnFails, "spawn", file));
    const line = [file, ...args].join(" ");
    const found = [...this.programs].find(([end]) => line.endsWith(end));
    if (found === undefined) throw new Error(`the world has no program ${line}`);
    const [name, body] = found;
    const process = new WorldProcess(this, ++this.lastPid, name, env[OPTIONS_ENV] ?? "{}");
    this.all.set(process.pid, process);
    this.time.after(1 + this.chance.next() * 5, () => body(process), process.life);
    return process.child;
  }

  /** `process.kill` of the world. @throws ESRCH for a process that is gone. */
  kill(pid: number, signal: string | number | undefined): void {
    const process = this.all.get(Math.abs(pid));
    if (process === undefined) throw systemError("ESRCH", "kill", String(pid));
    if (signal === "SIGKILL") process.end(null, "SIGKILL");
  }

  /** Whose event is carried out. */
  currentProcess(): WorldProcess {
    const { current } = this.time;
    const found = [...this.all.values()].find(({ life }) => life === current);
    if (found === undefined) throw new Error("no process of the world runs now");
    return found;
  }

  alive(name: string): WorldProcess[] {
    return [...this.all.values()].filter((process) => process.name === name);
  }

  /** A life is over: its streams are reset and what it had started ends, as its channel is gone. */
  endLife(life: Life): void {
    life.isDead = true;
    this.network.closeAllOf(life);
    for (const process of [...this.all.values()]) {
      if (process.parent !== life) continue;
      this.time.after(10, () => process.end(1, null), null);
    }
  }
}

/** A process as it sees itself. */
export class WorldProcess {
  readonly life: Life;
  /** Who started it. */
  readonly parent: Life | undefined;
  readonly child: WorldChild;
  onMessage: (message: { type: string; [field: string]: unknown }) => void = () => undefined;

  constructor(
    readonly table: ProcessTable,
    readonly pid: number,
    readonly name: string,
    readonly options: string,
  ) {
    this.life = newLife(name);
    this.parent = table.time.current;
    this.child = new WorldChild(this);
  }

  /** A message to the parent. */
  send(message: unknown): void {
    this.toParent(() => this.child.emit("message", JSON.parse(JSON.stringify(message))));
  }

  /** Bytes into its fifth file, the renderers' pipe. */
  pipe(bytes: Buffer): void {
    this.toParent(() => this.child.stdio[4].emit("data", bytes));
  }

  /** It is over, by itself or not. */
  end(code: number | null, signal: string | null): void {
    if (!this.table.all.delete(this.pid)) return;
    this.table.endLife(this.life);
    this.toParent(() => {
      const { child } = this;
      child.connected = false;
      child.exitCode = code;
      child.signalCode = signal;
      child.stdio[4].emit("end");
      child.emit("exit", code, signal);
      child.emit("close", code, signal);
    });
  }

  private toParent(tell: () => void): void {
    this.table.time.after(0.2, tell, this.parent);
  }
}

/** As Node has it when no descriptor is left: a child without pid and streams that says "error". */
function unspawned(error: Error): WorldChild {
  const child = new EventEmitter();
  process.nextTick(() => child.emit("error", error));
  return Object.assign(child, { connected: false, exitCode: null, signalCode: null }) as WorldChild;
}

class Pipe extends EventEmitter {
  setEncoding(): this {
    return this;
  }
}

/** A process as its parent sees it: what the product uses of a `ChildProcess`. */
export class WorldChild extends EventEmitter {
  readonly pid: number;
  readonly stdout = new Pipe();
  readonly stderr = new Pipe();
  readonly stdio: [null, Pipe, Pipe, null, Pipe] = [
    null,
    this.stdout,
    this.stderr,
    null,
    new Pipe(),
  ];
  connected = true;
  exitCode: number | null = null;
  signalCode: string | null = null;

  constructor(private readonly of: WorldProcess) {
    super();
    this.pid = of.pid;
  }

  send(message: unknown, done: (error: Error | null) => void): boolean {
    const { of } = this;
    const copy = JSON.parse(JSON.stringify(message)) as { type: string };
    of.table.time.after(0.2, () => of.onMessage(copy), of.life);
    // A process that does not read fills the channel: only then is the sender told that it was taken.
    const { time } = of.table;
    const { current } = time;
    time.after(0.2, () => time.after(0, () => done(null), current), of.life);
    return true;
  }

  kill(signal: string): boolean {
    if (signal === "SIGKILL") this.of.end(null, signal);
    else this.of.table.time.after(0.2, () => this.of.onMessage({ type: "stop" }), this.of.life);
    return true;
  }
}
