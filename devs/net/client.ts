/** One connection to the robot's TCP port: what it is, when it was heard, what it asked to be sent. */
import type { Stream } from "../link/forward.js";
import { joinBytes, sliceBytes } from "../../src/wire/bytes.js";
import { HeadReader } from "../../src/wire/head-reader.js";
import type { Sha1 } from "./sha1.js";
import { encodeText } from "./ws-frames.js";
import { WsMachine } from "./ws-machine.js";

const NO_BYTES = Buffer.alloc(0);

/** Link streams carry at most this many bytes in one send (PROTOCOL §1.3). */
const SEND_BYTES_MAX = 1022;

export class Client {
  readonly stream: Stream;
  /**
   * "head": nothing but a request so far. "hash": its answer is being computed. "gone": closed by either side, in no
   * list.
   */
  phase: "head" | "hash" | "ws" | "gone" = "head";
  /** The opt-in path: request ids and pushes (PROTOCOL §2.1). */
  isV2 = false;
  /** While "head"; each machine exists only as long as it has something to do, for the sake of the heap. */
  head: HeadReader | undefined = new HeadReader();
  /** While "hash". */
  hash: Sha1 | undefined = undefined;
  /** While "ws". */
  ws: WsMachine | undefined = undefined;
  /** Bytes heard and not yet looked at. */
  backlog: Buffer = NO_BYTES;
  /** Generation of the link's session that it came by. */
  readonly session: number;
  readonly openedAtMs: number;
  heardAtMs: number;
  /** When it last said something, pings and pongs apart. */
  saidAtMs: number;
  /** A ping is out since then; -1 none. */
  pingedAtMs = -1;
  /** A message or frame is incomplete since then; -1 none. */
  partialSinceMs = -1;
  /** Period of POSE pushes, 0 none, when the next is due, and which pose was sent last, and when. */
  watchMs = 0;
  watchDueMs = 0;
  watchVersion = -1;
  watchedAtMs = 0;
  /** STREAM:on, and when the next STATE line is due. */
  isStreaming = false;
  streamDueMs = 0;

  constructor(stream: Stream, session: number, nowMs: number) {
    this.stream = stream;
    this.session = session;
    this.openedAtMs = nowMs;
    this.heardAtMs = nowMs;
    this.saidAtMs = nowMs;
  }

  keepBytes(data: Buffer): void {
    this.backlog = this.backlog.length === 0 ? data : joinBytes(this.backlog, data);
  }

  /** Bytes of memory held for what has been heard. */
  heldBytes(): number {
    let sum = this.backlog.length;
    if (this.head !== undefined) sum += this.head.heldBytes();
    if (this.ws !== undefined) sum += this.ws.heldBytes();
    return sum;
  }

  /** Since when it has been holding what it holds, ms. */
  heldSinceMs(nowMs: number): number {
    if (this.phase === "head") return this.openedAtMs;
    return this.partialSinceMs >= 0 ? this.partialSinceMs : nowMs;
  }

  /** The request was an upgrade: from now on there are frames, as soon as its answer is computed. */
  startUpgrade(hash: Sha1, isV2: boolean): void {
    this.phase = "hash";
    this.isV2 = isV2;
    this.head = undefined;
    this.hash = hash;
  }

  becomeWebSocket(): void {
    this.phase = "ws";
    this.hash = undefined;
    this.ws = new WsMachine();
  }

  /** Closed by either side: gives its memory back, whoever still knows it. */
  release(): void {
    this.phase = "gone";
    this.backlog = NO_BYTES;
    this.head = undefined;
    this.hash = undefined;
    this.ws = undefined;
  }

  /** All bytes not yet looked at; they are the caller's from now on. */
  takeBacklog(): Buffer {
    const data = this.backlog;
    this.backlog = NO_BYTES;
    return data;
  }

  sendBytes(data: Buffer): void {
    const { length } = data;
    if (length <= SEND_BYTES_MAX) {
      this.stream.send(data);
      return;
    }
    for (let at = 0; at < length; at += SEND_BYTES_MAX)
      if (!this.stream.send(sliceBytes(data, at, at + SEND_BYTES_MAX))) return;
  }

  sendText(text: string): void {
    this.sendBytes(encodeText(text));
  }
}
