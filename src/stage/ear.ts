import type { Heard } from "./report.js";

/** The participant that listens. */
export interface Ear {
  /** What was to be heard until now, of whom and when; ms of one clock. */
  heard(): Heard[];
  isListeningTo(robot: string): boolean;
  /** How late sound was taken at most, ms: by so much what was heard may be dated wrongly, on a machine that is too busy. */
  readonly lateMsMax: number;
  close(): Promise<void>;
}
