/** The newest commands of this page and how each went; what the controls show comes from here. */
import { isStopLine } from "../../robot/stop-lines.js";
import type { Connection } from "./connection.js";
import type { Outcome } from "./pending-commands.js";
import { sendStop } from "./stop-request.js";

const ENTRIES_MAX = 6;
/** What neither moves the robot nor ends its keeping still (PROTOCOL §2.3). */
const MOVES_NOTHING =
  /^(QUERY|WHY|SELF|SATISFY|PRESENCE|SPOKE|VISION|STREAM|IDLE_MOTION|RESET_PID|STOP_)/;

export interface CommandEntry {
  readonly id: number;
  readonly line: string;
  readonly outcome: Outcome | undefined;
  readonly tookMs: number | undefined;
}

export class CommandLog {
  entries: readonly CommandEntry[] = [];
  /** The robot was told here to keep still, and nothing from here has ended that. */
  isHeld = false;
  private nextId = 1;
  private readonly listeners = new Set<() => void>();

  constructor(private readonly connection: Connection) {}

  subscribe(listener: () => void): () => void {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  }

  /** Sends the line and lists it. A repeat of the same verb takes the place of the one before it. */
  async run(line: string): Promise<Outcome> {
    const beganMs = performance.now();
    const entry = { id: this.nextId++, line, outcome: undefined, tookMs: undefined };
    const verb = line.split(":", 1)[0];
    const others = this.entries.filter((e) => verb !== "LOOK" || !e.line.startsWith("LOOK"));
    this.set([entry, ...others].slice(0, ENTRIES_MAX));
    const outcome = isStopLine(line)
      ? await sendStop(line, this.connection)
      : await this.connection.command(line);
    if (outcome.kind === "ok" && !MOVES_NOTHING.test(line)) {
      this.isHeld = line.startsWith("HOLD") && line !== "HOLD:0";
    }
    const done = { ...entry, outcome, tookMs: performance.now() - beganMs };
    this.set(this.entries.map((e) => (e.id === entry.id ? done : e)));
    return outcome;
  }

  private set(entries: readonly CommandEntry[]): void {
    this.entries = entries;
    for (const listener of [...this.listeners]) listener();
  }
}
