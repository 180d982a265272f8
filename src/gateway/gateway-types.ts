/**
 * What a gateway is given and what it says of itself.
 */
import type { Clock } from "../time/clock.js";
import type { CableState } from "./cable-door.js";
import type { DatagramCounters } from "./datagram-slots.js";
import type { Generations } from "./generations.js";
import type { LinkDoorCounters } from "./link-door.js";
import type { LinkRoad } from "./session-types.js";
import type { TcpDoorCounters } from "./tcp-door.js";

/** A port of the robot and the port of this machine that stands for it. */
export interface ForwardedDoor {
  protocol: "tcp" | "udp";
  /** As the firmware names it. */
  robotPort: number;
  /** On this machine; 0 picks a free one. */
  port: number;
}

export interface GatewayOptions {
  /** Address of all doors, besides loopback. Anything but loopback needs a token. */
  host?: string | undefined;
  /** Asked of all clients when other machines can reach the doors. */
  token?: string | undefined;
  /** Names and pages beside our own; see `doors/callers.ts`. */
  hosts?: readonly string[];
  origins?: readonly string[];
  linkPort: number;
  doors: ForwardedDoor[];
  /** 32-byte key of a device id (16 hex digits); "*" is for every id not named. */
  keys: ReadonlyMap<string, Buffer>;
  generations: Generations;
  /** The robot's second road: a port or `auto`, and how this host is named there. */
  cable?: { readonly port: string; readonly name: string } | undefined;
  clock?: Clock;
  log?: (level: "info" | "warn", message: string) => void;
  onMirror?: (deviceId: string, session: number, data: Buffer) => void;
  /** Something of `status()` that people look at has changed: linked, ended, refused. */
  onChange?: () => void;
}

export interface LinkEnd {
  code: number;
  name: string;
  /** Unix time in ms. */
  atMs: number;
  deviceId: string;
  words: string;
}

export interface GatewayStatus {
  linked: boolean;
  /** 16 hex digits of the device that owns the forwarded ports; "" when none does. */
  deviceId: string;
  generation: number;
  /** By which way that device is linked, since when (Unix ms). */
  road: LinkRoad | null;
  roadSinceMs: number;
  /** null: no cable is wanted. */
  cable: CableState | null;
  rttMs: number | null;
  streams: number;
  sessions: number;
  unproven: number;
  /** Sessions replaced by a newer one of the same device. */
  replaced: number;
  lastEnd: LinkEnd | null;
  /** The last connection that did not prove itself: a wrong key shows here. */
  lastRefused: LinkEnd | null;
  link: LinkDoorCounters & {
    framesIn: number;
    framesOut: number;
    bytesIn: number;
    bytesOut: number;
  };
  udp: DatagramCounters;
  tcp: TcpDoorCounters & { clients: number };
}

/** Doors as `host:port`, the robot's by the port that the firmware names. */
export interface GatewayDoors {
  link: string;
  tcp: Record<number, string>;
  udp: Record<number, string>;
}
