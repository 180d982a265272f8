/**
 * The device's end of one link session (PROTOCOL §1): handshake, sealed frames, credit, heartbeats, streams.
 * Pure: bytes and time come in, bytes go out through `SessionHost`; the same code runs in the VM and, against
 * a faulty network, in Node's tests. One object per connection; it never comes back from "ended".
 */
import { LinkCode } from "../../src/wire/errors.js";
import { FrameReader } from "../../src/wire/frame-reader.js";
import {
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
  LISTENING,
  MIRROR,
  NONCE_BYTES,
  OPEN,
  PING,
  PONG,
  REFUSE,
  SHUT,
  WELCOME,
  type Open,
  type SealedMessage,
  type Welcome,
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
  encodeProof,
  encodeRefuse,
  encodeShut,
  mayGatewaySend,
} from "../../src/wire/link.js";
import { decodeSealed } from "../../src/wire/sealed.js";
import type { PortHandlers } from "./forward.js";
import {
  LATE_TICK_MS,
  SLICE_BYTES,
  SLICE_FRAMES,
  type SessionHost,
  type SessionOptions,
  WAITING_BYTES_MAX,
} from "./session-types.js";
import { LinkStream, STREAMS_MAX, StreamTable } from "./streams.js";

export class DeviceSession {
  state: "idle" | "hello" | "proof" | "open" | "ended" = "idle";
  endCode: LinkCode = LinkCode.OK;
  generation = 0;
  /** Round trip of the last heartbeat; -1 before the first. */
  rttMs = -1;
  openedAtMs = 0;
  private readonly options: SessionOptions;
  private readonly host: SessionHost;
  private readonly handlers: PortHandlers;
  private readonly reader = new FrameReader(LINK_UNPROVEN_BODY_BYTES_MAX);
  private readonly streams = new StreamTable();
  private waiting: Buffer[] = [];
  private waitingBytes = 0;
  private helloBody: Buffer | undefined = undefined;
  private inbound: SealedWay | undefined = undefined;
  private outbound: SealedWay | undefined = undefined;
  private creditOwed = 0;
  private sliceBytes = 0;
  private heartbeatMs = HEARTBEAT_MS;
  private silenceMs = SILENCE_MS_MAX;
  private pingsUnanswered = 0;
  private nowMs = 0;
  private startedAtMs = 0;
  private heardAtMs = 0;
  private sentAtMs = 0;
  private tickedAtMs = 0;

  constructor(options: SessionOptions, host: SessionHost, handlers: PortHandlers) {
    this.options = options;
    this.host = host;
    this.handlers = handlers;
  }

  /** The connection is there: says HELLO. */
  sayHello(nowMs: number): void {
    this.nowMs = nowMs;
    this.startedAtMs = nowMs;
    this.heardAtMs = nowMs;
    this.tickedAtMs = nowMs;
    this.state = "hello";
    const nonce = this.options.crypto.random(NONCE_BYTES);
    const hello = encodeHello(this.options.deviceId, this.options.generationSeen, nonce);
    this.helloBody = hello;
    this.writeBody(hello);
  }

  /** Takes bytes from the socket; `work` then deals with them. */
  receive(chunk: Buffer): void {
    if (this.state === "ended") return;
    this.waiting.push(chunk);
    this.waitingBytes += chunk.length;
    if (this.waitingBytes > WAITING_BYTES_MAX) this.endSession(LinkCode.LINK_CREDIT, true);
  }

  /** Deals with one slice of what was received. True: more is waiting, call again soon. */
  workSome(nowMs: number): boolean {
    this.nowMs = nowMs;
    this.sliceBytes = 0;
    for (let frames = 0; frames < SLICE_FRAMES && this.sliceBytes < SLICE_BYTES; frames++) {
      const body = this.nextBody();
      if (body === undefined) break;
      this.takeBody(body);
    }
    if (this.state === "open") this.returnCredit();
    return this.state !== "ended" && (this.waiting.length > 0 || this.reader.hasMore());
  }

  /** Looks at the time: heartbeats, silence, the handshake's deadline. Call about every 100 ms. */
  tickSession(nowMs: number): void {
    const wasAsleep = nowMs - this.tickedAtMs > LATE_TICK_MS;
    this.nowMs = nowMs;
    this.tickedAtMs = nowMs;
    if (this.state === "idle" || this.state === "ended") return;
    if (this.state !== "open") {
      if (nowMs - this.startedAtMs > HANDSHAKE_MS_MAX) this.endSession(LinkCode.LINK_SILENT, false);
      return;
    }
    // What waits in our own queue was heard, even if it is not read yet.
    const isQuiet = nowMs - this.heardAtMs > this.silenceMs && this.waiting.length === 0;
    if (isQuiet && !wasAsleep) return this.endSession(LinkCode.LINK_SILENT, true);
    if (nowMs - this.sentAtMs < this.heartbeatMs) return;
    if (this.pingsUnanswered >= LINK_PINGS_UNANSWERED_MAX) return;
    this.pingsUnanswered++;
    this.sendSealed(encodeHeartbeat(PING, Math.floor(nowMs)));
  }

