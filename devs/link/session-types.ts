/** What a session (`session.ts`) is given: limits, options, and the world around it. */
import type { Slice } from "../runtime/slice.js";
import { LINK_CREDIT_BYTES_MAX } from "../../src/wire/limits.js";

/** What a frame costs before it reaches whoever it is for, in steps: reading, opening, and the answer to most. */
export const FRAME_STEPS = 900;
/**
 * Received and not yet worked on: all credit, with room for frames that cost none. More is a peer that does not
 * keep to its credit, and it is cut where its bytes come in, before they can fill the heap.
 */
export const WAITING_BYTES_MAX = LINK_CREDIT_BYTES_MAX + 1024;
/** A timer this late means that we slept, not the peer: the silence rule waits for the next look. */
export const LATE_TICK_MS = 500;

export interface ForwardedPort {
  /** TCP or UDP of the wire. */
  protocol: number;
  port: number;
}

/** What a session needs of the world around it. */
export interface SessionHost {
  /** Hands a frame to the socket, in order; false: the socket is gone. */
  writeFrame(frame: Buffer): boolean;
  /** A callback threw; it is logged and counted, the session goes on. */
  noteLinkFault(where: string, thrown: unknown): void;
  onListening(protocol: number, port: number, code: number): void;
  /** Called once, last of all; the socket is to be closed. */
  onEnd(code: number): void;
}

export interface SessionOptions {
  deviceId: Buffer;
  ports: ForwardedPort[];
  slice: Slice;
}
