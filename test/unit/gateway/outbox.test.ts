/** What goes to the robot first, and that nothing goes beyond the credit. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { DatagramSlots } from "../../../src/gateway/datagram-slots.js";
import {
  Outbox,
  STOP_RESERVE_BYTES,
  STREAM_RESERVE_BYTES,
  frameCost,
  type OutStream,
} from "../../../src/gateway/outbox.js";
import {
  DATA,
  DATAGRAM,
  FACE,
  LISTENING,
  OPEN,
  SHUT,
  encodeListening,
  encodeOpen,
} from "../../../src/wire/link.js";
import { decodeSealed } from "../../../src/wire/sealed.js";
import { LINK_CREDIT_BYTES_MAX } from "../../../src/wire/limits.js";

function stream(id: number, bytes: number): OutStream {
  return {
    id,
    port: 81,
    isOpened: false,
    chunks: bytes > 0 ? [Buffer.alloc(bytes, id)] : [],
    waitingBytes: bytes,
    urgentBytes: 0,
    shutCode: undefined,
    isShut: false,
    onShorter: () => undefined,
  };
}

function types(outbox: Outbox, count: number): (number | undefined)[] {
  return Array.from({ length: count }, () => outbox.next(0)?.[0]);
}

test("nothing goes without credit, and never more than the credit", () => {
  const outbox = new Outbox(new DatagramSlots());
  outbox.putControl(encodeListening(6, 81, 0));
  outbox.putStream(stream(1, 10_000));
  assert.equal(outbox.next(0), undefined);
  outbox.credit = LINK_CREDIT_BYTES_MAX;
  let cost = 0;
  for (let plain = outbox.next(0); plain; plain = outbox.next(0)) cost += frameCost(plain);
  assert.ok(cost > 0 && cost <= LINK_CREDIT_BYTES_MAX);
  assert.equal(outbox.credit, LINK_CREDIT_BYTES_MAX - cost);
  assert.ok(outbox.credit >= STREAM_RESERVE_BYTES - 100, "streams leave the reserve alone");
});

test("control first, then datagrams, then streams", () => {
  const slots = new DatagramSlots();
  const outbox = new Outbox(slots);
  outbox.credit = LINK_CREDIT_BYTES_MAX;
  outbox.putStream(stream(1, 10));
  slots.put(8888, Buffer.from("NO_FACE,1"), 0);
  outbox.putControl(encodeListening(6, 81, 0));
  assert.deepEqual(types(outbox, 5), [LISTENING, DATAGRAM, OPEN, DATA, undefined]);
});

test("a datagram still finds credit when a large upload has used its share", () => {
  const slots = new DatagramSlots();
  const outbox = new Outbox(slots);
  outbox.credit = LINK_CREDIT_BYTES_MAX;
  outbox.putStream(stream(1, 100_000));
  while (outbox.next(0));
  slots.put(8888, Buffer.alloc(255, 65), 0);
  assert.equal(outbox.next(0)?.[0], DATAGRAM);
});

test("A12: a face goes without credit, once for each time that the robot asks, before the streams", () => {
  const slots = new DatagramSlots();
  const outbox = new Outbox(slots);
  outbox.putStream(stream(1, 100));
  outbox.wantsFace = true;
  slots.put(8888, Buffer.from("NO_FACE,1"), 0);
  assert.deepEqual(types(outbox, 2), [FACE, undefined]);
  assert.equal(outbox.credit, 0);
  outbox.credit = LINK_CREDIT_BYTES_MAX;
  slots.put(8888, Buffer.from("NO_FACE,2"), 0);
  assert.equal(outbox.wantsFace, false);
  assert.equal(outbox.next(20)?.[0], OPEN, "it has not asked again");
  const { credit } = outbox;
  outbox.wantsFace = true;
  assert.equal(outbox.next(20)?.[0], FACE);
  assert.equal(outbox.credit, credit);
});

test("streams take turns", () => {
  const outbox = new Outbox(new DatagramSlots());
  for (const id of [1, 2, 3]) outbox.putStream(stream(id, 3000));
  const order = [];
  for (let i = 0; i < 200 && order.length < 9; i++) {
    outbox.credit = LINK_CREDIT_BYTES_MAX;
    const plain = outbox.next(0);
    const message = plain && decodeSealed(plain);
    if (message?.type === DATA) order.push(message.stream);
  }
  assert.deepEqual(order, [1, 2, 3, 1, 2, 3, 1, 2, 3]);
});

test("SHUT follows the last byte and ends the stream's turns", () => {
  const outbox = new Outbox(new DatagramSlots());
  outbox.credit = LINK_CREDIT_BYTES_MAX;
  const one = stream(9, 1500);
  one.shutCode = 13;
  outbox.putStream(one);
  assert.deepEqual(types(outbox, 5), [OPEN, DATA, DATA, DATA, SHUT]);
  assert.equal(one.isShut, true);
});

test("A1: bytes keep their order across chunks and frames, which are small enough for a worn heap", () => {
  const outbox = new Outbox(new DatagramSlots());
  const one = stream(1, 0);
  one.isOpened = true;
  const wanted = Buffer.alloc(5000);
  for (let i = 0; i < wanted.length; i++) wanted[i] = i * 31;
  one.chunks = [wanted.subarray(0, 3), wanted.subarray(3, 2500), wanted.subarray(2500)];
  one.waitingBytes = wanted.length;
  outbox.putStream(one);
  const got = [];
  while (one.waitingBytes > 0) {
    outbox.credit = LINK_CREDIT_BYTES_MAX;
    const plain = outbox.next(0);
    assert.ok(plain);
    got.push(plain.subarray(3));
  }
  assert.ok(got.every(({ length }) => length <= 512));
  assert.deepEqual(Buffer.concat(got), wanted);
});

test("control frames that pile up without credit have a limit", () => {
  const outbox = new Outbox(new DatagramSlots());
  let taken = 0;
  while (outbox.putControl(encodeListening(6, 81, 0))) taken++;
  assert.equal(taken, 256);
});

/** An opened stream whose last 20 bytes are a STOP. */
function stopping(id: number, bytes: number): OutStream {
  return { ...stream(id, bytes), isOpened: true, urgentBytes: bytes };
}

