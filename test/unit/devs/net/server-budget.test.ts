// How much the robot's server does in one slice (`devs/runtime/slice.ts`): the rest waits, nobody is forgotten.
import assert from "node:assert/strict";
import { test } from "node:test";
import { FakeStream, HANDSHAKE, maskedFrame } from "../../../support/fake-robot.js";
import { HEALTH, say, serverWorld } from "../../../support/server-world.js";

/** A world where only the test lets time pass, and what each slice was told to cost. */
function setUpSlices() {
  const world = serverWorld();
  const spent = new Map<number, number>();
  const { spend } = world.slice;
  world.slice.spend = (nowMs, steps) => {
    spent.set(nowMs, (spent.get(nowMs) ?? 0) + steps);
    spend.call(world.slice, nowMs, steps);
  };
  const connect = (): FakeStream => {
    const stream = new FakeStream();
    world.server.admit(stream);
    return stream;
  };
  /** One slice of the server. */
  const run = () => {
    world.time.nowMs++;
    world.server.run();
  };
  return { ...world, spent, connect, run };
}

/** No slice takes more than its budget and one piece: the bar is 12,000 steps, and the machine needs some of them. */
const SLICE_STEPS_MAX = 11_000;

test("heads: one a slice, however many come at once", () => {
  const { connect, run, spent } = setUpSlices();
  const streams = Array.from({ length: 8 }, connect);
  for (const stream of streams) stream.onData(Buffer.from(HEALTH));
  for (let slices = 1; slices <= 8; slices++) {
    assert.equal(streams.filter(({ isClosed }) => isClosed).length, slices);
    run();
  }
  for (const stream of streams) assert.match(stream.text(), /^HTTP\/1\.1 200/);
  assert.ok(Math.max(...spent.values()) <= SLICE_STEPS_MAX);
});

test("upgrades: no part of a hash in the slice of a head, then at most two parts a slice", () => {
  const { connect, run, spent } = setUpSlices();
  const stream = connect();
  stream.onData(Buffer.from(HANDSHAKE));
  for (let slices = 0; slices < 4; slices++) {
    assert.deepEqual(stream.sent, []);
    run();
  }
  assert.match(stream.text(), /^HTTP\/1\.1 101 .*bridge_ready/s);
  const many = Array.from({ length: 5 }, connect);
  for (const one of many) one.onData(Buffer.from(HANDSHAKE));
  let slices = 0;
  for (; many.some(({ sent }) => sent.length < 2); slices++) run();
  assert.ok(slices >= 4 + 5 * 4 - 1, `all five in ${slices} slices`);
  assert.ok(slices <= 30, `all five in ${slices} slices`);
  assert.ok(Math.max(...spent.values()) <= SLICE_STEPS_MAX);
});

test("frames: six clients with a burst of QUERY each, at once with heads: no slice is long and none is answered twice", () => {
  const { open, connect, run, spent, time, faults } = setUpSlices();
  const clients = Array.from({ length: 6 }, () => open());
  spent.clear();
  time.nowMs++;
  const query = maskedFrame(1, Buffer.from("QUERY"), 0x01fe7c33);
  for (const client of clients) client.onData(Buffer.concat(Array(10).fill(query)));
  const pages = Array.from({ length: 4 }, connect);
  for (const page of pages) page.onData(Buffer.from(HEALTH));
  const answers = () => clients.reduce((sum, { sent }) => sum + sent.length - 2, 0);
  let before = answers();
  assert.ok(before <= 2, `${before} in the slice in which all of it came`);
  let slices = 0;
  for (; answers() < 60 && slices < 100; slices++) {
    run();
    assert.ok(answers() - before <= 2, `${answers() - before} in a slice`);
    before = answers();
  }
  assert.equal(answers(), 60);
  for (const page of pages) assert.equal(page.isClosed, true);
  const worst = Math.max(...spent.values());
  assert.ok(worst <= SLICE_STEPS_MAX, `${worst} steps`);
  assert.deepEqual(faults, []);
});

test("what another part has spent of a slice is not spent again: bytes wait, and the server asks to be called", () => {
  const { open, server, slice, time } = serverWorld();
  const stream = open();
  time.nowMs++;
  slice.spend(time.nowMs, 9000);
  let calls = 0;
  server.onWork = () => calls++;
  say(stream, "IDLE");
  assert.equal(stream.sent.length, 2);
  assert.equal(calls, 1);
  time.nowMs++;
  server.run();
  assert.equal(stream.lastText(), '{"ok":true}');
});
