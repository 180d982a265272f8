/** One connection to the robot's TCP port: what it is, when it was heard, what it asked to be sent. */
import type { Stream } from "../link/forward.js";
import { joinBytes } from "../../src/wire/bytes.js";
import { HeadReader } from "../../src/wire/head-reader.js";
import type { Sha1 } from "./sha1.js";
import { encodeText } from "./ws-frames.js";
import { WsMachine } from "./ws-machine.js";

/** Pieces that are kept are joined up to this size: a short one costs as much again, a long one cannot be moved without its double. */
const JOINED_BYTES_MAX = 256;
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
  /** Bytes heard and not yet looked at, oldest first; of the first piece only those from `backlogAt` on. */
  backlog: Buffer[] = [];
  backlogAt = 0;
  private backlogBytes = 0;
  /** Generation of the link's session that it came by. */
  readonly session: number;
  /** When it began to hold what has been heard of it; before that, when it came. */
  heldSinceMs: number;
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
    this.heldSinceMs = nowMs;
    this.heardAtMs = nowMs;
    this.saidAtMs = nowMs;
  }

  keepBytes(data: Buffer, nowMs: number): void {
    const { backlog } = this;
    if (this.heldBytes() === 0) this.heldSinceMs = nowMs;
    this.backlogBytes += data.length;
    const last = backlog.length - 1;
    if (last >= 0 && (backlog[last] as Buffer).length + data.length <= JOINED_BYTES_MAX)
      backlog[last] = joinBytes(backlog[last] as Buffer, data);
    else backlog.push(data);
  }

  /** The first piece of the backlog has been looked at up to `at`. */
  passBytes(at: number): void {
    const { length } = this.backlog[0] as Buffer;
    this.backlogAt = at;
    if (at < length) return;
    this.backlogAt = 0;
    this.backlogBytes -= length;
    this.backlog.shift();
  }

  /** Bytes of memory held for what has been heard. */
  heldBytes(): number {
    let sum = this.backlogBytes;
    if (this.head !== undefined) sum += this.head.heldBytes();
    if (this.ws !== undefined) sum += this.ws.heldBytes();
    return sum;
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
    this.backlog = [];
    this.backlogBytes = 0;
    this.head = undefined;
    this.hash = undefined;
    this.ws = undefined;
  }

  sendBytes(data: Buffer): void {
    this.stream.send(data);
  }

  sendText(text: string): void {
    this.sendBytes(encodeText(text));
  }
}
