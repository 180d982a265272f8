/**
 * The wait for a robot's first start. It has no bound in time, since a slow machine must come up: it ends when the robot
 * runs with its settings, when its VM was lost too often meanwhile, or when nothing was heard of it for long.
 */
import type { CancelTimer, Clock } from "../time/clock.js";
import { seconds } from "../time/words.js";
import { SimulatorError } from "./vm/errors.js";

/** VMs lost before the start is given up: with the waits in between about 7 s for a VM that dies at once. */
const LOSSES_MAX = 4;
/** Longest time between two signs; a VM that works gives one each 0.2 s of processor time (`PATIENCE.vmStart`). */
const QUIET_MS_MAX = 180_000;

export class RobotStart {
  /** Resolves once the robot runs with its settings; rejects with SimulatorError `SIM_VM_SILENT`. */
  readonly done: Promise<void>;
  private resolve = (): void => undefined;
  private reject: (error: SimulatorError) => void = () => undefined;
  private losses = 0;
  private cancel: CancelTimer = () => undefined;

  constructor(private readonly clock: Clock) {
    this.done = new Promise((resolve, reject) => {
      this.resolve = resolve;
      this.reject = reject;
    });
    this.sign();
  }

  /** It goes on: something was heard of it. */
  sign(): void {
    this.cancel();
    this.cancel = this.clock.after(QUIET_MS_MAX, () =>
      this.fail(`nothing was heard of it for ${seconds(QUIET_MS_MAX)}`),
    );
  }

  /** Its VM is gone and will be replaced. */
  lost(why: string): void {
    this.losses += 1;
    if (this.losses >= LOSSES_MAX) this.fail(`its VM was lost ${LOSSES_MAX} times; ${why}`);
    else this.sign();
  }

  settled(): void {
    this.end();
    this.resolve();
  }

  /** Nobody waits any more. */
  end(): void {
    this.cancel();
  }

  private fail(why: string): void {
    this.end();
    this.reject(new SimulatorError("SIM_VM_SILENT", `the robot did not come up: ${why}`));
  }
}
