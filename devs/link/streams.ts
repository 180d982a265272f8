/** Byte streams of one session: who owns which id, and what may still be sent or heard on it. Pure. */
import { LinkCode } from "../../src/wire/errors.js";
import type { Stream } from "./forward.js";

/** Streams at once; more are refused with STREAM_LIMIT. Six WebSocket clients, `/health`, and some leaving. */
export const STREAMS_MAX = 16;

/** What a stream needs of its session. */
export interface StreamOwner {
  sendData(stream: number, data: Buffer): boolean;
  shutStream(stream: LinkStream, code: number): void;
  noteStreamFault(where: string, thrown: unknown): void;
}

function ignoreData(_data: Buffer): void {}
function ignoreClose(_code: number): void {}

export class LinkStream implements Stream {
  readonly id: number;
  onData: (data: Buffer) => void = ignoreData;
  onClose: (code: number) => void = ignoreClose;
  private isOpen = true;
  private readonly owner: StreamOwner;

  constructor(id: number, owner: StreamOwner) {
    this.id = id;
    this.owner = owner;
  }

  send(data: Buffer): boolean {
    return this.isOpen && this.owner.sendData(this.id, data);
  }

  close(code: number): void {
    if (!this.isOpen) return;
    this.isOpen = false;
    this.owner.shutStream(this, code);
  }

  /** Bytes have come. A callback that throws costs its own stream, nothing else. */
  takeData(data: Buffer): void {
    if (!this.isOpen) return;
    try {
      this.onData(data);
    } catch (thrown) {
      this.owner.noteStreamFault("stream data", thrown);
      this.close(LinkCode.STREAM_RESET);
    }
  }

  /** The client or the session has gone. */
  takeClose(code: number): void {
    if (!this.isOpen) return;
    this.isOpen = false;
    try {
      this.onClose(code);
    } catch (thrown) {
      this.owner.noteStreamFault("stream close", thrown);
    }
  }
}

/** The open streams of a session, found by id. Few enough for a linear search. */
export class StreamTable {
  private streams: LinkStream[] = [];

  openCount(): number {
    return this.streams.length;
  }

  find(id: number): LinkStream | undefined {
    for (const stream of this.streams) if (stream.id === id) return stream;
    return undefined;
  }

  add(stream: LinkStream): void {
    this.streams.push(stream);
  }

  remove(stream: LinkStream): void {
    const kept: LinkStream[] = [];
    for (const other of this.streams) if (other !== stream) kept.push(other);
    this.streams = kept;
  }

  /** Closes all, for the end of the session. */
  closeAll(code: number): void {
    const ending = this.streams;
    this.streams = [];
    for (const stream of ending) stream.takeClose(code);
  }
}
