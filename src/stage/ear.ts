import type { Heard } from "./report.js";

/** The participant that listens. */
export interface Ear {
  /** What was to be heard until now, of whom and when; ms of one clock. */
  heard(): Heard[];
  isListeningTo(robot: string): boolean;
  close(): Promise<void>;
}
