/**
 * A gateway's end of the link in a test's hand, against the device's session: what it says and what it heard.
 */
import assert from "node:assert/strict";
import type { Stream } from "../../../../devs/link/forward.js";
import { DeviceSession } from "../../../../devs/link/session.js";
import { Slice } from "../../../../devs/runtime/slice.js";
import { nodeCrypto } from "../../../../src/gateway/node-crypto.js";
import { FrameReader } from "../../../../src/wire/frame-reader.js";
import {
  SealedWay,
  deviceToGatewayKey,
  gatewayMac,
  gatewayToDeviceKey,
} from "../../../../src/wire/handshake.js";
import * as wire from "../../../../src/wire/link.js";
import type { SealedMessage } from "../../../../src/wire/link-messages.js";
import { decodeSealed } from "../../../../src/wire/sealed.js";

const PSK = Buffer.alloc(32, 7);
const ID = Buffer.from("0123456789abcdef", "hex");
const NONCE_G = Buffer.alloc(16, 9);

/** A gateway that does what the test says. */
export class Peer {
  readonly session: DeviceSession;
  readonly said: Buffer[] = [];
  readonly streams: Stream[] = [];
  readonly datagrams: Buffer[] = [];
  /** Sequence numbers of the pictures that came as FACE, and what the robot does with them. */
  readonly faces: number[] = [];
  readonly nobodies: number[] = [];
  onFace = (): number => 0;
  /** Whoever has streams holds as much as it may. */
  isFull = false;
  readonly slice = new Slice();
  readonly faults: string[] = [];
  readonly sessionEnds: number[] = [];
  end = -1;
  /** A slice each: time does not pass within one. */
  private nowMs = 0;
  private outbound: SealedWay | undefined;
  private inbound: SealedWay | undefined;
  private readonly reader = new FrameReader(1040);

  constructor(generationSeen = 0) {
    this.session = new DeviceSession(
      nodeCrypto,
      { deviceId: ID, ports: [], slice: this.slice },
      {
        writeFrame: (frame) => {
          this.reader.give(frame);
          for (let body = this.reader.next(); body; body = this.reader.next()) this.said.push(body);
          return true;
        },
        noteLinkFault: (where) => this.faults.push(where),
        onListening: () => undefined,
        onEnd: (code) => (this.end = code),
      },
      {
        onStream: (_port, stream) => this.streams.push(stream),
        onFace: ({ seq }) => {
          this.faces.push(seq);
          return this.onFace();
        },
        onNobody: ({ seq }) => this.nobodies.push(seq),
        onDatagram: (_port, data) => this.datagrams.push(data),
        onMirror: () => undefined,
        isFull: () => this.isFull,
        onSession: () => undefined,
        onSessionEnd: (code) => this.sessionEnds.push(code),
      },
    );
    this.session.begin(PSK, generationSeen);
    this.session.sayHello(0);
  }

  challenge(psk = PSK): void {
    const hello = this.said[0] as Buffer;
    const nonceD = hello.subarray(18);
    const macG = gatewayMac(nodeCrypto, psk, hello, NONCE_G);
    this.clear(wire.encodeChallenge(NONCE_G, macG));
    this.outbound = new SealedWay(
      nodeCrypto,
      gatewayToDeviceKey(nodeCrypto, PSK, nonceD, NONCE_G, ID),
    );
    this.inbound = new SealedWay(
      nodeCrypto,
      deviceToGatewayKey(nodeCrypto, PSK, nonceD, NONCE_G, ID),
    );
  }

  open(generation = 1): this {
    this.challenge();
    this.say(wire.encodeWelcome(generation, 400, 1200));
    return this;
  }

  clear(body: Buffer): void {
    this.session.receive(wire.encodeFrame(body));
    this.work();
  }

  /** One slice after the other until nothing waits; how many it took. */
  work(): number {
    let slices = 1;
    while (this.session.work(++this.nowMs)) slices++;
    return slices;
  }

  frame(plain: Buffer): Buffer {
    assert.ok(this.outbound);
    return wire.encodeFrame(this.outbound.seal(plain));
  }

  say(...plains: Buffer[]): void {
    for (const plain of plains) this.session.receive(this.frame(plain));
    this.work();
  }

  /** All sealed messages of the device so far. */
  heard(): SealedMessage[] {
    const sealed = this.said.splice(0).filter((body) => body.length !== 34 && body.length !== 17);
    return sealed.map((body) => decodeSealed(this.inbound?.open(body) ?? Buffer.alloc(0)));
  }
}

export const data = (stream: number, bytes: number): Buffer =>
  wire.encodeData(stream, Buffer.alloc(bytes, 65));
