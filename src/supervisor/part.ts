/**
 * One part's process: spawns it, carries words both ways, ends it. It decides nothing; what it sees goes up as
 * events, what must be done comes down as calls (`part-core.ts` decides).
 *
 * Each part is the leader of a process group of its own. So Ctrl-C in a terminal reaches only the companion,
 * which then stops the parts in order, and whatever a part leaves behind when it dies is swept with its group.
 */
import { spawn, type ChildProcess } from "node:child_process";
import type { CancelTimer, Clock } from "../time/clock.js";
import { LineTap } from "./line-tap.js";
import {
  OPTIONS_ENV,
  parseFromChild,
  type LogLevel,
  type ParentMessage,
  type PartMessage,
  type PartStatus,
} from "../child/messages.js";
import { cpuMsOf } from "../host/cpu-time.js";
import type { Colour } from "../resilience/failure-detector.js";
import type { Effort } from "../resilience/patience.js";
import type { Exit, PartEvent } from "./part-types.js";

/** Messages waiting for a part that does not read; beyond it all but `stop` are dropped. */
const UNSENT_MAX = 64;
/** Wait for a dead part's last words after its exit; its pipe may be held open by something it started. */
const LAST_WORDS_MS_MAX = 100;

/** What a process says of itself; how the machine was when it ended is the supervisor's to add. */
export type ProcessEvent =
  Exclude<PartEvent, { type: "exit" }> | Omit<Extract<PartEvent, { type: "exit" }>, "isLoaded">;

export interface PartEvents {
  event(event: ProcessEvent): void;
  status(status: PartStatus): void;
  log(level: LogLevel, line: string): void;
  message(message: PartMessage): void;
  /** How the part sees the companion's beats. */
  sight(colour: Colour, silentMs: number): void;
}

export interface Command {
  readonly file: string;
  readonly args: readonly string[];
  readonly env: Readonly<Record<string, string>>;
}

export class PartProcess {
  private child: ChildProcess | undefined;
  private unsent = 0;
  /** Chunks printed, lines logged and phases told by this process. */
  private words = 0;

  constructor(
    private readonly clock: Clock,
    private readonly events: PartEvents,
  ) {}

  /** Process id, while there is a process. */
  get pid(): number | undefined {
    return this.child?.pid;
  }

  /** What this process has done so far. */
  effort(): Effort {
    return { words: this.words, cpuMs: cpuMsOf(this.child?.pid) };
  }

  /** Starts the process. Whatever goes wrong comes back as an `exit` event of this generation. */
  start(generation: number, command: Command, options: unknown): void {
    let child: ChildProcess;
    try {
      child = spawn(command.file, [...command.args], {
        stdio: ["ignore", "pipe", "pipe", "ipc"],
        detached: process.platform !== "win32",
        env: { ...process.env, ...command.env, [OPTIONS_ENV]: JSON.stringify(options) },
      });
    } catch (error) {
      // Some spawn errors are thrown instead of emitted (arguments too long, out of descriptors).
      return this.unspawned(generation, error as Error);
    }
    this.child = child;
    this.unsent = 0;
    this.words = 0;
    const out = new LineTap(this.clock, (line) => this.events.log("info", line));
    const err = new LineTap(this.clock, (line) => this.events.log("warn", line));
    for (const [stream, tap] of [
      [child.stdout, out],
      [child.stderr, err],
    ] as const) {
      stream?.setEncoding("utf8").on("data", (text: string) => {
        this.words += 1;
        tap.write(text);
      });
    }
    child.on("message", (raw) => this.receive(generation, raw));
    child.on("error", (error) => {
      if (child.pid === undefined) this.unspawned(generation, error);
      else this.events.log("warn", `process error: ${error.message}`);
    });
    this.awaitEnd(generation, child, out, err);
  }

  /** Asks the part to end, by message or, when it has no channel any more, by SIGTERM. */
  askToStop(): void {
    if (!this.post({ type: "stop" })) this.child?.kill("SIGTERM");
  }

  /** SIGKILL for the part and for what it started. */
  kill(): void {
    if (this.child?.pid !== undefined) killGroup(this.child.pid);
  }

  /** Hands a message to the part; false when there is none or it does not read. */
  send(message: ParentMessage | PartMessage): boolean {
    return this.unsent < UNSENT_MAX && this.post(message);
  }

  private post(message: ParentMessage | PartMessage): boolean {
    const child = this.child;
    if (child === undefined || !child.connected) return false;
    this.unsent += 1;
    child.send(message, () => {
      // An error means that the channel closed under us: the exit event tells the same.
      this.unsent -= 1;
    });
    return true;
  }

  private unspawned(generation: number, error: Error): void {
    this.child = undefined;
    this.events.event({
      type: "exit",
      generation,
      exit: { kind: "unspawned", why: error.message },
    });
  }

  private awaitEnd(generation: number, child: ChildProcess, out: LineTap, err: LineTap): void {
    let reported = false;
    let cancel: CancelTimer = () => undefined;
    const report = (exit: Exit): void => {
      if (reported) return;
      reported = true;
      cancel();
      out.flush();
      err.flush();
      this.events.event({ type: "exit", generation, exit: { ...exit, ...words(exit, err) } });
    };
    child.on("exit", (code, signal) => {
      if (this.child === child) this.child = undefined;
      if (child.pid !== undefined) killGroup(child.pid);
      if (signal !== null) return report({ kind: "signal", signal, lastWords: "" });
      const exit: Exit = { kind: "code", code: code ?? 0, lastWords: "" };
      child.on("close", () => report(exit));
      cancel = this.clock.after(LAST_WORDS_MS_MAX, () => report(exit));
    });
  }

  private receive(generation: number, raw: unknown): void {
    const parsed = parseFromChild(raw);
    if (parsed.kind === "part") return this.events.message(parsed.message);
    if (parsed.kind === "bad") {
      return this.events.log("warn", `ignored a message of the part: ${parsed.why}`);
    }
    const message = parsed.message;
    switch (message.type) {
      case "ready": {
        const { type: _type, ...doors } = message;
        return this.events.event({ type: "ready", generation, doors });
      }
      case "beat":
        return this.events.event({ type: "beat", generation, rssBytes: message.rssBytes });
      case "status":
        return this.events.status(message.status);
      case "log":
        this.words += 1;
        return this.events.log(message.level, message.message);
      case "progress":
        this.words += 1;
        return this.events.event({ type: "progress", generation, text: message.text });
      case "sight":
        return this.events.sight(message.colour, message.silentMs);
    }
  }
}

function words(exit: Exit, err: LineTap): { lastWords?: string } {
  return exit.kind === "unspawned" ? {} : { lastWords: err.lastWords() };
}

/** Ends a process group, or at least its leader. */
function killGroup(pid: number): void {
  for (const target of process.platform === "win32" ? [pid] : [-pid, pid]) {
    try {
      process.kill(target, "SIGKILL");
      return;
    } catch (error) {
      // ESRCH: it is gone, as we want. EPERM: what is left of it is not ours to end (macOS says so of zombies).
      const { code } = error as NodeJS.ErrnoException;
      if (code !== "ESRCH" && code !== "EPERM") throw error;
    }
  }
}
