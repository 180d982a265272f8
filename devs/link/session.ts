/**
 * The device's end of one link session (PROTOCOL §1): handshake, sealed frames, credit, heartbeats, streams.
 * Pure: bytes and time come in, bytes go out through `SessionHost`; the same code runs in the VM and, against
 * a faulty network, in Node's tests. One object serves one connection after another: `begin` makes it ready for the next, and
 * nothing else brings it back from "ended".
 */
import { LinkCode } from "../../src/wire/errors.js";
import { getU16, getU32, sliceBytes } from "../../src/wire/bytes.js";
import { newFace, readFaceFrame } from "../../src/wire/face-frame.js";
import { FrameReader } from "../../src/wire/frame-reader.js";
import {
  type LinkCrypto,
  SealedWay,
  deviceMac,
  deviceToGatewayKey,
  equalBytes,
  gatewayMac,
  gatewayToDeviceKey,
} from "../../src/wire/handshake.js";
import {
  HANDSHAKE_MS_MAX,
  HEARTBEAT_MS,
  LINK_CREDIT_BYTES_MAX,
  LINK_CREDIT_STEP_BYTES,
  LINK_FRAME_BYTES_MAX,
  LINK_PINGS_UNANSWERED_MAX,
  LINK_UNPROVEN_BODY_BYTES_MAX,
  SILENCE_MS_MAX,
} from "../../src/wire/limits.js";
import {
  BAD,
  BYE,
  CHALLENGE,
  DATA,
  DATAGRAM,
  DATA_BYTES_MAX,
  FACE,
  LISTENING,
  MIRROR,
  NONCE_BYTES,
  OPEN,
  PING,
  PONG,
  REFUSE,
  SHUT,
  WELCOME,
  costsCredit,
  decodeGatewayClear,
  encodeBye,
  encodeCredit,
  encodeData,
  encodeFrame,
  encodeHeartbeat,
  encodeHello,
  encodeListen,
  encodeMirror,
  encodeNext,
  encodeProof,
  encodeRefuse,
  encodeShut,
  lengthCodeOf,
} from "../../src/wire/link.js";
import type { PortHandlers } from "./forward.js";
import {
  FRAME_STEPS,
  LATE_TICK_MS,
  type SessionHost,
  type SessionOptions,
  WAITING_BYTES_MAX,
} from "./session-types.js";
import { LinkStream, STREAMS_MAX, StreamTable } from "./streams.js";

export class DeviceSession {
  state: "idle" | "hello" | "proof" | "open" | "ended" = "ended";
  endCode: LinkCode = LinkCode.OK;
  generation = 0;
  /** Round trip of the last heartbeat; -1 before the first. */
  rttMs = -1;
  openedAtMs = 0;
  private readonly crypto: LinkCrypto;
  private readonly options: SessionOptions;
  private readonly host: SessionHost;
  private readonly handlers: PortHandlers;
  private psk: Buffer = Buffer.alloc(0);
  private generationSeen = 0;
  private readonly reader = new FrameReader(LINK_UNPROVEN_BODY_BYTES_MAX);
  private readonly streams = new StreamTable();
  private waiting: Buffer[] = [];
  private waitingBytes = 0;
  private helloBody: Buffer | undefined = undefined;
  private inbound: SealedWay | undefined = undefined;
  private outbound: SealedWay | undefined = undefined;
  private creditOwed = 0;
  private readonly face = newFace();
  private heartbeatMs = HEARTBEAT_MS;
  private silenceMs = SILENCE_MS_MAX;
  private pingsUnanswered = 0;
  private nowMs = 0;
  private startedAtMs = 0;
  private heardAtMs = 0;
  private sentAtMs = 0;
  private tickedAtMs = 0;

  constructor(
    crypto: LinkCrypto,
    options: SessionOptions,
    host: SessionHost,
    handlers: PortHandlers,
  ) {
    this.crypto = crypto;
    this.options = options;
    this.host = host;
    this.handlers = handlers;
  }

