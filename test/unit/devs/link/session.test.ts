/**
 * The device's session by hand-made frames: slices of work, credit, refusals, what a gateway may not do. A whole session
 * against the gateway's code and a faulty network: test/unit/gateway/link-faults.
 */
import assert from "node:assert/strict";
import { test } from "node:test";
import type { Stream } from "../../../../devs/link/forward.js";
import { DeviceSession } from "../../../../devs/link/session.js";
import { nodeCrypto } from "../../../../src/gateway/node-crypto.js";
import { LinkCode } from "../../../../src/wire/errors.js";
import { FrameReader } from "../../../../src/wire/frame-reader.js";
import {
  SealedWay,
  deviceToGatewayKey,
  gatewayMac,
  gatewayToDeviceKey,
} from "../../../../src/wire/handshake.js";
import * as wire from "../../../../src/wire/link.js";
import { LINK_CREDIT_BYTES_MAX } from "../../../../src/wire/limits.js";
import { decodeSealed } from "../../../../src/wire/sealed.js";

const PSK = Buffer.alloc(32, 7);
const ID = Buffer.from("0123456789abcdef", "hex");
const NONCE_G = Buffer.alloc(16, 9);

/** A gateway that does what the test says. */
class Peer {
  readonly session: DeviceSession;
  readonly said: Buffer[] = [];
  readonly streams: Stream[] = [];
  readonly datagrams: Buffer[] = [];
  readonly faults: string[] = [];
  readonly sessionEnds: number[] = [];
  end = -1;
  private outbound: SealedWay | undefined;
  private inbound: SealedWay | undefined;
  private readonly reader = new FrameReader(1040);

  constructor(generationSeen = 0) {
    this.session = new DeviceSession(
      { crypto: nodeCrypto, psk: PSK, deviceId: ID, generationSeen, ports: [] },
      {
        writeFrame: (frame) => {
          this.reader.pushBytes(frame);
          for (let body = this.reader.next(); body; body = this.reader.next()) this.said.push(body);
          return true;
        },
        noteLinkFault: (where) => this.faults.push(where),
        onListening: () => undefined,
        onEnd: (code) => (this.end = code),
      },
      {
        onStream: (_port, stream) => this.streams.push(stream),
        onDatagram: (_port, data) => this.datagrams.push(data),
        onMirror: () => undefined,
        onSession: () => undefined,
        onSessionEnd: (code) => this.sessionEnds.push(code),
      },
    );
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
    while (this.session.workSome(1));
  }

  frame(plain: Buffer): Buffer {
    assert.ok(this.outbound);
    return wire.encodeFrame(this.outbound.sealBody(plain));
  }

  say(...plains: Buffer[]): void {
    for (const plain of plains) this.session.receive(this.frame(plain));
    while (this.session.workSome(1));
  }

  /** All sealed messages of the device so far. */
  heard(): wire.SealedMessage[] {
    const sealed = this.said.splice(0).filter((body) => body.length !== 34 && body.length !== 17);
    return sealed.map((body) => decodeSealed(this.inbound?.openBody(body) ?? Buffer.alloc(0)));
  }
}

const data = (stream: number, bytes: number): Buffer =>
  wire.encodeData(stream, Buffer.alloc(bytes, 65));

test("opens with WELCOME and gives credit before anything else", () => {
  const peer = new Peer().open(5);
  assert.equal(peer.session.state, "open");
  assert.equal(peer.session.generation, 5);
  assert.deepEqual(peer.heard()[0], { type: wire.CREDIT, bytes: LINK_CREDIT_BYTES_MAX });
});

test("a gateway that does not know the key never hears the device's proof", () => {
  const peer = new Peer();
  peer.challenge(Buffer.alloc(32, 8));
  assert.equal(peer.end, LinkCode.LINK_KEY);
  assert.deepEqual(peer.said.slice(1), [wire.encodeRefuse(LinkCode.LINK_KEY)]);
});

test("a refusal ends the attempt with its code, before and after the proof", () => {
  const early = new Peer();
  early.clear(wire.encodeRefuse(LinkCode.LINK_BUSY));
  assert.equal(early.end, LinkCode.LINK_BUSY);
  const late = new Peer();
  late.challenge();
  late.clear(wire.encodeRefuse(LinkCode.LINK_KEY));
  assert.equal(late.end, LinkCode.LINK_KEY);
  assert.deepEqual(late.sessionEnds, [], "it never was a session");
});

test("a generation that does not grow is refused", () => {
  assert.equal(new Peer(7).open(7).end, LinkCode.LINK_REPLACED);
});

test("a handshake that takes more than 3 s is given up", () => {
  const peer = new Peer();
  for (let ms = 100; ms <= 3000; ms += 100) peer.session.tickSession(ms);
  assert.equal(peer.end, -1);
  peer.session.tickSession(3100);
  assert.equal(peer.end, LinkCode.LINK_SILENT);
});

test("work is done in slices: 16 frames or 1 KB, and nothing is lost between them", () => {
  const peer = new Peer().open();
  peer.say(wire.encodeOpen(1, 81));
  let bytes = 0;
  const stream = peer.streams[0];
  assert.ok(stream);
  stream.onData = (chunk) => (bytes += chunk.length);
  const tiny = Array.from({ length: 100 }, () => peer.frame(data(1, 1)));
  peer.session.receive(Buffer.concat(tiny));
  assert.equal(peer.session.workSome(2), true);
  assert.equal(bytes, 16);
  let slices = 1;
  while (peer.session.workSome(2)) slices++;
  assert.equal(bytes, 100);
  assert.ok(slices >= 6);
  bytes = 0;
  peer.session.receive(Buffer.concat([peer.frame(data(1, 1022)), peer.frame(data(1, 1022))]));
  assert.equal(peer.session.workSome(3), true);
  assert.equal(bytes, 1022);
});

