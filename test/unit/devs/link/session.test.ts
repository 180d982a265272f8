/**
 * The device's session by hand-made frames: slices of work, credit, refusals, what a gateway may not do. A whole session
 * against the gateway's code and a faulty network: test/unit/gateway/link-faults.
 */
import assert from "node:assert/strict";
import { test } from "node:test";
import { FRAME_STEPS, WAITING_BYTES_MAX } from "../../../../devs/link/session-types.js";
import { SLICE_STEPS } from "../../../../devs/runtime/slice.js";
import { LinkCode } from "../../../../src/wire/errors.js";
import { encodeFaceFrame, encodeNobodyFrame, newFace } from "../../../../src/wire/face-frame.js";
import * as wire from "../../../../src/wire/link.js";
import type { Next } from "../../../../src/wire/link-messages.js";
import { LINK_CREDIT_BYTES_MAX } from "../../../../src/wire/limits.js";
import { Peer, data } from "./session-peer.js";

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
  for (let ms = 100; ms <= 3000; ms += 100) peer.session.tick(ms);
  assert.equal(peer.end, -1);
  peer.session.tick(3100);
  assert.equal(peer.end, LinkCode.LINK_SILENT);
});

test("work is done in slices of a budget that others share, and nothing is lost between them", () => {
  const framesMax = Math.ceil(SLICE_STEPS / FRAME_STEPS);
  const peer = new Peer().open();
  peer.say(wire.encodeOpen(1, 81));
  let frames = 0;
  const stream = peer.streams[0];
  assert.ok(stream);
  stream.onData = () => frames++;
  const all = (): Buffer => Buffer.concat(Array.from({ length: 50 }, () => peer.frame(data(1, 1))));
  peer.session.receive(all());
  assert.equal(peer.session.work(1000), true);
  assert.equal(frames, framesMax);
  assert.equal(peer.session.work(1000), true, "the same slice");
  assert.equal(frames, framesMax);
  assert.equal(peer.session.work(1001), true);
  assert.equal(frames, 2 * framesMax);
  peer.slice.spend(1002, SLICE_STEPS - 1);
  peer.session.work(1002);
  assert.equal(frames, 2 * framesMax + 1, "somebody else has worked in this slice");
  peer.slice.spend(1003, SLICE_STEPS);
  assert.equal(peer.session.work(1003), true);
  assert.equal(frames, 2 * framesMax + 1);
  // What a frame is for costs too: of these each fills a slice.
  stream.onData = () => {
    frames++;
    peer.slice.spend(1004 + frames - 2 * framesMax - 2, SLICE_STEPS);
  };
  for (let ms = 1004; frames < 50; ms++) {
    const before = frames;
    peer.session.work(ms);
    assert.equal(frames, before + 1);
  }
  assert.equal(frames, 50);
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

test("a gateway that sends more than its credit is cut before the heap is in danger", () => {
  const peer = new Peer().open();
  let received = 0;
  for (let i = 0; i < 20 && peer.end === -1; i++) {
    assert.equal(peer.session.heldBytes(), received);
    assert.ok(received <= WAITING_BYTES_MAX, `${received} bytes`);
    const frame = peer.frame(data(1, 1022));
    peer.session.receive(frame);
    received += frame.length;
  }
  assert.equal(peer.end, LinkCode.LINK_CREDIT);
  assert.ok(received > WAITING_BYTES_MAX, `${received} bytes`);
  assert.equal(peer.session.heldBytes(), 0);
  const atOnce = new Peer().open();
  atOnce.session.receive(Buffer.alloc(WAITING_BYTES_MAX + 1));
  assert.equal(atOnce.end, LinkCode.LINK_CREDIT);
});

const face = (seq: number): Buffer => encodeFaceFrame(wire.FACE, { ...newFace(), x: 120, seq });
const next = (pauseMs: number): Next => ({ type: wire.NEXT, pauseMs });

test("A12: it asks for a face when the session opens and after each, with the pause that its owner wants", () => {
  const peer = new Peer().open();
  assert.deepEqual(peer.heard().at(-1), next(0), "after CREDIT and LISTEN");
  for (const pauseMs of [0, 17, 255]) {
    peer.onFace = () => pauseMs;
    peer.say(face(pauseMs));
    assert.deepEqual(peer.heard(), [next(pauseMs)]);
  }
  assert.deepEqual(peer.faces, [0, 17, 255]);
  peer.say(encodeNobodyFrame(wire.FACE, 256, 3));
  assert.deepEqual(peer.nobodies, [256]);
  assert.deepEqual(peer.heard(), [next(0)], "a picture without a face is done with at once");
});

test("a face costs no credit, however many come", () => {
  const peer = new Peer().open();
  peer.heard();
  for (let seq = 1; seq <= 200; seq++) peer.say(face(seq));
  assert.deepEqual(
    peer.heard().filter(({ type }) => type !== wire.NEXT),
    [],
  );
});

test("an exception over a face costs that face: the next one is asked for", () => {
  const peer = new Peer().open();
  peer.heard();
  peer.onFace = () => {
    throw new Error("bug");
  };
  peer.say(face(1));
  assert.deepEqual(peer.faults, ["message"]);
  assert.deepEqual(peer.heard(), [next(0)]);
  peer.onFace = () => 0;
  peer.say(face(2));
  assert.deepEqual(peer.faces, [1, 2]);
  assert.equal(peer.session.state, "open");
});

test("a late slice is our own work, not the peer's silence, also for what only the reader holds", () => {
  const peer = new Peer().open();
  for (let ms = 100; ms <= 1200; ms += 100) peer.session.tick(ms);
  peer.session.receive(peer.frame(wire.encodeHeartbeat(wire.PING, 1)));
  for (let ms = 1300; ms <= 1600; ms += 100) peer.session.tick(ms);
  assert.equal(peer.end, -1);
  peer.session.work(1600);
  peer.session.tick(1700);
  assert.equal(peer.end, -1);
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
    wire.encodeNext(0),
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
  peer.session.tick(5000);
  assert.equal(peer.end, -1, "one more look");
  peer.session.tick(5100);
  assert.equal(peer.end, LinkCode.LINK_SILENT);
});

test("the round trip is measured by the heartbeat", () => {
  const peer = new Peer().open();
  peer.heard();
  peer.session.tick(402);
  const ping = peer.heard()[0];
  assert.ok(ping?.type === wire.PING);
  peer.session.receive(peer.frame(wire.encodeHeartbeat(wire.PONG, ping.token)));
  peer.session.work(410);
  assert.equal(peer.session.rttMs, 8);
});

test("F4: while clients hold too much no credit comes back, and all of it once they hold less", () => {
  const peer = new Peer().open();
  peer.heard();
  peer.say(wire.encodeOpen(1, 81));
  peer.isFull = true;
  for (let i = 0; i < 6; i++) peer.say(data(1, 300));
  const returned = () =>
    peer
      .heard()
      .reduce((sum, message) => sum + (message.type === wire.CREDIT ? message.bytes : 0), 0);
  assert.equal(returned(), 0);
  peer.isFull = false;
  peer.session.tick(5000);
  assert.equal(returned(), 15 + 6 * 313);
});