  /**
   * Makes it ready for a connection; the one before has ended.
   * @param generationSeen the greatest generation this device was served with; 0 after boot
   */
  begin(psk: Buffer, generationSeen: number): void {
    this.psk = psk;
    this.generationSeen = generationSeen;
    this.state = "idle";
    this.endCode = LinkCode.OK;
    this.generation = 0;
    this.rttMs = -1;
    this.openedAtMs = 0;
    this.reader.restart(LINK_UNPROVEN_BODY_BYTES_MAX);
    this.inbound = undefined;
    this.outbound = undefined;
    this.creditOwed = 0;
    this.pingsUnanswered = 0;
  }

  /** The connection is there: says HELLO. */
  sayHello(nowMs: number): void {
    if (this.state !== "idle") return;
    this.nowMs = nowMs;
    this.startedAtMs = nowMs;
    this.heardAtMs = nowMs;
    this.tickedAtMs = nowMs;
    this.state = "hello";
    const nonce = this.crypto.random(NONCE_BYTES);
    const hello = encodeHello(this.options.deviceId, this.generationSeen, nonce);
    this.helloBody = hello;
    this.writeBody(hello);
  }

  /** Takes bytes from the socket; `work` then deals with them. */
  receive(chunk: Buffer): void {
    if (this.state === "ended") return;
    if (this.waiting.length === 0 && !this.reader.hasMore()) {
      if (chunk.length <= WAITING_BYTES_MAX) return this.reader.give(chunk);
    } else this.waiting.push(chunk);
    this.waitingBytes += chunk.length;
    if (this.heldBytes() > WAITING_BYTES_MAX) this.endSession(LinkCode.LINK_CREDIT, true);
  }

  /** Deals with what was received as far as one slice allows. True: more is waiting, call again soon. */
  work(nowMs: number): boolean {
    this.nowMs = nowMs;
    const { slice } = this.options;
    while (slice.hasSteps(nowMs)) {
      const body = this.reader.next() ?? this.nextWaiting();
      if (body === undefined) break;
      this.takeBody(body);
    }
    this.returnCredit();
    return this.state !== "ended" && (this.waiting.length > 0 || this.reader.hasMore());
  }

  /** Looks at the time: heartbeats, silence, the handshake's deadline. Call about every 100 ms. */
  tick(nowMs: number): void {
    const wasAsleep = nowMs - this.tickedAtMs > LATE_TICK_MS;
    this.nowMs = nowMs;
    this.tickedAtMs = nowMs;
    if (this.state === "idle" || this.state === "ended") return;
    this.returnCredit();
    if (this.state !== "open") {
      if (nowMs - this.startedAtMs > HANDSHAKE_MS_MAX) this.endSession(LinkCode.LINK_SILENT, false);
      return;
    }
    // What waits here was heard, even if it is not read yet.
    const hasUnread = this.waiting.length > 0 || this.reader.hasMore();
    const isQuiet = nowMs - this.heardAtMs > this.silenceMs && !hasUnread;
    if (isQuiet && !wasAsleep) return this.endSession(LinkCode.LINK_SILENT, true);
    if (nowMs - this.sentAtMs < this.heartbeatMs) return;
    if (this.pingsUnanswered >= LINK_PINGS_UNANSWERED_MAX) return;
    this.pingsUnanswered++;
    this.sendSealed(encodeHeartbeat(PING, Math.floor(nowMs)));
  }

  /** Ends the session, telling the peer if it can hear. */
  close(code: LinkCode): void {
    this.endSession(code, true);
  }

  /** The socket has gone. */
  lose(code: LinkCode): void {
    this.endSession(code, false);
  }

  sendMirror(data: Buffer): boolean {
    return this.sendSealed(encodeMirror(data));
  }

  /** Sends `data` on a stream in as many frames as it needs. */
  sendData(stream: number, data: Buffer): boolean {
    const { length } = data;
    for (let at = 0; at < length; at += DATA_BYTES_MAX) {
      const piece = length <= DATA_BYTES_MAX ? data : sliceBytes(data, at, at + DATA_BYTES_MAX);
      if (!this.sendSealed(encodeData(stream, piece))) return false;
    }
    return true;
  }

  shutStream(stream: LinkStream, code: number): void {
    this.streams.remove(stream);
    this.sendSealed(encodeShut(stream.id, code));
  }

  noteStreamFault(where: string, thrown: unknown): void {
    this.host.noteLinkFault(where, thrown);
  }

