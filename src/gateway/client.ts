/**
 * One TCP client of a forwarded port: relays its bytes while the robot is there and answers for the robot when
 * it is not (PROTOCOL §1.5). The robot hears of it once its first request is whole: before that it could hold a place of
 * the robot's few for nothing. Each of its waits and buffers has a limit; whoever breaks one is cut and counted.
 */
import type { Socket } from "node:net";
import { LinkCode } from "../wire/errors.js";
import { CLIENT_OUT_BYTES_MAX, CLIENT_PAUSE_BYTES } from "../wire/limits.js";
import type { CancelTimer, Clock } from "../time/clock.js";
import { HeadReader } from "../wire/head-reader.js";
import type { Seat, Seats } from "../doors/seats.js";
import type { DoorGuard } from "./door-guard.js";
import type { ForwardedStream, OpenStream, StreamClient } from "./session-types.js";
import { StopFinder } from "./client-bytes/stop-finder.js";
import { WsBoundary, closeFrame } from "./client-bytes/ws-boundary.js";

/** A client whose request is not whole by then is cut: nobody may hold a place for free. */
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
const CABLE_WORDS = "The robot is on USB: commands only, until its network is back.\n";
/** Of a request head: it wants to become a WebSocket. */
const UPGRADE = /^upgrade:[ \t]*websocket[ \t]*$/im;
const LATE_WORDS = "The request was not complete in time.\n";
const MALFORMED_WORDS = "This is no HTTP request.\n";
const UNAVAILABLE = "503 Service Unavailable\r\nRetry-After: 1";
const MALFORMED: Readonly<Record<number, string>> = {
  400: "400 Bad Request",
  431: "431 Request Header Fields Too Large",
};

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
  /** Clients that asked nothing in time, or half of something. */
  idle: number;
  /** Clients whose first bytes are no HTTP request. */
  malformed: number;
  /** Clients that read too slowly. */
  slow: number;
  /** Upgraded clients that were told 1013 or 1001. */
  closedByUs: number;
  /** Clients cut in the middle of something, because the link died there. */
  torn: number;
  /** Clients that did not show the token. */
  noToken: number;
  /** Clients that called the door by a name that is not ours, and pages of others. */
  foreign: number;
  /** Clients that asked nothing and made room for a new one. */
  evicted: number;
}

export interface ClientDoor {
  readonly clock: Clock;
  readonly counters: ClientCounters;
  readonly guard: DoorGuard;
  hasRobot(): boolean;
  readonly openStream: OpenStream;
  onGone(client: TcpClient): void;
}

export class TcpClient implements StreamClient {
  private readonly boundary = new WsBoundary();
  private stream: ForwardedStream | undefined;
  private timer: CancelTimer | undefined;
  private isLeaving = false;
  private readonly head = new HeadReader();
  private readonly stops = new StopFinder();
  /** What it has sent of its request until now. */
  private early: Buffer[] = [];
  /** Not to be had any more once the socket is gone. */
  private readonly address: string;
  private seat: Seat | undefined;

  constructor(
    private readonly socket: Socket,
    private readonly door: ClientDoor,
  ) {
    socket.setNoDelay(true);
    this.address = socket.remoteAddress ?? "?";
    this.wait(ASK_MS_MAX, () => this.giveUp());
    socket.on("data", (data: Buffer) => this.takeBytes(data));
    socket.on("end", () => this.takeEnd());
    // The "close" that follows every error tells all there is to do.
    socket.on("error", () => undefined);
    socket.on("close", () => this.takeClose());
  }

  /** Takes a place at the door. @returns false when there is none for it */
  sit(seats: Seats): boolean {
    this.seat = seats.take(this.address, () => {
      this.door.counters.evicted++;
      this.destroy();
    });
    return this.seat !== undefined;
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
    if (this.stream) return this.relay(this.stream, data);
    const isFirst = this.early.length === 0;
    this.early.push(data);
    if (isFirst && !isLetter(data[0])) return this.refuseMalformed(400);
    const headBytes = this.head.take(data);
    if (this.head.failure() !== 0) return this.refuseMalformed(this.head.failure());
    if (headBytes >= 0) this.ask(data.subarray(headBytes));
    // Without a robot nobody waits for the rest of a request that cannot be served.
    else if (isFirst && !this.door.hasRobot()) this.wait(HEAD_WAIT_MS, () => this.loseRobot());
  }

  /** Its first request is whole: it goes to the robot as it came, and `rest` with it. */
  private ask(rest: Buffer): void {
    const { door } = this;
    const refusal = door.guard.refusal(this.head.text(), this.address);
    if (refusal) {
      door.counters[refusal.why === "token" ? "noToken" : "foreign"]++;
      return this.sayAndLeave(answer(refusal.status, refusal.words));
    }
    const isUpgrade = UPGRADE.test(this.head.text());
    const opened = door.openStream(this, isUpgrade);
    if (opened === "busy") return this.refuse();
    if (opened === "cable") {
      door.counters.busy++;
      return this.sayAndLeave(answer(UNAVAILABLE, CABLE_WORDS));
    }
    if (opened === "away") return this.loseRobot();
    this.cancelTimer();
    this.seat?.use();
    this.stream = opened;
    this.stops.push(rest);
    this.forward(opened, Buffer.concat(this.early.splice(0)), 0);
  }

  private refuseMalformed(status: number): void {
    this.door.counters.malformed++;
    this.sayAndLeave(answer(MALFORMED[status] ?? "400 Bad Request", MALFORMED_WORDS));
  }

  /** It had its time to ask. */
  private giveUp(): void {
    this.door.counters.idle++;
    if (this.early.length === 0) this.destroy();
    else this.sayAndLeave(answer("408 Request Timeout", LATE_WORDS));
  }

  private relay(stream: ForwardedStream, data: Buffer): void {
    this.forward(stream, data, this.stops.push(data));
  }

  private forward(stream: ForwardedStream, data: Buffer, urgentBytes: number): void {
    stream.send(data, urgentBytes);
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
    this.seat?.leave();
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

function isLetter(byte: number | undefined): boolean {
  const upper = (byte ?? 0) & ~0x20;
  return upper >= 0x41 && upper <= 0x5a;
}