test("credit comes back in steps of at least 512 bytes and adds up", () => {
  const peer = new Peer().open();
  peer.heard();
  peer.say(wire.encodeOpen(1, 81));
  let spent = 15;
  let returned = 0;
  for (let i = 0; i < 40; i++) {
    peer.say(data(1, 300));
    spent += 313;
    for (const message of peer.heard()) {
      if (message.type !== wire.CREDIT) continue;
      assert.ok(message.bytes >= 512);
      returned += message.bytes;
    }
    assert.ok(spent - returned < LINK_CREDIT_BYTES_MAX);
  }
  assert.ok(spent - returned < 512);
});

test("A9: a gateway that sends more than its credit is cut before the heap is in danger", () => {
  const peer = new Peer().open();
  for (let i = 0; i < 6 && peer.end === -1; i++) peer.session.receive(peer.frame(data(1, 1022)));
  assert.equal(peer.end, LinkCode.LINK_CREDIT);
  assert.equal(peer.session.sessionHeldBytes(), 0);
});

test("an exception in a stream's handler costs that stream only", () => {
  const peer = new Peer().open();
  peer.say(wire.encodeOpen(1, 81), wire.encodeOpen(2, 81));
  const [first, second] = peer.streams;
  assert.ok(first && second);
  first.onData = () => {
    throw new Error("bug");
  };
  let heard = 0;
  second.onData = () => heard++;
  peer.heard();
  peer.say(data(1, 3), data(2, 3), data(1, 3));
  assert.deepEqual(peer.faults, ["stream data"]);
  assert.deepEqual(peer.heard(), [{ type: wire.SHUT, stream: 1, code: LinkCode.STREAM_RESET }]);
  assert.equal(heard, 1);
  assert.equal(first.send(Buffer.from("x")), false);
  assert.equal(peer.session.state, "open");
});

test("the 17th stream is refused, and a place is free again after SHUT", () => {
  const peer = new Peer().open();
  for (let id = 1; id <= 17; id++) peer.say(wire.encodeOpen(id, 81));
  assert.equal(peer.streams.length, 16);
  assert.deepEqual(peer.heard().at(-1), {
    type: wire.SHUT,
    stream: 17,
    code: LinkCode.STREAM_LIMIT,
  });
  const closed: number[] = [];
  if (peer.streams[0]) peer.streams[0].onClose = (code) => closed.push(code);
  peer.say(wire.encodeShut(1, LinkCode.STREAM_CLOSED), wire.encodeOpen(18, 81));
  assert.deepEqual(closed, [LinkCode.STREAM_CLOSED]);
  assert.equal(peer.streams.length, 17);
});

test("the end of a session closes every stream once, with its code", () => {
  const peer = new Peer().open();
  peer.say(wire.encodeOpen(1, 81), wire.encodeOpen(2, 81));
  const closed: number[] = [];
  for (const stream of peer.streams) stream.onClose = (code) => closed.push(code);
  peer.say(wire.encodeBye(LinkCode.LINK_REPLACED));
  assert.deepEqual(closed, [LinkCode.LINK_REPLACED, LinkCode.LINK_REPLACED]);
  assert.deepEqual(peer.sessionEnds, [LinkCode.LINK_REPLACED]);
  assert.equal(peer.end, LinkCode.LINK_REPLACED);
  peer.session.lose(LinkCode.LINK_LOST);
  assert.equal(peer.session.endCode, LinkCode.LINK_REPLACED);
});

test("types that a gateway may not send end the session by name", () => {
  for (const plain of [
    wire.encodeCredit(5),
    wire.encodeListen(6, 81),
    wire.encodeWelcome(2, 400, 1200),
    Buffer.from([0x77]),
  ]) {
    const peer = new Peer().open();
    peer.say(plain);
    assert.equal(peer.end, LinkCode.LINK_FRAME_TYPE);
  }
});

test("a long answer goes out in frames of at most 1,022 bytes, in order", () => {
  const peer = new Peer().open();
  peer.say(wire.encodeOpen(1, 81));
  peer.heard();
  const long = Buffer.alloc(2500);
  for (let i = 0; i < long.length; i++) long[i] = i * 3;
  assert.equal(peer.streams[0]?.send(long), true);
  const parts = peer.heard().map((m) => (m.type === wire.DATA ? m.data : Buffer.alloc(0)));
  assert.deepEqual(
    parts.map((part) => part.length),
    [1022, 1022, 456],
  );
  assert.deepEqual(Buffer.concat(parts), long);
});

test("a late timer is our own sleep, not the peer's silence", () => {
  const peer = new Peer().open();
  peer.session.tickSession(5000);
  assert.equal(peer.end, -1, "one more look");
  peer.session.tickSession(5100);
  assert.equal(peer.end, LinkCode.LINK_SILENT);
});

test("the round trip is measured by the heartbeat", () => {
  const peer = new Peer().open();
  peer.heard();
  peer.session.tickSession(402);
  const ping = peer.heard()[0];
  assert.ok(ping?.type === wire.PING);
  peer.session.receive(peer.frame(wire.encodeHeartbeat(wire.PONG, ping.token)));
  peer.session.workSome(410);
  assert.equal(peer.session.rttMs, 8);
});