  streamCount(): number {
    return this.streams.openCount();
  }

  /** Bytes held for this session that have not become messages yet. */
  heldBytes(): number {
    return this.waitingBytes + this.reader.heldBytes();
  }

  /** The next body of the chunks that waited for a slice. */
  private nextWaiting(): Buffer | undefined {
    const { reader } = this;
    while (this.state !== "ended") {
      if (reader.code !== LinkCode.OK) {
        this.endSession(reader.code, true);
        return undefined;
      }
      const chunk = this.waiting.shift();
      if (chunk === undefined) return undefined;
      this.waitingBytes -= chunk.length;
      reader.give(chunk);
      const body = reader.next();
      if (body !== undefined) return body;
    }
    return undefined;
  }

  private takeBody(body: Buffer): void {
    this.options.slice.spend(this.nowMs, FRAME_STEPS);
    if (this.state === "hello") return this.takeChallenge(body);
    if (this.state === "proof" && body.length === 2 && body[0] === REFUSE) {
      return this.endSession(body[1] as number, false);
    }
    const plain = this.inbound?.open(body);
    if (plain === undefined) return this.endSession(LinkCode.LINK_FRAME_AUTH, true);
    this.heardAtMs = this.nowMs;
    const code = lengthCodeOf(plain);
    if (code !== LinkCode.OK) return this.endSession(code, true);
    const type = plain[0] as number;
    if (this.state === "proof") {
      if (type === WELCOME) return this.openSession(plain);
      return this.endSession(LinkCode.LINK_FRAME_TYPE, true);
    }
    if (costsCredit(type)) this.creditOwed += 2 + body.length;
    // An exception of whoever it is for costs that message, nothing else.
    try {
      this.takeMessage(type, plain);
    } catch (thrown) {
      this.host.noteLinkFault("message", thrown);
      // Without it the gateway would never send one again.
      if (type === FACE) this.sendSealed(encodeNext(0));
    }
  }

  private takeChallenge(body: Buffer): void {
    const message = decodeGatewayClear(body);
    if (message.type === REFUSE) return this.endSession(message.code, false);
    if (message.type === BAD) return this.endSession(message.code, false);
    const hello = this.helloBody;
    if (message.type !== CHALLENGE || hello === undefined) {
      return this.endSession(LinkCode.LINK_FRAME_TYPE, false);
    }
    const { crypto, psk } = this;
    const { deviceId } = this.options;
    if (!equalBytes(message.mac, gatewayMac(crypto, psk, hello, message.nonce))) {
      this.writeBody(encodeRefuse(LinkCode.LINK_KEY));
      return this.endSession(LinkCode.LINK_KEY, false);
    }
    const nonceD = sliceBytes(hello, hello.length - NONCE_BYTES, hello.length);
    const nonceG = message.nonce;
    this.outbound = new SealedWay(
      crypto,
      deviceToGatewayKey(crypto, psk, nonceD, nonceG, deviceId),
    );
    this.inbound = new SealedWay(crypto, gatewayToDeviceKey(crypto, psk, nonceD, nonceG, deviceId));
    this.reader.bodyBytesMax = LINK_FRAME_BYTES_MAX;
    this.state = "proof";
    this.writeBody(encodeProof(deviceMac(crypto, psk, hello, body)));
  }

  private openSession(welcome: Buffer): void {
    const generation = getU32(welcome, 1);
    if (generation <= this.generationSeen) {
      return this.endSession(LinkCode.LINK_REPLACED, true);
    }
    this.generation = generation;
    this.heartbeatMs = Math.min(Math.max(getU16(welcome, 5), 50), 5000);
    this.silenceMs = Math.min(Math.max(getU16(welcome, 7), 3 * this.heartbeatMs), 15000);
    this.openedAtMs = this.nowMs;
    this.helloBody = undefined;
    this.state = "open";
    this.sendSealed(encodeCredit(LINK_CREDIT_BYTES_MAX));
    for (const port of this.options.ports) {
      this.sendSealed(encodeListen(port.protocol, port.port));
    }
    this.sendSealed(encodeNext(0));
    try {
      this.handlers.onSession(this.generation);
    } catch (thrown) {
      this.host.noteLinkFault("link session", thrown);
    }
  }

