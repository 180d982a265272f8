/**
 * The clients' streams of one link session: each from OPEN to SHUT (PROTOCOL §1.3). What they send waits in the outbox,
 * which decides when it goes.
 */
import { LinkCode } from "../wire/errors.js";
import type { Outbox, OutStream } from "./outbox.js";
import type { ForwardedStream, StreamClient } from "./session-types.js";

/** More would be refused by the robot (STREAM_LIMIT): it holds this many. */
export const STREAMS_MAX = 16;

interface Way {
  out: OutStream;
  client: StreamClient;
}

export class Streams {
  private readonly ways = new Map<number, Way>();
  private lastStreamId = 0;

  /** @param pump sends what may be sent now */
  constructor(
    private readonly outbox: Outbox,
    private readonly pump: () => void,
  ) {}

  count(): number {
    return this.ways.size;
  }

  /** A new stream towards the robot; undefined when the robot's streams are all in use. */
  open(port: number, client: StreamClient): ForwardedStream | undefined {
    if (this.ways.size >= STREAMS_MAX) return undefined;
    const out: OutStream = {
      id: this.nextStreamId(),
      port,
      isOpened: false,
      chunks: [],
      waitingBytes: 0,
      urgentBytes: 0,
      shutCode: undefined,
      isShut: false,
      onShorter: () => client.onShorter(),
    };
    this.ways.set(out.id, { out, client });
    this.outbox.putStream(out);
    return {
      waitingBytes: () => out.waitingBytes,
      send: (data, urgentBytes) => this.sendToRobot(out, data, urgentBytes),
      shut: (code) => this.shutToRobot(out, code),
    };
  }

  /** DATA of the robot; of a stream that is not known it crossed a SHUT. */
  takeData(id: number, data: Buffer): void {
    this.ways.get(id)?.client.onData(data);
  }

  /** SHUT of the robot. */
  takeShut(id: number, code: number): void {
    const way = this.ways.get(id);
    if (!way) return;
    this.ways.delete(id);
    this.outbox.removeStream(way.out);
    way.client.onShut(code);
  }

  /** The session is over: every client is told. */
  shutAll(code: LinkCode): void {
    const clients = [...this.ways.values()];
    this.ways.clear();
    for (const way of clients) way.client.onShut(code);
  }

  private nextStreamId(): number {
    do this.lastStreamId = (this.lastStreamId + 1) % 0x1_0000;
    while (this.ways.has(this.lastStreamId));
    return this.lastStreamId;
  }

  private sendToRobot(out: OutStream, data: Buffer, urgentBytes = 0): void {
    if (this.ways.get(out.id)?.out !== out || out.shutCode !== undefined) return;
    if (urgentBytes > 0) out.urgentBytes = out.waitingBytes + urgentBytes;
    out.chunks.push(data);
    out.waitingBytes += data.length;
    this.pump();
  }

  private shutToRobot(out: OutStream, code: LinkCode): void {
    if (this.ways.get(out.id)?.out !== out) return;
    this.ways.delete(out.id);
    out.shutCode = code;
    if (code !== LinkCode.STREAM_CLOSED) {
      out.chunks = [];
      out.waitingBytes = 0;
      out.urgentBytes = 0;
    }
    if (!out.isOpened && out.waitingBytes === 0) this.outbox.removeStream(out);
    this.pump();
  }
}
