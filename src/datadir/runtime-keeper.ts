/**
 * Keeps `DIR/runtime.json` while Buddy runs. A disk that takes no more costs other programs the way to this Buddy, not
 * Buddy itself: it is told once, tried again, and a stop goes on whatever happens to the file.
 */
import { systemReasonOf } from "../host/reason.js";
import type { LogLevel } from "../child/messages.js";
import type { CancelTimer, Clock } from "../time/clock.js";
import { removeRuntime, type Runtime, writeRuntime } from "./runtime-file.js";

const RETRY_MS = 5000;

export class RuntimeKeeper {
  private cancel: CancelTimer | undefined;
  private isTold = false;

  constructor(
    private readonly dataDir: string,
    private readonly clock: Clock,
    private readonly log: (level: LogLevel, message: string) => void,
  ) {}

  write(runtime: Runtime): void {
    this.cancel?.();
    this.cancel = undefined;
    try {
      writeRuntime(this.dataDir, runtime);
      if (this.isTold) this.log("info", "runtime.json is written: other programs find this Buddy");
    } catch (error) {
      const why = systemReasonOf(error);
      const words = `runtime.json cannot be written (${why}): other programs do not find this Buddy`;
      if (!this.isTold) this.log("warn", `${words}; it is tried again every ${RETRY_MS / 1000} s`);
      this.isTold = true;
      this.cancel = this.clock.after(RETRY_MS, () => this.write(runtime));
    }
  }

  remove(): void {
    this.cancel?.();
    try {
      removeRuntime(this.dataDir, process.pid);
    } catch (error) {
      this.log("warn", `runtime.json cannot be removed (${systemReasonOf(error)})`);
    }
  }
}
