/** What the wiring of every subject starts from, and what it reports to. */
import type { LogLevel } from "../child/messages.js";
import type { Supervisor } from "../supervisor/supervisor.js";
import type { Chance } from "../time/chance.js";
import type { Clock } from "../time/clock.js";
import type { CameraReason } from "../vision/choice/camera-api.js";
import type { Operations } from "./operations.js";
import type { StartOptions } from "./options.js";
import type { PartSecrets } from "./parts.js";

export interface Base {
  readonly options: StartOptions;
  readonly secrets: PartSecrets;
  /** Why it starts with `options.camera`. */
  readonly cameraReason: CameraReason;
  readonly version: string;
  /** The data directory was there before this start wrote anything. */
  readonly hasPast: boolean;
  readonly clock: Clock;
  readonly chance: Chance;
  readonly supervisor: Supervisor;
  readonly operations: Operations;
  /** @returns what takes the log lines of a part */
  logOf(part: string): (level: LogLevel, message: string) => void;
  /** What these health sources tell of has changed, and with it what people see. */
  changed(...sourceIds: readonly string[]): void;
}
