/**
 * The process of one slot: spawns a renderer, hands it its commands, reads its frames and tells how it ended. It
 * decides nothing. Each renderer leads a process group, so that what it has started is swept with it.
 */
import { spawn, type ChildProcess } from "node:child_process";
import { rmSync } from "node:fs";
import type { Readable } from "node:stream";
import { z } from "zod";
import { OPTIONS_ENV, parseFromChild, type PartMessage } from "../../child/messages.js";
import type { Clock } from "../../time/clock.js";
import { FrameReader, type Frame } from "./frames.js";
import { plainEnvironment } from "../../host/programs.js";
import { SMALL_HEAP_ENV } from "../../host/small-heap.js";
import { lookAtProcess, Starvation } from "./starvation.js";

const PIPE_FD = 4;
const LINE_CHARS_MAX = 500;

const refusedSchema = z.object({
  type: z.literal("refused"),
  utterance: z.int(),
  why: z.string().max(1000),
});

export interface SlotEvents {
  frame(frame: Frame): void;
  damaged(why: string): void;
  refused(utterance: number, why: string): void;
  exit(why: string): void;
  log(text: string): void;
}

export interface RendererCommand {
  readonly file: string;
  readonly args: readonly string[];
}

export class SlotProcess {
  private readonly child: ChildProcess;
  private readonly starvation: Starvation;
  private isOver = false;

  /** @param scratch folder of this slot alone; emptied here, since its last process may have left something. */
  constructor(
    private readonly clock: Clock,
    command: RendererCommand,
    scratch: string,
    options: Readonly<Record<string, unknown>>,
    private readonly events: SlotEvents,
  ) {
    rmSync(scratch, { recursive: true, force: true });
    this.child = spawn(command.file, [...command.args], {
      stdio: ["ignore", "pipe", "pipe", "ipc", "pipe"],
      detached: process.platform !== "win32",
      env: {
        ...plainEnvironment(),
        ...SMALL_HEAP_ENV,
        [OPTIONS_ENV]: JSON.stringify({ ...options, scratch }),
      },
    });
    const { child } = this;
    this.starvation = new Starvation(
      () => (child.pid === undefined ? undefined : lookAtProcess(child.pid)),
      clock.nowMs(),
    );
    this.listen();
  }

  get pid(): number | undefined {
    return this.isOver ? undefined : this.child.pid;
  }

  /** For how long of its silence it had no CPU, ms; it beats every `beatMs`. */
  starvedMs(beatMs: number): number {
    return this.starvation.sinceHeardMs(this.clock.nowMs(), beatMs);
  }

  send(message: PartMessage | { readonly type: "stop" }): void {
    // An error means that its end is under way, which is told by `exit`.
    if (this.child.connected) this.child.send(message, () => undefined);
  }

  kill(): void {
    if (this.child.pid === undefined) return;
    for (const target of process.platform === "win32"
      ? [this.child.pid]
      : [-this.child.pid, this.child.pid]) {
      try {
        process.kill(target, "SIGKILL");
        return;
      } catch (error) {
        // Gone already, which is what is wanted.
        if ((error as NodeJS.ErrnoException).code !== "ESRCH") throw error;
      }
    }
  }

  /** Resolves when the process is gone. */
  ended(): Promise<void> {
    const { child } = this;
    if (child.exitCode !== null || child.signalCode !== null || child.pid === undefined) {
      return Promise.resolve();
    }
    return new Promise((resolve) => child.once("exit", () => resolve()));
  }

  private listen(): void {
    const { child, events } = this;
    const reader = new FrameReader();
    // With no descriptor left there is a child without streams, which says "error" in a moment.
    const streams = child.stdio as ChildProcess["stdio"] | undefined;
    const pipe = streams?.[PIPE_FD] as Readable | null | undefined;
    pipe?.on("data", (piece: Buffer) => {
      if (this.isOver) return;
      this.starvation.heard(this.clock.nowMs());
      const { frames, damage } = reader.read(piece);
      for (const frame of frames) events.frame(frame);
      if (damage !== undefined) events.damaged(damage);
    });
    pipe?.on("error", (error) => this.over(`its pipe broke: ${error.message}`));
    // The kernel closes a dead process's pipe a little before anybody may collect the process.
    pipe?.on("end", () => this.over("its pipe was closed"));
    for (const stream of [child.stdout, child.stderr]) {
      stream?.setEncoding("utf8").on("data", (text: string) => {
        for (const line of text.split("\n").filter((part) => part.trim() !== "")) {
          events.log(line.slice(0, LINE_CHARS_MAX));
        }
      });
    }
    child.on("message", (raw) => this.receive(raw));
    child.on("error", (error) => this.over(`it cannot be started: ${error.message}`));
    child.on("exit", (code, signal) => {
      // Whatever it had started goes with it.
      this.kill();
      this.over(signal === null ? `it ended with status ${code}` : `it was ended by ${signal}`);
    });
  }

  private over(why: string): void {
    if (this.isOver) return;
    this.isOver = true;
    this.events.exit(why);
  }

  private receive(raw: unknown): void {
    if (this.isOver) return;
    const parsed = parseFromChild(raw);
    if (parsed.kind === "part") {
      const refused = refusedSchema.safeParse(parsed.message);
      if (refused.success) this.events.refused(refused.data.utterance, refused.data.why);
      return;
    }
    if (parsed.kind === "child" && parsed.message.type === "log") {
      this.events.log(parsed.message.message);
    }
  }
}
