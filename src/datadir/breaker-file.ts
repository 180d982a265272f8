/**
 * `DIR/breakers.json`: the breakers' memory over a restart, so that a crash loop is no way round them. Written whole or
 * not at all, at most once a second. A file that cannot be read or written costs only that memory, and is told.
 */
import { join } from "node:path";
import { reasonOf, systemReasonOf } from "../host/reason.js";
import { readIfThere, writeDurably } from "./durable-file.js";
import type { Resilience } from "../resilience/resilience.js";
import type { CancelTimer, Clock } from "../time/clock.js";

const SAVE_PERIOD_MS = 1000;
/** After a failed write: a full disk is not hammered. */
const RETRY_MS = 10_000;

export class BreakerFile {
  /** Why the last write failed; undefined when it did not. */
  trouble: string | undefined;
  private readonly path: string;
  private cancel: CancelTimer | undefined;
  private writing: Promise<void> = Promise.resolve();
  private endListening: () => void = () => undefined;

  constructor(
    dataDir: string,
    private readonly resilience: Resilience,
    private readonly clock: Clock,
    private readonly log: (level: "info" | "warn", message: string) => void,
  ) {
    this.path = join(dataDir, "breakers.json");
  }

  /** Takes over what an earlier companion saved, then saves on each change. */
  async start(): Promise<void> {
    await this.restore();
    this.endListening = this.resilience.onBreakerChange(() => this.saveIn(SAVE_PERIOD_MS));
  }

  /** Saves for the last time. */
  async stop(): Promise<void> {
    this.endListening();
    await this.writing;
    await this.save();
    this.cancel?.();
    this.cancel = undefined;
  }

  private async restore(): Promise<void> {
    try {
      const text = await readIfThere(this.path);
      if (text === undefined) return;
      for (const why of this.resilience.restore(text)) {
        this.log("warn", `${why}; it starts closed`);
      }
    } catch (error) {
      this.log("warn", `saved breakers cannot be read: ${reasonOf(error)}`);
    }
  }

  private saveIn(ms: number): void {
    this.cancel ??= this.clock.after(ms, () => {
      this.cancel = undefined;
      this.writing = this.writing.then(() => this.save());
    });
  }

  private async save(): Promise<void> {
    try {
      await writeDurably(this.path, this.resilience.save());
      if (this.trouble !== undefined) this.log("info", "breakers are saved again");
      this.trouble = undefined;
    } catch (error) {
      const why = systemReasonOf(error);
      if (this.trouble === undefined) this.log("warn", `breakers cannot be saved: ${why}`);
      this.trouble = why;
      this.saveIn(RETRY_MS);
    }
  }
}
