/** What a simulated robot is given, and what it tells. */
import type { Clock } from "../time/clock.js";
import type { HeadAxis, HeadPose } from "./bus.js";
import type { Settings } from "./provision.js";
import type { ChipName } from "./vm/chips.js";
import type { SimulatorError } from "./vm/errors.js";
import type { ConsoleLevel } from "./vm/vm-lines.js";
import type { FlashPlace, VmStatus } from "./vm/vm-types.js";
import type { Network } from "./wifi-peer.js";

export interface RobotLink {
  readonly host: string;
  readonly port: number;
  /** 64 hex digits. */
  readonly key: string;
}

export interface RobotOptions {
  /** This robot's own folder: flash, program and nothing else. */
  readonly dataDir: string;
  /** Bytecode file (`….devs`) that it is given at each start; without one it boots what is in its flash. */
  readonly firmware?: string;
  /** Its flash, when it is part of a larger one. */
  readonly flash?: FlashPlace;
  /** 16 hex digits; see `deviceIdOf`. */
  readonly deviceId: string;
  readonly link?: RobotLink;
  /** More settings of the firmware. */
  readonly settings?: Settings;
  /** Whether its WiFi is there at start; default true. */
  readonly wifi?: boolean;
  /** The network around it; by default one that takes it in. */
  readonly network?: Network;
  /** Counts what the firmware costs: see `profile`. */
  readonly profile?: boolean;
  /** The chip it plays: its pace, its heap, its main loop, its radio. Without one it is as fast as this machine. */
  readonly chip?: ChipName;
  /** Whether a chip's radio sleeps between beacons; default true, as the stock runtime has it. */
  readonly powerSave?: boolean;
  readonly clock: Clock;
}

/** How the chip that the robot plays does. */
export interface ChipStatus {
  readonly name: ChipName;
  readonly title: string;
  /** Share of its time that the VM takes, 0..1; above 0.9 it does not keep up with its program. */
  readonly busy: number;
  readonly stepsPerS: number;
  /** Of the last 5 to 10 s; nothing else runs meanwhile. */
  readonly longestSliceMs: number;
}

export interface RobotStatus extends Omit<VmStatus, "chipLoad"> {
  /** Undefined without `RobotOptions.chip` and until the VM tells. */
  readonly chip: ChipStatus | undefined;
  /** Code of the program's last panic; undefined while there was none. */
  readonly lastPanic: number | undefined;
  readonly panics: number;
  readonly pose: { readonly commanded: HeadPose; readonly actual: HeadPose };
  /** The network is there (`SimulatedRobot.wifi`). */
  readonly wifi: boolean;
  /** The robot has an address in it. */
  readonly joined: boolean;
  /** Bus frames of the VM in the last second; angle writes among them. */
  readonly packetsPerS: number;
  readonly servoPacketsPerS: number;
}

export interface RobotEvents {
  /** A frame on its bus, its VM's or a peer's. */
  traffic: [frame: Uint8Array];
  /** The firmware told a servo where to go: head degrees as on the wire, and when (`Clock.nowMs`). */
  servo: [axis: HeadAxis, headDeg: number, tMs: number];
  /** A line of the program's console, stack frames with source positions among them. */
  console: [text: string, level: ConsoleLevel];
  /** Output of the VM's tools, its own stack traces among it. */
  talk: [text: string];
  /** The program stopped with a code and starts again by itself 5.25 s later. */
  panic: [code: number];
  /** The program asked for its own restart. */
  restart: [];
  /** A VM speaks on the bus: after the start and after each loss. */
  up: [];
  /** Its VM starts, however slowly: it has worked on since the last time. */
  atWork: [];
  /** The VM's process is gone and boots again after `waitMs`. */
  lost: [why: string, waitMs: number];
  /** The robot has joined its network or has lost it. */
  wifi: [on: boolean];
  /** Settings were written and the program restarted with them. */
  provisioned: [keys: string[]];
  /** Settings could not be written; tried again soon. */
  unprovisioned: [error: SimulatorError];
}
