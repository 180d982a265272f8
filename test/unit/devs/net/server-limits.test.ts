// Limits of the robot's server (PROTOCOL §2): every one has its answer, and one client's misery is its own.
import assert from "node:assert/strict";
import { test } from "node:test";
import { LOAD_LEVELS } from "../../../../devs/runtime/load.js";
import { FakeStream, maskedFrame } from "../../../support/fake-robot.js";
import { HEALTH, closeCodeOf, say, serverWorld, statusOf } from "../../../support/server-world.js";

test("six WebSocket clients; a seventh gets 503 and may try again when one has gone", () => {
  const { open, server } = serverWorld();
  const streams = Array.from({ length: 6 }, () => open());
  assert.equal(server.clientCount(), 6);
  const seventh = open();
  assert.equal(statusOf(seventh), "HTTP/1.1 503 Service Unavailable");
  assert.match(seventh.text(), /Retry-After: 1\r\n/);
  assert.match(open(HEALTH).text(), /^HTTP\/1\.1 200/);
  for (const stream of streams) assert.equal(stream.isClosed, false);
  streams[0]?.onClose(15);
  assert.match(open().text(), /^HTTP\/1\.1 101/);
});

test("a seventh takes the place of the one that has said nothing for longest, from 10 s on, never before", () => {
  const { open, pass, server } = serverWorld();
  const streams = Array.from({ length: 6 }, () => open());
  const isClosed = () => streams.map((stream) => stream.isClosed);
  const none = Array(6).fill(false);
  pass(5000);
  // Pings and pongs say nothing, words do.
  streams[0]?.onData(maskedFrame(10, Buffer.alloc(0), 1));
  for (const i of [0, 2, 3]) say(streams[i] as FakeStream, "IDLE");
  streams[1]?.onData(maskedFrame(9, Buffer.alloc(0), 1));
  pass(4700);
  assert.equal(statusOf(open()), "HTTP/1.1 503 Service Unavailable");
  assert.deepEqual(isClosed(), none, "9.9 s");
  pass(500);
  assert.match(open().text(), /^HTTP\/1\.1 101/);
  assert.deepEqual(
    isClosed(),
    [false, true, false, false, false, false],
    "the first of the silent",
  );
  assert.equal(closeCodeOf(streams[1] as FakeStream), 1001);
  assert.match((streams[1]?.sent.at(-1) as Buffer).toString("latin1"), /idle$/);
  assert.match(open().text(), /^HTTP\/1\.1 101/);
  assert.deepEqual(isClosed(), [false, true, false, false, true, false]);
  assert.match(open().text(), /^HTTP\/1\.1 101/);
  assert.equal(statusOf(open()), "HTTP/1.1 503 Service Unavailable", "the others have spoken");
  assert.deepEqual(isClosed(), [false, true, false, false, true, true]);
  assert.equal(server.clientCount(), 6);
});

test("places are those of open clients: whoever asks for a page makes nobody go", () => {
  const { open, pass } = serverWorld();
  const streams = Array.from({ length: 6 }, () => open());
  pass(12_000);
  assert.match(open(HEALTH).text(), /^HTTP\/1\.1 200/);
  open("GET / HTTP/1.1\r\n\r\n");
  for (const stream of streams) assert.equal(stream.isClosed, false);
});

