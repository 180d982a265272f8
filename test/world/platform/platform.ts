/** The world that the doubles of this folder serve: one at a time, put in place before anything of the product runs. */
import type { Chance } from "../../../src/time/chance.js";
import type { Disk } from "./disk-state.js";
import type { Network } from "./network-state.js";
import type { ProcessTable } from "./process-table.js";
import type { Time } from "./time.js";

export interface Platform {
  readonly time: Time;
  /** For faults and delays; what the product draws comes from another sequence. */
  readonly chance: Chance;
  readonly network: Network;
  readonly disk: Disk;
  readonly processes: ProcessTable;
  /** SQLite files by path. */
  readonly databases: Map<string, unknown>;
  /** Random bytes for the product. */
  random(count: number): Buffer;
}

let current: Platform | undefined;

export function usePlatform(platform: Platform | undefined): void {
  current = platform;
}

export function platform(): Platform {
  if (current === undefined) throw new Error("the product ran outside a world");
  return current;
}
