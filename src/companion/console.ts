/**
 * What a person sees in the terminal: one quiet progress line while waiting, warnings, the ready line. Everything goes
 * to the log as well. Repeats of one line are counted, not repeated.
 */
import type { LogLevel } from "../child/messages.js";

/** Lines of a part that repeat within this time are shown once. */
const REPEAT_MS = 10_000;
const REMEMBERED_MAX = 100;

export interface ConsoleOutput {
  write(text: string): void;
  readonly isTTY: boolean;
}

export class Console {
  private progressShown = "";
  private readonly lastShownMs = new Map<string, number>();

  constructor(
    private readonly out: ConsoleOutput,
    private readonly err: ConsoleOutput,
    private readonly nowMs: () => number,
  ) {}

  /** One line on standard output, whole and at once: programs read it. */
  say(line: string): void {
    this.clearProgress();
    this.out.write(`${line}\n`);
  }

  /** Warnings and errors of a part; the rest is for the log only. */
  part(name: string, level: LogLevel, line: string): void {
    if (level !== "warn" && level !== "error") return;
    const text = `${name}: ${line}`;
    const lastMs = this.lastShownMs.get(text);
    const nowMs = this.nowMs();
    if (lastMs !== undefined && nowMs - lastMs < REPEAT_MS) return;
    if (this.lastShownMs.size >= REMEMBERED_MAX) this.lastShownMs.clear();
    this.lastShownMs.set(text, nowMs);
    this.clearProgress();
    this.err.write(`${text}\n`);
  }

  /** What is still awaited; "" when nothing is. Rewritten in place on a terminal, else shown once a change. */
  progress(line: string): void {
    if (line === this.progressShown) return;
    if (this.err.isTTY) {
      this.clearProgress();
      if (line !== "") this.err.write(`\r${line}`);
      this.progressShown = line;
    } else if (line !== "") {
      const what = line.replace(/, \d+ s$/, "");
      if (what !== this.progressShown) this.err.write(`${what}\n`);
      this.progressShown = what;
    }
  }

  private clearProgress(): void {
    if (this.err.isTTY && this.progressShown !== "") this.err.write("\r\u001b[K");
    if (this.err.isTTY) this.progressShown = "";
  }
}