test("late: at level clients a new WebSocket gets 503 with Retry-After; who is there stays and is answered", () => {
  const { open, pass, load } = serverWorld();
  const here = open();
  load.level = LOAD_LEVELS.indexOf("clients");
  const refused = open();
  assert.equal(statusOf(refused), "HTTP/1.1 503 Service Unavailable");
  assert.match(refused.text(), /Retry-After: 1\r\n/);
  assert.equal(refused.isClosed, true);
  assert.match(open(HEALTH).text(), /^HTTP\/1\.1 200/);
  say(here, "QUERY");
  assert.match(here.lastText(), /^\{"arousal"/);
  pass(100);
  assert.equal(here.isClosed, false);
  load.level = LOAD_LEVELS.indexOf("pushes");
  assert.match(open().text(), /^HTTP\/1\.1 101/);
});

test("connections that ask nothing: 408 after 3 s, the oldest 503 for a ninth", () => {
  const { open, pass } = serverWorld();
  const silent = Array.from({ length: 9 }, () => open("GET /"));
  assert.equal(statusOf(silent[0] as FakeStream), "HTTP/1.1 503 Service Unavailable");
  assert.equal(silent[1]?.isClosed, false);
  pass(3400);
  for (const stream of silent.slice(1)) {
    assert.equal(statusOf(stream), "HTTP/1.1 408 Request Timeout");
    assert.equal(stream.isClosed, true);
  }
});

test("a silent client is pinged at 15 s and closed at 30 s; one that answers stays", () => {
  const { open, pass } = serverWorld();
  const silent = open();
  const alive = open();
  pass(15400);
  for (const stream of [silent, alive])
    assert.deepEqual([...(stream.sent.at(-1) as Buffer)], [0x89, 0]);
  alive.onData(maskedFrame(10, Buffer.alloc(0), 1));
  pass(15400);
  assert.equal(closeCodeOf(silent), 1001);
  assert.equal(silent.isClosed, true);
  assert.equal(alive.isClosed, false);
  assert.equal(alive.sent.length, 4, "greeting and two pings");
  pass(3600_000 / 60);
  assert.equal(closeCodeOf(alive), 1001);
});

test("a message in drips is cut after 10 s however lively its client", () => {
  const { open, pass } = serverWorld();
  const stream = open();
  const frame = maskedFrame(1, Buffer.from("a".repeat(100)), 5);
  for (let i = 0; i < 12 && !stream.isClosed; i++) {
    stream.onData(frame.subarray(i, i + 1));
    pass(1000);
  }
  assert.equal(closeCodeOf(stream), 1008);
});

test("a client far ahead is cut; others are served; their order holds", () => {
  const { open, pass, time, faults } = serverWorld();
  const flood = open();
  const other = open();
  time.nowMs += 10;
  const ping = maskedFrame(9, Buffer.alloc(0), 3);
  const chunk = Buffer.concat(Array(170).fill(ping));
  for (let i = 0; i < 8; i++) flood.onData(Buffer.from(chunk));
  pass(1);
  assert.equal(closeCodeOf(flood), 1008);
  for (let i = 1; i <= 200; i++) say(other, `Q${i}`);
  assert.equal(other.isClosed, false);
  pass(1000);
  const replies = other.sent.slice(2).map((frame) => JSON.parse(frame.toString("utf8", 2)).cmd);
  assert.deepEqual(
    replies,
    Array.from({ length: 200 }, (_, i) => `Q${i + 1}`),
  );
  assert.deepEqual(faults, []);
});

test("F4: two clients may be in the middle of their largest message; memory for more comes from the slowest", () => {
  const { open, pass } = serverWorld();
  const streams = Array.from({ length: 6 }, () => open());
  const frame = maskedFrame(1, Buffer.alloc(2048, 0x41), 0x01020304);
  const sendPart = (stream: FakeStream, from: number, to: number) => {
    stream.onData(Buffer.from(frame.subarray(from, to)));
    pass(50);
  };
  for (const stream of streams.slice(0, 2)) sendPart(stream, 0, 1000);
  for (const stream of streams.slice(0, 2)) sendPart(stream, 1000, 2000);
  for (const stream of streams.slice(0, 2)) sendPart(stream, 2000, frame.length);
  for (const stream of streams.slice(0, 2)) assert.match(stream.lastText(), /unknown_command/);

  for (const stream of streams.slice(0, 3)) sendPart(stream, 0, 1000);
  const isClosed = () => streams.map((stream) => stream.isClosed);
  assert.deepEqual(isClosed(), [true, false, false, false, false, false]);
  assert.equal(closeCodeOf(streams[0] as FakeStream), 1008);
  say(streams[5] as FakeStream, "IDLE");
  assert.equal(streams[5]?.lastText(), '{"ok":true}');

  const head = open("GET /" + "a".repeat(1200));
  assert.deepEqual(isClosed(), [true, true, false, false, false, false]);
  assert.equal(head.isClosed, false);
});

test("F5: while others wait, whoever has least waiting is answered before the questions of the rest", () => {
  const { open, server, time } = serverWorld();
  const streams = Array.from({ length: 6 }, () => open());
  const last = streams[5];
  time.nowMs++;
  const query = maskedFrame(1, Buffer.from("QUERY"), 0x01fe7c33);
  for (const stream of streams.slice(0, 5))
    stream.onData(Buffer.concat(Array<Buffer>(20).fill(query)));
  say(last as FakeStream, "IDLE");
  const before = last?.sent.length as number;
  let slices = 0;
  for (; last?.sent.length === before && slices < 50; slices++) {
    time.nowMs++;
    server.run();
  }
  assert.ok(slices <= 2, `${slices} slices`);
});

test("F5: whoever has much waiting is not passed over for ever by those who have little", () => {
  const { open, server, time } = serverWorld();
  const many = open();
  const few = [open(), open()];
  time.nowMs++;
  const query = maskedFrame(1, Buffer.from("QUERY"), 0x01fe7c33);
  many.onData(Buffer.concat(Array<Buffer>(100).fill(query)));
  const before = many.sent.length;
  // Each eighth slice one of the three comes first, and the two have more than a slice's work.
  for (let slices = 0; slices < 26; slices++) {
    time.nowMs++;
    for (const stream of few) for (let lines = 0; lines < 3; lines++) say(stream, "QUERY");
    server.run();
  }
  assert.ok(many.sent.length > before);
});

test("F4: all together hold no more than 5,120 bytes, in whatever pieces it came; the server says so until then", () => {
  const { open, server, time, pass } = serverWorld();
  const streams = Array.from({ length: 4 }, () => open());
  time.nowMs++;
  const chunk = Buffer.concat(Array<Buffer>(90).fill(maskedFrame(1, Buffer.from("QUERY"), 1)));
  for (const stream of streams) stream.onData(Buffer.from(chunk));
  for (const stream of streams) stream.onData(Buffer.from(chunk));
  assert.equal(server.isFull(), true);
  pass(10);
  assert.equal(server.isFull(), false);
  assert.equal(closeCodeOf(streams[0] as FakeStream), 1008);
  assert.equal(streams[3]?.isClosed, false);
});
