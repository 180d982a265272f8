/**
 * One TCP client of a forwarded port: relays its bytes while the robot is there and answers for the robot when
 * it is not (PROTOCOL §1.5). Each of its waits and buffers has a limit; whoever breaks one is cut and counted.
 */
import type { Socket } from "node:net";
import { LinkCode } from "../wire/errors.js";
import { CLIENT_OUT_BYTES_MAX, CLIENT_PAUSE_BYTES } from "../wire/limits.js";
import type { CancelTimer, Clock } from "../time/clock.js";
import { HEAD_BYTES_MAX, type DoorGuard } from "./door-guard.js";
import type { ForwardedStream, StreamClient } from "./session-types.js";
import { WsBoundary, closeFrame } from "./ws-boundary.js";

/** A client that has asked nothing for this long is cut: nobody may hold a place for free. */
export const ASK_MS_MAX = 5000;
/** How long an unfinished request is read before it is answered with 503: well inside the promised 1 s. */
const HEAD_WAIT_MS = 500;
/** How long a client may take to hang up after our last word. */
const LINGER_MS = 1000;
/** How long a plain HTTP client that has closed its half may wait for the robot's answer. */
const HALF_CLOSED_MS = 3000;
const WS_TRY_AGAIN = 1013;
const WS_GOING_AWAY = 1001;

const AWAY_WORDS = "The robot is not connected. Try again in a second.\n";
const BUSY_WORDS = "The robot has no free connection. Try again in a second.\n";
const TOKEN_WORDS = "This door asks other machines for its token.\n";
const FOREIGN_WORDS = "Pages of other machines may not use this door.\n";
const UNAVAILABLE = "503 Service Unavailable\r\nRetry-After: 1";
const FORBIDDEN = "403 Forbidden";
const UNAUTHORIZED = "401 Unauthorized\r\nWWW-Authenticate: Bearer";

function answer(status: string, words: string): string {
  return (
    `HTTP/1.1 ${status}\r\nContent-Type: text/plain; charset=utf-8\r\n` +
    `Content-Length: ${words.length}\r\nConnection: close\r\n\r\n${words}`
  );
}

export interface ClientCounters {
  /** Clients that were told 503 because the robot was away. */
  away: number;
  /** Clients that were told 503 because all places or streams were taken. */
  busy: number;
  /** Clients that asked nothing in time. */
  idle: number;
  /** Clients that read too slowly. */
  slow: number;
  /** Upgraded clients that were told 1013 or 1001. */
  closedByUs: number;
  /** Clients cut in the middle of something, because the link died there. */
  torn: number;
  /** Clients of other machines that did not show the token. */
  noToken: number;
  /** Pages of other machines in this machine's browser. */
  foreign: number;
}

export interface ClientDoor {
  readonly clock: Clock;
  readonly counters: ClientCounters;
  readonly guard: DoorGuard;
  /** A stream to the robot; "away": no robot; "busy": none is free. */
  openStream(client: StreamClient): ForwardedStream | "away" | "busy";
  onGone(client: TcpClient): void;
}

export class TcpClient implements StreamClient {
  private readonly boundary = new WsBoundary();
  private stream: ForwardedStream | undefined;
  private timer: CancelTimer | undefined;
  private isLeaving = false;
  private headTail = "";
  private isAdmitted: boolean;
  /** The head of its request was read to the end. */
  private isHeadRead = false;
  /** What it has sent of that until now. */
  private head = Buffer.alloc(0);

  constructor(
    private readonly socket: Socket,
    private readonly door: ClientDoor,
  ) {
    socket.setNoDelay(true);
    this.isAdmitted = !door.guard.needsToken;
    this.wait(ASK_MS_MAX, () => {
      this.door.counters.idle++;
      this.destroy();
    });
    socket.on("data", (data: Buffer) => this.takeBytes(data));
    socket.on("end", () => this.takeEnd());
    // The "close" that follows every error tells all there is to do.
    socket.on("error", () => undefined);
    socket.on("close", () => this.takeClose());
  }

  /** Whether it has asked for anything yet; those who have not are the first to go. */
  hasAsked(): boolean {
    return this.stream !== undefined || this.headTail !== "" || this.isLeaving;
  }

  /** The door has no place for it. */
  refuse(): void {
    this.door.counters.busy++;
    this.sayAndLeave(answer(UNAVAILABLE, BUSY_WORDS));
  }

  /** The gateway is stopping. */
  stop(): void {
    if (this.boundary.isBetweenFrames()) this.sayClose(WS_GOING_AWAY);
    else this.destroy();
  }

  destroy(): void {
    this.socket.destroy();
  }

  onData(data: Buffer): void {
    if (this.isLeaving) return;
    this.boundary.push(data);
    this.socket.write(data);
    if (this.socket.writableLength <= CLIENT_OUT_BYTES_MAX) return;
    this.door.counters.slow++;
    this.leaveStream(LinkCode.STREAM_SLOW);
    this.destroy();
  }

