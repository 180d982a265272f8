/**
 * Faces on one session of the gateway (A12, PROTOCOL §1.4), against a robot that does what the test says: at most one
 * under way, none before its pause is over, always the newest, and text to a robot that never asks.
 */
import assert from "node:assert/strict";
import { test } from "node:test";
import { DatagramSlots } from "../../../src/gateway/datagram-slots.js";
import { nodeCrypto } from "../../../src/gateway/node-crypto.js";
import { GatewaySession } from "../../../src/gateway/session.js";
import { FakeClock } from "../../../src/time/fake-clock.js";
import { LinkCode } from "../../../src/wire/errors.js";
import { FrameReader } from "../../../src/wire/frame-reader.js";
import {
  SealedWay,
  deviceMac,
  deviceToGatewayKey,
  gatewayToDeviceKey,
} from "../../../src/wire/handshake.js";
import * as wire from "../../../src/wire/link.js";
import type { SealedMessage } from "../../../src/wire/link-messages.js";
import { LINK_CREDIT_BYTES_MAX } from "../../../src/wire/limits.js";
import { decodeSealed } from "../../../src/wire/sealed.js";

const PSK = Buffer.alloc(32, 7);
const ID = Buffer.from("0123456789abcdef", "hex");
const NONCE = Buffer.alloc(16, 3);

/** A robot that has proved itself and says only what it is told to. */
class Robot {
  readonly clock = new FakeClock(1000);
  readonly slots = new DatagramSlots();
  readonly session: GatewaySession;
  end = -1;
  private readonly reader = new FrameReader(1040);
  private readonly bodies: Buffer[] = [];
  private readonly outbound: SealedWay;
  private readonly inbound: SealedWay;

  constructor() {
    this.session = new GatewaySession(
      { crypto: nodeCrypto, datagrams: this.slots, clock: this.clock },
      {
        write: (frame) => {
          this.reader.give(frame);
          for (let body = this.reader.next(); body; body = this.reader.next())
            this.bodies.push(body);
        },
        keyOf: () => PSK,
        nextGeneration: () => 1,
        onProven: () => undefined,
        onListen: () => LinkCode.OK,
        onMirror: () => undefined,
        onEnd: (code) => (this.end = code),
      },
    );
    const hello = wire.encodeHello(ID, 0, NONCE);
    this.session.receive(wire.encodeFrame(hello));
    const challenge = this.bodies.shift() as Buffer;
    const nonceG = challenge.subarray(2, 18);
    const proof = wire.encodeProof(deviceMac(nodeCrypto, PSK, hello, challenge));
    this.session.receive(wire.encodeFrame(proof));
    this.outbound = new SealedWay(
      nodeCrypto,
      deviceToGatewayKey(nodeCrypto, PSK, NONCE, nonceG, ID),
    );
    this.inbound = new SealedWay(
      nodeCrypto,
      gatewayToDeviceKey(nodeCrypto, PSK, NONCE, nonceG, ID),
    );
    assert.deepEqual(
      this.heard().map(({ type }) => type),
      [wire.WELCOME],
    );
  }

  say(...plains: Buffer[]): void {
    for (const plain of plains) this.session.receive(wire.encodeFrame(this.outbound.seal(plain)));
  }

  /** A datagram for it, as the gateway hands it on. */
  send(text: string): void {
    this.slots.put(8888, Buffer.from(text), this.clock.nowMs());
    this.session.pump();
  }

  heard(): SealedMessage[] {
    return this.bodies
      .splice(0)
      .map((body) => decodeSealed(this.inbound.open(body) ?? Buffer.alloc(0)));
  }

  /** Numbers of the FACE frames that have come; anything else is a mistake. */
  faces(): number[] {
    return this.heard().map((message) => {
      assert.ok(message.type === wire.FACE, `type ${message.type}`);
      return message.face.seq;
    });
  }
}

const face = (seq: number): string => `FACE:120,120,0,0,60,60,90,${seq}`;