test("a STOP finds credit when all else has used it, and goes first", () => {
  const slots = new DatagramSlots();
  const outbox = new Outbox(slots);
  outbox.credit = LINK_CREDIT_BYTES_MAX;
  outbox.putStream(stream(1, 100_000));
  for (let nowMs = 0; outbox.next(nowMs); nowMs += 12) {
    slots.put(8888, Buffer.alloc(200, 65), nowMs + 12);
  }
  const control = encodeListening(6, 81, 0);
  while (outbox.credit >= STOP_RESERVE_BYTES + frameCost(control)) {
    outbox.putControl(control);
    assert.equal(outbox.next(0)?.[0], LISTENING);
  }
  outbox.putControl(control);
  assert.equal(outbox.next(0), undefined, "the reserve is nobody else's");
  outbox.putStream(stopping(2, 29));
  const sent = decodeSealed(outbox.next(0) as Buffer);
  assert.ok(sent.type === DATA && sent.stream === 2 && sent.data.length === 29);
  assert.equal(outbox.next(0), undefined);
});

test("what stands before a STOP in its stream goes with it, in order, past the others", () => {
  const outbox = new Outbox(new DatagramSlots());
  outbox.credit = LINK_CREDIT_BYTES_MAX;
  outbox.putStream({ ...stream(1, 50_000), isOpened: true });
  const one = { ...stopping(2, 1500), waitingBytes: 2000, chunks: [Buffer.alloc(2000)] };
  outbox.putStream(one);
  const order = [];
  for (let i = 0; i < 3; i++) {
    const message = decodeSealed(outbox.next(0) as Buffer);
    if (message.type === DATA) order.push(message.stream);
  }
  assert.deepEqual(order, [2, 1, 2]);
  assert.equal(one.urgentBytes, 0);
  assert.equal(one.waitingBytes, 500);
});

test("a flood of STOPs leaves every second turn to the others", () => {
  const outbox = new Outbox(new DatagramSlots());
  outbox.putStream(stopping(2, 100_000));
  const order: string[] = [];
  for (let i = 0; i < 40; i++) {
    outbox.credit = LINK_CREDIT_BYTES_MAX;
    outbox.putControl(encodeOpen(3, 81));
    order.push(outbox.next(0)?.[0] === DATA ? "stop" : "other");
  }
  assert.equal(order.filter((what) => what === "other").length, 20);
});
