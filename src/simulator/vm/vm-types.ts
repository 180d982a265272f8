/** What a VM's process is given, and what it tells. */
import type { Duplex } from "node:stream";
import type { Clock } from "../../time/clock.js";
import type { ChipOrder } from "./chips.js";
import type { ChipLoad } from "./vm-answers.js";
import type { VmPhase } from "./vm-life.js";
import type { ConsoleLevel } from "./vm-lines.js";

/** How the air ends: frames vanish and nobody is told, or every connection breaks at once. */
export type WifiCut = "silent" | "reset";

/** Bad air, both ways: one way's delay, and how much of what is sent is lost and sent again. */
export interface Air {
  readonly delayMs: number;
  /** 0..90. */
  readonly lossPercent: number;
  /** Half open: nothing comes to the robot, and what it sends arrives. */
  readonly isDeaf: boolean;
  readonly seed: number;
}

export interface VmOptions {
  /** Folder of this one robot; created when missing. */
  readonly dir: string;
  /**
   * Bytecode file (`….devs`) that the VM is given at each start; `…-dbg.json` beside it gives stack frames their source
   * positions. Without one it boots what is in its flash.
   */
  readonly firmware?: string;
  /** Where its flash lies; without this in `.devicescript/flash/sim.bin` of its folder, 128 KB. */
  readonly flash?: FlashPlace;
  /** 16 hex digits. */
  readonly deviceId: string;
  /** Counts what the program costs (`VmProcess.profile`); the VM is then a little slower, and its module is changed. */
  readonly profile?: boolean;
  /** The chip whose pace the VM keeps; without one it is as fast as this machine. */
  readonly chip?: ChipOrder;
  readonly clock: Clock;
}

/** A flash store within a larger file: so many bytes from `offset` on. */
export interface FlashPlace {
  readonly file: string;
  readonly offset: number;
  readonly bytes: number;
}

export interface VmStatus {
  readonly vm: VmPhase["kind"];
  readonly pid: number | undefined;
  readonly restarts: number;
  /** More than five restarts within the last minute. */
  readonly unstable: boolean;
  /** Why the VM was last lost; undefined while it never was. */
  readonly lastFault: string | undefined;
  /** As the VM that runs told it last; undefined without a chip. */
  readonly chipLoad: ChipLoad | undefined;
}

export interface VmEvents {
  /** A new VM has its bus stream; the old one's is closed. */
  stream: [Duplex];
  /** The VM of the newest stream speaks. */
  up: [];
  /** Its start goes on, however slowly. */
  atWork: [];
  /** The VM's process is gone; a new one starts after `waitMs`. */
  lost: [why: string, waitMs: number];
  console: [text: string, level: ConsoleLevel];
  /** Output of the tools around the program, stack traces of the VM itself among it. */
  talk: [text: string];
  panic: [code: number];
  /** The program asked for its own restart. */
  restart: [];
}