test("A12: at most one face is under way, and the newest wins", async () => {
  const robot = new Robot();
  robot.say(wire.encodeNext(0));
  robot.send(face(1));
  assert.deepEqual(robot.faces(), [1]);
  for (let seq = 2; seq <= 40; seq++) {
    await robot.clock.advance(25);
    robot.send(face(seq));
  }
  assert.deepEqual(robot.faces(), [], "a second of faces, and the first is not done with");
  robot.say(wire.encodeNext(0));
  assert.deepEqual(robot.faces(), [40]);
  await robot.clock.advance(20);
  robot.say(wire.encodeNext(0), wire.encodeNext(0));
  robot.send(face(41));
  await robot.clock.advance(20);
  robot.send(face(42));
  assert.deepEqual(robot.faces(), [41], "asking twice is asking once");
});

test("A12: the pause of NEXT counts from the last face, to the millisecond; then the newest goes by itself", async () => {
  for (const pauseMs of [21, 40, 255]) {
    const robot = new Robot();
    robot.say(wire.encodeNext(0));
    robot.send(face(1));
    assert.deepEqual(robot.faces(), [1]);
    await robot.clock.advance(20);
    robot.say(wire.encodeNext(pauseMs));
    let seq = 1;
    for (let ms = 20; ms < pauseMs - 1; ms++) {
      robot.send(face(++seq));
      await robot.clock.advance(1);
    }
    robot.send(face(++seq));
    assert.deepEqual(robot.faces(), [], `${pauseMs} ms are not over`);
    await robot.clock.advance(1);
    assert.deepEqual(robot.faces(), [seq]);
    await robot.clock.advance(1000);
    robot.send(face(seq + 1));
    assert.deepEqual(robot.faces(), [], "one NEXT, one face");
  }
});

test("a later NEXT counts instead of the pause before it", async () => {
  const robot = new Robot();
  robot.say(wire.encodeNext(200));
  robot.send(face(1));
  assert.deepEqual(robot.faces(), [1], "there was none before it");
  robot.say(wire.encodeNext(200));
  await robot.clock.advance(100);
  robot.send(face(2));
  robot.say(wire.encodeNext(0));
  assert.deepEqual(robot.faces(), [2], "at once");
  robot.say(wire.encodeNext(255));
  await robot.clock.advance(150);
  robot.send(face(3));
  assert.deepEqual(robot.faces(), [], "the first pause would be over");
  await robot.clock.advance(105);
  robot.send(face(4));
  assert.deepEqual(robot.faces(), [4]);
});

test("faces need a NEXT and no credit, everything else needs credit and no NEXT", async () => {
  const robot = new Robot();
  robot.say(wire.encodeNext(0));
  robot.send("!VISION:{}");
  robot.send(face(1));
  assert.deepEqual(robot.faces(), [1]);
  await robot.clock.advance(20);
  robot.send(face(2));
  robot.say(wire.encodeCredit(LINK_CREDIT_BYTES_MAX));
  const [vision, ...rest] = robot.heard();
  assert.ok(vision?.type === wire.DATAGRAM && vision.data.toString() === "!VISION:{}");
  assert.deepEqual(rest, []);
});

test("a robot that never asks gets faces as text, within its credit", async () => {
  const robot = new Robot();
  robot.send(face(1));
  assert.deepEqual(robot.heard(), []);
  // 256 of it are kept for a STOP.
  robot.say(wire.encodeCredit(256 + 100));
  for (let seq = 2; seq <= 5; seq++) {
    await robot.clock.advance(20);
    robot.send(face(seq));
  }
  const texts = robot.heard().map((message) => {
    assert.ok(message.type === wire.DATAGRAM, `type ${message.type}`);
    return message.data.toString();
  });
  assert.deepEqual(texts, [face(1), face(2)]);
});

test("a session that ends during a pause takes its timer with it", () => {
  const robot = new Robot();
  robot.say(wire.encodeNext(0));
  robot.send(face(1));
  let timers = 0;
  robot.clock.after = () => {
    timers++;
    return () => timers--;
  };
  robot.say(wire.encodeNext(50));
  robot.say(wire.encodeNext(60));
  assert.equal(timers, 1, "one pause at a time");
  robot.session.close(LinkCode.LINK_CLOSING);
  assert.equal(robot.end, LinkCode.LINK_CLOSING);
  assert.equal(timers, 0);
});
