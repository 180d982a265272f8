/** What a session of the link is given, what it tells, and what its streams look like from the client's side. */
import type { LinkCode } from "../wire/errors.js";
import type { LinkCrypto } from "../wire/handshake.js";
import type { Clock } from "../time/clock.js";
import type { DatagramSlots } from "./datagram-slots.js";

/** The two ways of a link: by network, or over a USB cable (PROTOCOL §1.7). */
export type LinkRoad = "network" | "usb";

/** The client's side of a forwarded stream. */
export interface StreamClient {
  /** The robot has sent bytes. */
  onData(data: Buffer): void;
  /** The robot, or the link, has ended the stream with a code of PROTOCOL §1.6. */
  onShut(code: number): void;
  /** Some of the client's bytes have left: `waitingBytes` is smaller now. */
  onShorter(): void;
}

/** A forwarded byte stream as its client sees it. */
export interface ForwardedStream {
  waitingBytes(): number;
  /** @param urgentBytes the first so many of them end with a STOP */
  send(data: Buffer, urgentBytes?: number): void;
  /** The client is done; what waits is still sent if the code is STREAM_CLOSED. */
  shut(code: LinkCode): void;
}

/** "away": no robot; "busy": none of its streams is free; "cable": it is on USB, where this client has no place. */
export type OpenStream = (
  client: StreamClient,
  isUpgrade: boolean,
) => ForwardedStream | "away" | "busy" | "cable";

export interface SessionHost {
  write(frame: Buffer): void;
  /** The key of a device, its id as 16 hex digits; undefined: not ours. */
  keyOf(deviceId: string): Buffer | undefined;
  /** A generation greater than `seen` and than all before; kept before it is given. */
  nextGeneration(seen: number): number;
  /** The device has proved itself: from now on it counts, and older sessions of it do not. */
  onProven(): void;
  /** The device asks for a port. */
  onListen(protocol: number, port: number): LinkCode;
  onMirror(data: Buffer): void;
  /** Called once, last of all; the socket is to be closed. */
  onEnd(code: number, wasProven: boolean): void;
}

export interface SessionOptions {
  crypto: LinkCrypto;
  datagrams: DatagramSlots;
  clock: Pick<Clock, "nowMs" | "after">;
}

export interface SessionCounters {
  framesIn: number;
  framesOut: number;
  bytesIn: number;
  bytesOut: number;
}