  onShut(code: number): void {
    this.stream = undefined;
    if (this.isLeaving) return;
    if (code === LinkCode.STREAM_CLOSED) return this.hangUp();
    if (code === LinkCode.STREAM_LIMIT && this.boundary.bytes === 0) return this.refuse();
    if (code >= LinkCode.STREAM_CLOSED && code <= LinkCode.STREAM_LIMIT) return this.destroy();
    this.loseRobot();
  }

  onShorter(): void {
    if ((this.stream?.waitingBytes() ?? 0) < CLIENT_PAUSE_BYTES / 2) this.socket.resume();
  }

  /** The session has died: says so in whatever language the client is listening for. */
  private loseRobot(): void {
    if (this.boundary.isBetweenFrames()) return this.sayClose(WS_TRY_AGAIN);
    if (this.boundary.bytes === 0) {
      this.door.counters.away++;
      return this.sayAndLeave(answer(UNAVAILABLE, AWAY_WORDS));
    }
    this.door.counters.torn++;
    this.destroy();
  }

  private takeBytes(data: Buffer): void {
    if (this.isLeaving) return;
    if (this.isAdmitted && !this.isHeadRead && this.isForeign(data)) {
      this.door.counters.foreign++;
      return this.sayAndLeave(answer(FORBIDDEN, FOREIGN_WORDS));
    }
    if (this.stream) return this.relay(this.stream, data);
    if (!this.isAdmitted) return this.askToken(data);
    const opened = this.headTail === "" ? this.door.openStream(this) : "away";
    if (typeof opened === "object") {
      this.cancelTimer();
      this.stream = opened;
      return this.relay(opened, data);
    }
    if (opened === "busy") return this.refuse();
    this.answerForRobot(data);
  }

  /** Reads along until the head is complete: before its last bytes nothing of the request happens. */
  private isForeign(data: Buffer): boolean {
    this.head = Buffer.concat([this.head, data]);
    const end = this.head.indexOf("\r\n\r\n");
    if (end < 0 && this.head.length <= HEAD_BYTES_MAX) return false;
    const head = this.head.subarray(0, end < 0 ? HEAD_BYTES_MAX : end);
    this.head = Buffer.alloc(0);
    this.isHeadRead = true;
    return this.door.guard.isForeign(head);
  }

  /** Reads the head of the first request for the token; then it goes its way as it came. */
  private askToken(data: Buffer): void {
    this.head = Buffer.concat([this.head, data]);
    const end = this.head.indexOf("\r\n\r\n");
    if (end < 0 && this.head.length <= HEAD_BYTES_MAX) return;
    if (
      end < 0 ||
      end > HEAD_BYTES_MAX ||
      !this.door.guard.admitsHead(this.head.subarray(0, end))
    ) {
      this.door.counters.noToken++;
      return this.sayAndLeave(answer(UNAUTHORIZED, TOKEN_WORDS));
    }
    const { head } = this;
    this.head = Buffer.alloc(0);
    this.isHeadRead = true;
    this.isAdmitted = true;
    this.takeBytes(head);
  }

  /** Without a robot: waits for the end of the request's head, but not long, and says 503. */
  private answerForRobot(data: Buffer): void {
    if (this.headTail === "") this.wait(HEAD_WAIT_MS, () => this.loseRobot());
    this.headTail = (this.headTail + data.toString("latin1")).slice(-4);
    if (data.includes("\r\n\r\n") || this.headTail.endsWith("\r\n\r\n")) this.loseRobot();
  }

  private relay(stream: ForwardedStream, data: Buffer): void {
    stream.send(data);
    if (stream.waitingBytes() >= CLIENT_PAUSE_BYTES) this.socket.pause();
  }

  private takeEnd(): void {
    const isRequest = this.stream && !this.boundary.isUpgraded();
    if (!isRequest || this.isLeaving) return this.hangUp();
    this.wait(HALF_CLOSED_MS, () => this.hangUp());
  }

  private takeClose(): void {
    this.cancelTimer();
    const code = this.socket.errored ? LinkCode.STREAM_RESET : LinkCode.STREAM_CLOSED;
    this.leaveStream(code);
    this.isLeaving = true;
    this.door.onGone(this);
  }

  private leaveStream(code: LinkCode): void {
    const { stream } = this;
    this.stream = undefined;
    stream?.shut(code);
  }

  private sayAndLeave(text: string): void {
    this.socket.write(text);
    this.hangUp();
  }

  private sayClose(code: number): void {
    this.door.counters.closedByUs++;
    this.socket.write(closeFrame(code));
    this.hangUp();
  }

  /** Ends our half and gives the client a moment to read and to hang up. */
  private hangUp(): void {
    if (this.isLeaving) return;
    this.isLeaving = true;
    this.leaveStream(LinkCode.STREAM_CLOSED);
    // Unread bytes would turn our farewell into a reset: read and drop them.
    this.socket.resume();
    this.socket.end();
    this.wait(LINGER_MS, () => this.destroy());
  }

  private wait(ms: number, fn: () => void): void {
    this.cancelTimer();
    this.timer = this.door.clock.after(ms, fn);
  }

  private cancelTimer(): void {
    this.timer?.();
    this.timer = undefined;
  }
}