  /** Gives back what was dealt with, unless those it was for hold too much already: so what may come is bounded. */
  private returnCredit(): void {
    const bytes = this.creditOwed;
    if (bytes < LINK_CREDIT_STEP_BYTES || this.state !== "open" || this.handlers.isFull()) return;
    this.creditOwed = 0;
    this.sendSealed(encodeCredit(bytes));
  }

  /** What comes most often stands first: the machine compares one after the other. */
  private takeMessage(type: number, plain: Buffer): void {
    if (type === FACE) {
      const { face } = this;
      let pauseMs = 0;
      if (readFaceFrame(plain, face)) pauseMs = this.handlers.onFace(face);
      else this.handlers.onNobody(face);
      // The gateway keeps the newest until then: never more than one is on its way.
      this.sendSealed(encodeNext(pauseMs));
    } else if (type === DATA) {
      const stream = this.streams.find(getU16(plain, 1));
      if (stream !== undefined) stream.takeData(sliceBytes(plain, 3, plain.length));
    } else if (type === PING) {
      plain[0] = PONG;
      this.sendSealed(plain);
    } else if (type === PONG) {
      this.pingsUnanswered = 0;
      this.rttMs = Math.max(0, Math.floor(this.nowMs) - getU32(plain, 1));
    } else if (type === DATAGRAM) {
      const data = sliceBytes(plain, 5, plain.length);
      this.handlers.onDatagram(getU16(plain, 1), data, getU16(plain, 3));
    } else if (type === OPEN) this.takeOpen(getU16(plain, 1), getU16(plain, 3));
    else if (type === SHUT) this.takeShut(getU16(plain, 1), plain[3] as number);
    else if (type === LISTENING)
      this.host.onListening(plain[1] as number, getU16(plain, 2), plain[4] as number);
    else if (type === MIRROR) this.handlers.onMirror(sliceBytes(plain, 1, plain.length));
    else if (type === BYE) this.endSession(plain[1] as number, false);
    else this.endSession(LinkCode.LINK_FRAME_TYPE, true);
  }

  private takeOpen(id: number, port: number): void {
    if (this.streams.find(id) !== undefined) {
      return this.endSession(LinkCode.LINK_FRAME_TYPE, true);
    }
    if (this.streams.openCount() >= STREAMS_MAX) {
      this.sendSealed(encodeShut(id, LinkCode.STREAM_LIMIT));
      return;
    }
    const stream = new LinkStream(id, this);
    this.streams.add(stream);
    try {
      this.handlers.onStream(port, stream);
    } catch (thrown) {
      this.host.noteLinkFault("stream open", thrown);
      stream.close(LinkCode.STREAM_RESET);
    }
  }

  private takeShut(id: number, code: number): void {
    const stream = this.streams.find(id);
    if (stream === undefined) return;
    this.streams.remove(stream);
    stream.takeClose(code);
  }

  private sendSealed(plain: Buffer): boolean {
    if (this.state !== "open" || this.outbound === undefined) return false;
    if (this.outbound.isSpent()) {
      this.endSession(LinkCode.LINK_CLOSING, false);
      return false;
    }
    return this.writeBody(this.outbound.seal(plain));
  }

  private writeBody(body: Buffer): boolean {
    this.sentAtMs = this.nowMs;
    if (this.host.writeFrame(encodeFrame(body))) return true;
    this.endSession(LinkCode.LINK_LOST, false);
    return false;
  }

  private endSession(code: LinkCode, tellPeer: boolean): void {
    if (this.state === "ended") return;
    const wasOpen = this.state === "open";
    if (wasOpen && tellPeer) this.sendSealed(encodeBye(code));
    // The farewell itself may have found the socket gone and ended the session.
    if (this.isEnded()) return;
    this.state = "ended";
    this.endCode = code;
    this.waiting = [];
    this.waitingBytes = 0;
    this.reader.clear();
    this.streams.closeAll(code);
    if (wasOpen) {
      try {
        this.handlers.onSessionEnd(code);
      } catch (thrown) {
        this.host.noteLinkFault("link session end", thrown);
      }
    }
    this.host.onEnd(code);
  }

  private isEnded(): boolean {
    return this.state === "ended";
  }
}
