/**
 * The gateway's end of one link connection (PROTOCOL §1): sealed frames, credit, heartbeats; the handshake and
 * the clients' streams stand in `handshake.ts` and `streams.ts`.
 * Pure: bytes and time come in, bytes and events go out through `SessionHost`. One object per connection; it
 * never comes back from "ended". Which session of a device counts is the gateway's business (`gateway.ts`).
 */
import { LinkCode } from "../wire/errors.js";
import { FrameReader } from "../wire/frame-reader.js";
import {
  HANDSHAKE_MS_MAX,
  HEARTBEAT_MS,
  LINK_CREDIT_BYTES_MAX,
  LINK_FRAME_BYTES_MAX,
  LINK_UNPROVEN_BODY_BYTES_MAX,
  SILENCE_MS_MAX,
} from "../wire/limits.js";
import {
  BAD,
  BYE,
  CREDIT,
  DATA,
  LISTEN,
  MIRROR,
  NEXT,
  PING,
  PONG,
  SHUT,
  encodeBye,
  encodeFrame,
  encodeHeartbeat,
  encodeListening,
  encodeMirror,
  encodeRefuse,
  encodeWelcome,
} from "../wire/link.js";
import type { SealedMessage } from "../wire/link-messages.js";
import { decodeSealed, mayDeviceSend } from "../wire/sealed.js";
import type { CancelTimer, Clock } from "../time/clock.js";
import { answerHello, answerProof, type Challenged, type Opened } from "./handshake.js";
import { Outbox } from "./outbox.js";
import { Pulse } from "./pulse.js";
import type {
  ForwardedStream,
  LinkRoad,
  SessionCounters,
  SessionHost,
  SessionOptions,
  StreamClient,
} from "./session-types.js";
import { Streams } from "./streams.js";

type State = { kind: "hello" } | Challenged | Opened | { kind: "ended" };

export class GatewaySession {
  /** 16 hex digits; "" before HELLO. Unproven until `isOpen()`. */
  deviceId = "";
  generation = 0;
  endCode: LinkCode = LinkCode.OK;
  /** By which way it has come. */
  road: LinkRoad = "network";
  readonly counters: SessionCounters = { framesIn: 0, framesOut: 0, bytesIn: 0, bytesOut: 0 };
  private readonly options: SessionOptions;
  private readonly host: SessionHost;
  private readonly reader = new FrameReader(LINK_UNPROVEN_BODY_BYTES_MAX);
  private readonly outbox: Outbox;
  private readonly streams: Streams;
  private state: State = { kind: "hello" };
  private readonly pulse: Pulse;
  /** Of the pause before the next face. */
  private cancelPause: CancelTimer | undefined;
  private readonly clock: Pick<Clock, "nowMs" | "after">;
  private readonly startedAtMs: number;

  constructor(options: SessionOptions, host: SessionHost) {
    this.options = options;
    this.host = host;
    this.outbox = new Outbox(options.datagrams);
    this.streams = new Streams(this.outbox, () => this.pump());
    this.clock = options.clock;
    const nowMs = options.clock.nowMs();
    this.startedAtMs = nowMs;
    this.pulse = new Pulse(nowMs);
  }

  /** Round trip of the last heartbeat; undefined before the first. */
  get rttMs(): number | undefined {
    return this.pulse.rttMs;
  }

  isOpen(): boolean {
    return this.state.kind === "open";
  }

  isEnded(): boolean {
    return this.state.kind === "ended";
  }

  /** Whether the peer has said who it claims to be. */
  hasSaidHello(): boolean {
    return this.deviceId !== "";
  }

  streamCount(): number {
    return this.streams.count();
  }

  /** Takes bytes from the socket and deals with all of them. */
  receive(chunk: Buffer): void {
    if (this.isEnded()) return;
    this.counters.bytesIn += chunk.length;
    this.reader.give(chunk);
    for (let body = this.reader.next(); body; body = this.reader.next()) {
      this.counters.framesIn++;
      this.takeBody(body);
      if (this.isEnded()) return;
    }
    if (this.reader.code !== LinkCode.OK) return this.refuse(this.reader.code);
    this.pump();
  }

  /** Looks at the time: deadline of the handshake, silence, heartbeats. Call about every 100 ms. */
  tick(): void {
    const nowMs = this.clock.nowMs();
    const isSilent = this.pulse.tick(nowMs);
    if (this.isEnded()) return;
    if (!this.isOpen()) {
      if (nowMs - this.startedAtMs > HANDSHAKE_MS_MAX) this.refuse(LinkCode.LINK_SILENT);
      return;
    }
    if (isSilent) return this.end(LinkCode.LINK_SILENT);
    this.pump();
    const token = this.pulse.nextToken(nowMs);
    if (token !== undefined) this.sendSealed(encodeHeartbeat(PING, token));
  }

  /** Sends what credit and pacing allow now. Called by itself after each input but a new datagram. */
  pump(): void {
    while (this.isOpen()) {
      const plain = this.outbox.next(this.clock.nowMs());
      if (!plain) return;
      this.sendSealed(plain);
    }
  }

