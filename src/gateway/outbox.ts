/**
 * What waits to go to the robot over one session, and in which order it may (PROTOCOL §1.4): control frames,
 * then datagrams, then the streams in turn, never more than the credit. Pure.
 */
import assert from "node:assert/strict";
import { LINK_CREDIT_BYTES_MAX } from "../wire/limits.js";
import {
  DATA_BYTES_MAX,
  FACE,
  TAG_BYTES,
  encodeData,
  encodeOpen,
  encodeShut,
} from "../wire/link.js";
import type { DatagramSlots } from "./datagram-slots.js";

/** Length bytes and tag around a plain text. */
const SEALED_EXTRA_BYTES = 2 + TAG_BYTES;
/**
 * Credit that byte streams leave alone: a large upload never has more than half of the credit in flight, so a face
 * that comes meanwhile waits for 2 KB of the robot's work, not for 4.
 */
export const STREAM_RESERVE_BYTES = LINK_CREDIT_BYTES_MAX / 2;
/** Credit that only a STOP may use: some six of them, whatever else is on its way. */
export const STOP_RESERVE_BYTES = 256;
/** Below this much room in a frame it is better to wait for credit than to send crumbs. */
const DATA_BYTES_MIN = 256;
/**
 * Most bytes of a stream in one frame, though the link allows twice as many: the robot holds a frame three times while it
 * opens it, and its heap, which is never tidied, has places of 500 bytes long after the last one of 1,000 is gone.
 */
const STREAM_DATA_BYTES_MAX = 512;
/** Control frames that may wait; the robot gives no credit at all when this many pile up. */
const CONTROL_MAX = 256;

export interface OutStream {
  readonly id: number;
  readonly port: number;
  isOpened: boolean;
  /** Client's bytes, oldest first. */
  chunks: Buffer[];
  waitingBytes: number;
  /** Of these, the first so many end with a STOP: they go ahead of everything, and may use what is kept for it. */
  urgentBytes: number;
  /** Set when the client is done: SHUT follows the last byte. */
  shutCode: number | undefined;
  /** SHUT was sent: nothing follows. */
  isShut: boolean;
  /** Called when bytes of it were sent. */
  onShorter(): void;
}

/** Cost of a frame with this plain text. */
export function frameCost(plain: Buffer): number {
  return plain.length + SEALED_EXTRA_BYTES;
}

export class Outbox {
  credit = 0;
  /** The robot has asked for a face (NEXT) and has got none since; undefined: it never asked, and gets them as text. */
  wantsFace: boolean | undefined;
  /** When it last got one. */
  faceSentMs = 0;
  private control: Buffer[] = [];
  /** In the order of their turns: the next to send is first. */
  private turns: OutStream[] = [];
  private readonly datagrams: DatagramSlots;
  /** A STOP has just gone: the others have their turn, so that a flood of STOPs stops nothing but the robot. */
  private isTurnOfOthers = false;

  constructor(datagrams: DatagramSlots) {
    this.datagrams = datagrams;
  }

  /** Queues a control or mirror frame; false: too many wait already. */
  putControl(plain: Buffer): boolean {
    if (this.control.length >= CONTROL_MAX) return false;
    this.control.push(plain);
    return true;
  }

  putStream(stream: OutStream): void {
    this.turns.push(stream);
  }

  /** Drops what waits on a stream; used when the robot has shut it. */
  removeStream(stream: OutStream): void {
    this.turns = this.turns.filter((other) => other !== stream);
  }

  /** The next plain text that may be sent now, its cost taken from the credit. */
  next(nowMs: number): Buffer | undefined {
    const stop = this.isTurnOfOthers ? undefined : this.nextStop();
    const plain =
      stop ??
      this.nextControl() ??
      this.nextDatagram(nowMs) ??
      this.nextOfStreams() ??
      (this.isTurnOfOthers ? this.nextStop() : undefined);
    this.isTurnOfOthers = stop !== undefined;
    if (plain && plain[0] !== FACE) this.credit -= frameCost(plain);
    return plain;
  }

  /** Credit for all that is no STOP. */
  private get free(): number {
    return this.credit - STOP_RESERVE_BYTES;
  }

  private nextStop(): Buffer | undefined {
    const stream = this.turns.find(({ isOpened, urgentBytes }) => isOpened && urgentBytes > 0);
    if (!stream) return undefined;
    const wanted = Math.min(stream.urgentBytes, DATA_BYTES_MAX);
    const room = this.credit - SEALED_EXTRA_BYTES - 3;
    if (room < Math.min(wanted, STOP_RESERVE_BYTES / 2)) return undefined;
    const data = takeBytes(stream, Math.min(wanted, room));
    stream.onShorter();
    return encodeData(stream.id, data);
  }

  private nextControl(): Buffer | undefined {
    const first = this.control[0];
    if (!first || frameCost(first) > this.free) return undefined;
    return this.control.shift();
  }

  private nextDatagram(nowMs: number): Buffer | undefined {
    const form = this.wantsFace === undefined ? "text" : this.wantsFace ? "asked" : "not now";
    const plain = this.datagrams.take(nowMs, this.free - SEALED_EXTRA_BYTES, form);
    if (plain?.[0] === FACE) {
      this.wantsFace = false;
      this.faceSentMs = nowMs;
    }
    return plain;
  }

  private nextOfStreams(): Buffer | undefined {
    for (let looks = this.turns.length; looks > 0; looks--) {
      const stream = this.turns.shift();
      if (!stream) return undefined;
      const plain = this.nextOf(stream);
      if (!stream.isShut) this.turns.push(stream);
      if (plain) return plain;
    }
    return undefined;
  }

  private nextOf(stream: OutStream): Buffer | undefined {
    if (!stream.isOpened) {
      const open = encodeOpen(stream.id, stream.port);
      if (frameCost(open) > this.free) return undefined;
      stream.isOpened = true;
      return open;
    }
    if (stream.waitingBytes > 0) {
      const room = this.credit - STREAM_RESERVE_BYTES - SEALED_EXTRA_BYTES - 3;
      const wanted = Math.min(stream.waitingBytes, STREAM_DATA_BYTES_MAX);
      if (room < Math.min(wanted, DATA_BYTES_MIN)) return undefined;
      const data = takeBytes(stream, Math.min(wanted, room));
      stream.onShorter();
      return encodeData(stream.id, data);
    }
    if (stream.shutCode === undefined) return undefined;
    const shut = encodeShut(stream.id, stream.shutCode);
    if (frameCost(shut) > this.free) return undefined;
    stream.isShut = true;
    return shut;
  }
}

/** Takes exactly `bytes` bytes, which must be there, off the front of a stream. */
function takeBytes(stream: OutStream, bytes: number): Buffer {
  const parts: Buffer[] = [];
  let missing = bytes;
  while (missing > 0) {
    const first = stream.chunks.shift();
    assert(first, "a stream's count of bytes is wrong");
    const part = first.subarray(0, missing);
    if (part.length < first.length) stream.chunks.unshift(first.subarray(part.length));
    missing -= part.length;
    parts.push(part);
  }
  stream.waitingBytes -= bytes;
  stream.urgentBytes = Math.max(0, stream.urgentBytes - bytes);
  const [only] = parts;
  return parts.length === 1 && only ? only : Buffer.concat(parts);
}