  /** Ends the session, telling the peer if it can hear. */
  closeSession(code: LinkCode): void {
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
    if (data.length <= DATA_BYTES_MAX) {
      return data.length === 0 || this.sendSealed(encodeData(stream, data));
    }
    for (let at = 0; at < data.length; at += DATA_BYTES_MAX) {
      const end = Math.min(at + DATA_BYTES_MAX, data.length);
      if (!this.sendSealed(encodeData(stream, data.slice(at, end)))) return false;
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

  sessionStreams(): number {
    return this.streams.openCount();
  }

  /** Bytes held for this session that did not become messages yet. */
  sessionHeldBytes(): number {
    return this.waitingBytes + this.reader.readerHeldBytes();
  }

  private nextBody(): Buffer | undefined {
    while (this.state !== "ended") {
      const body = this.reader.next();
      if (body !== undefined) return body;
      if (this.reader.code !== LinkCode.OK) {
        this.endSession(this.reader.code, true);
        return undefined;
      }
      const chunk = this.waiting.shift();
      if (chunk === undefined) return undefined;
      this.waitingBytes -= chunk.length;
      this.reader.pushBytes(chunk);
    }
    return undefined;
  }

  private takeBody(body: Buffer): void {
    if (this.state === "hello") return this.takeChallenge(body);
    if (this.state === "proof" && body.length === 2 && body[0] === REFUSE) {
      return this.endSession(body[1] ?? LinkCode.LINK_KEY, false);
    }
    const plain = this.inbound?.openBody(body);
    if (plain === undefined) return this.endSession(LinkCode.LINK_FRAME_AUTH, true);
    this.heardAtMs = this.nowMs;
    const message = decodeSealed(plain);
    if (message.type === BAD) return this.endSession(message.code, true);
    if (this.state === "proof") {
      if (message.type !== WELCOME) return this.endSession(LinkCode.LINK_FRAME_TYPE, true);
      return this.openSession(message);
    }
    if (!mayGatewaySend(message.type) || message.type === WELCOME) {
      return this.endSession(LinkCode.LINK_FRAME_TYPE, true);
    }
    if (costsCredit(message.type)) {
      this.creditOwed += 2 + body.length;
      this.sliceBytes += 2 + body.length;
    }
    this.takeMessage(message);
  }

  private takeChallenge(body: Buffer): void {
    const message = decodeGatewayClear(body);
    if (message.type === REFUSE) return this.endSession(message.code, false);
    if (message.type === BAD) return this.endSession(message.code, false);
    const hello = this.helloBody;
    if (message.type !== CHALLENGE || hello === undefined) {
      return this.endSession(LinkCode.LINK_FRAME_TYPE, false);
    }
    const { crypto, psk, deviceId } = this.options;
    if (!equalBytes(message.mac, gatewayMac(crypto, psk, hello, message.nonce))) {
      this.writeBody(encodeRefuse(LinkCode.LINK_KEY));
      return this.endSession(LinkCode.LINK_KEY, false);
    }
    const nonceD = hello.slice(hello.length - NONCE_BYTES, hello.length);
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

  private openSession(welcome: Welcome): void {
    if (welcome.generation <= this.options.generationSeen) {
      return this.endSession(LinkCode.LINK_REPLACED, true);
    }
    this.generation = welcome.generation;
    this.heartbeatMs = Math.min(Math.max(welcome.heartbeatMs, 50), 5000);
    this.silenceMs = Math.min(Math.max(welcome.silenceMs, 3 * this.heartbeatMs), 15000);
    this.openedAtMs = this.nowMs;
    this.helloBody = undefined;
    this.state = "open";
    this.sendSealed(encodeCredit(LINK_CREDIT_BYTES_MAX));
    for (const port of this.options.ports) {
      this.sendSealed(encodeListen(port.protocol, port.port));
    }
    try {
      this.handlers.onSession(this.generation);
    } catch (thrown) {
      this.host.noteLinkFault("link session", thrown);
    }
  }

  private returnCredit(): void {
    if (this.creditOwed < LINK_CREDIT_STEP_BYTES) return;
    const bytes = this.creditOwed;
    this.creditOwed = 0;
    this.sendSealed(encodeCredit(bytes));
  }

  /** An exception of whoever it is for costs that message, nothing else. */
  private takeMessage(message: SealedMessage): void {
    try {
      this.passMessage(message);
    } catch (thrown) {
      this.host.noteLinkFault("message", thrown);
    }
  }

  private passMessage(message: SealedMessage): void {
    switch (message.type) {
      case PING:
        this.sendSealed(encodeHeartbeat(PONG, message.token));
        return;
      case PONG:
        this.pingsUnanswered = 0;
        this.rttMs = Math.max(0, Math.floor(this.nowMs) - message.token);
        return;
      case BYE:
        return this.endSession(message.code, false);
      case LISTENING:
        return this.host.onListening(message.protocol, message.port, message.code);
      case OPEN:
        return this.takeOpen(message);
      case DATA:
        this.streams.find(message.stream)?.takeData(message.data);
        return;
      case SHUT:
        return this.takeShut(message.stream, message.code);
      case DATAGRAM:
        return this.handlers.onDatagram(message.port, message.data, message.ageMs);
      case MIRROR:
        return this.handlers.onMirror(message.data);
    }
  }

  private takeOpen(message: Open): void {
    if (this.streams.find(message.stream) !== undefined) {
      return this.endSession(LinkCode.LINK_FRAME_TYPE, true);
    }
    if (this.streams.openCount() >= STREAMS_MAX) {
      this.sendSealed(encodeShut(message.stream, LinkCode.STREAM_LIMIT));
      return;
    }
    const stream = new LinkStream(message.stream, this);
    this.streams.add(stream);
    try {
      this.handlers.onStream(message.port, stream);
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
    return this.writeBody(this.outbound.sealBody(plain));
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