  /** Opens a stream towards the robot; undefined: no session, or the robot's streams are all in use. */
  openStream(port: number, client: StreamClient): ForwardedStream | undefined {
    return this.isOpen() ? this.streams.open(port, client) : undefined;
  }

  /** Says that a port which had to wait is open now. */
  sendListening(protocol: number, port: number, code: LinkCode): void {
    this.outbox.putControl(encodeListening(protocol, port, code));
    this.pump();
  }

  /** Hands saved state to the robot; false: no session, or too much waits already. */
  sendMirror(data: Buffer): boolean {
    if (!this.isOpen() || !this.outbox.putControl(encodeMirror(data))) return false;
    this.pump();
    return true;
  }

  /** Ends the session, telling the robot why. */
  close(code: LinkCode): void {
    if (this.isOpen()) this.end(code);
    else this.refuse(code);
  }

  /** The socket has gone. */
  lose(): void {
    this.finish(LinkCode.LINK_LOST);
  }

  private takeBody(body: Buffer): void {
    switch (this.state.kind) {
      case "hello":
        return this.takeHello(body);
      case "challenged":
        return this.takeProof(this.state, body);
      case "open": {
        const plain = this.state.inbound.open(body);
        if (!plain) return this.end(LinkCode.LINK_FRAME_AUTH);
        this.pulse.heard(this.clock.nowMs());
        return this.takeMessage(decodeSealed(plain));
      }
      case "ended":
        return;
    }
  }

  private takeHello(body: Buffer): void {
    const answer = answerHello(body, this.options.crypto, (deviceId) => this.host.keyOf(deviceId));
    if (answer.kind === "refused") return this.refuse(answer.code);
    this.deviceId = answer.hello.deviceId.toString("hex");
    this.state = answer;
    this.write(answer.challengeBody);
  }

  private takeProof(state: Challenged, body: Buffer): void {
    const answer = answerProof(body, this.options.crypto, state);
    if (answer.kind === "refused") {
      return answer.isToldByPeer ? this.finish(answer.code) : this.refuse(answer.code);
    }
    this.reader.bodyBytesMax = LINK_FRAME_BYTES_MAX;
    this.pulse.begin(this.clock.nowMs());
    this.generation = this.host.nextGeneration(state.hello.generation);
    this.state = answer;
    this.sendSealed(encodeWelcome(this.generation, HEARTBEAT_MS, SILENCE_MS_MAX));
    this.host.onProven();
  }

  private takeMessage(message: SealedMessage): void {
    if (message.type === BAD) return this.end(message.code);
    if (!mayDeviceSend(message.type)) return this.end(LinkCode.LINK_FRAME_TYPE);
    switch (message.type) {
      case PING:
        return this.sendSealed(encodeHeartbeat(PONG, message.token));
      case PONG:
        return this.pulse.answered(message.token, this.clock.nowMs());
      case CREDIT:
        this.outbox.credit += message.bytes;
        if (this.outbox.credit > LINK_CREDIT_BYTES_MAX) this.end(LinkCode.LINK_CREDIT);
        return;
      case BYE:
        return this.finish(message.code);
      case LISTEN: {
        const { protocol, port } = message;
        const code = this.host.onListen(protocol, port);
        if (!this.outbox.putControl(encodeListening(protocol, port, code))) {
          this.end(LinkCode.LINK_CREDIT);
        }
        return;
      }
      case DATA:
        return this.streams.takeData(message.stream, message.data);
      case SHUT:
        return this.streams.takeShut(message.stream, message.code);
      case NEXT:
        return this.takeNext(message.pauseMs);
      case MIRROR:
        return this.host.onMirror(message.data);
    }
  }

  private takeNext(pauseMs: number): void {
    const waitMs = this.outbox.faceSentMs + pauseMs - this.clock.nowMs();
    this.outbox.wantsFace = waitMs <= 0;
    this.cancelPause?.();
    this.cancelPause = undefined;
    if (waitMs <= 0) return;
    this.cancelPause = this.clock.after(waitMs, () => {
      this.outbox.wantsFace = true;
      this.pump();
    });
  }

  private sendSealed(plain: Buffer): void {
    if (this.state.kind !== "open") return;
    const { outbound } = this.state;
    if (outbound.isSpent()) return this.finish(LinkCode.LINK_CLOSING);
    this.write(outbound.seal(plain));
  }

  private write(body: Buffer): void {
    const frame = encodeFrame(body);
    this.counters.framesOut++;
    this.counters.bytesOut += frame.length;
    this.pulse.sent(this.clock.nowMs());
    this.host.write(frame);
  }

  /** Ends a connection that is not a session yet. */
  private refuse(code: LinkCode): void {
    if (this.isOpen()) return this.end(code);
    if (this.isEnded()) return;
    this.write(encodeRefuse(code));
    this.finish(code);
  }

  private end(code: LinkCode): void {
    this.sendSealed(encodeBye(code));
    this.finish(code);
  }

  private finish(code: LinkCode): void {
    if (this.isEnded()) return;
    const wasProven = this.isOpen();
    this.state = { kind: "ended" };
    this.endCode = code;
    this.cancelPause?.();
    this.streams.shutAll(code);
    this.host.onEnd(code, wasProven);
  }
}
