// The robot's server over streams in memory (PROTOCOL §2). Properties: one reply a command, in order, to the client
// that asked; nothing unsolicited on the plain path; every limit has its answer; one client's misery is its own.
import assert from "node:assert/strict";
import { test } from "node:test";
import { Interpreter } from "../../../../devs/command/verbs.js";
import { OpenGate, RestingMind } from "../../../support/resting-mind.js";
import { Intake } from "../../../../devs/intake/intake.js";
import { Dialogue } from "../../../../devs/net/dialogue.js";
import { RobotServer } from "../../../../devs/net/server.js";
import {
  FakeRobot,
  FakeStream,
  HANDSHAKE,
  maskedFrame,
  rawFrame,
} from "../../../support/fake-robot.js";

function setUp() {
  const robot = new FakeRobot();
  const mind = new RestingMind();
  const intake = new Intake(robot);
  const time = { nowMs: 1000 };
  const faults: string[] = [];
  const nowMs = () => time.nowMs;
  const noteFault = (where: string) => void faults.push(where);
  const commands = new Interpreter({
    body: robot,
    mind,
    life: robot,
    character: mind.character,
    robot,
    intake,
  });
  const dialogue = new Dialogue(commands, robot, new OpenGate(), nowMs, noteFault);
  const counters = intake.counters;
  const server = new RobotServer({ nowMs, dialogue, health: robot, counters, noteFault });
  /** Lets time pass in the steps that the firmware's duty makes. */
  const pass = (ms: number) => {
    for (const endMs = time.nowMs + ms; time.nowMs < endMs;) {
      time.nowMs += 10;
      server.runSlice();
    }
  };
  const open = (request: string | Buffer = HANDSHAKE) => {
    const stream = new FakeStream();
    time.nowMs += 1;
    server.admitStream(stream);
    stream.onData(Buffer.from(request));
    pass(20);
    return stream;
  };
  return { robot, server, intake, faults, time, pass, open };
}

const say = (stream: FakeStream, line: string) =>
  stream.onData(maskedFrame(1, Buffer.from(line), 0x01fe7c33));
const closeCodeOf = (stream: FakeStream) => {
  const last = stream.sent.at(-1) as Buffer;
  return last[0] === 0x88 ? last.readUInt16BE(2) : -1;
};
const statusOf = (stream: FakeStream) => stream.text().split("\r\n")[0];
const V2 = HANDSHAKE.replace("GET / ", "GET /v2 ");

test("handshake and greeting; one reply a command, in order, to the client that asked", () => {
  const { open, time } = setUp();
  const first = open();
  const second = open();
  assert.match(
    first.text(),
    /^HTTP\/1\.1 101 .*Sec-WebSocket-Accept: s3pPLMBiTxaQ9kYGzzhZRbK\+xOo=\r\n\r\n/s,
  );
  assert.equal(first.lastText(), '{"ok":true,"msg":"bridge_ready"}');
  time.nowMs += 10;
  say(first, "!NOD:2");
  say(first, "ZZ");
  assert.equal(first.sent.length, 4);
  assert.equal(first.lastText(), '{"ok":false,"reason":"unknown_command","cmd":"ZZ"}');
  assert.equal(second.sent.length, 2);
});

test("a handshake and the first command in one piece", () => {
  const { open } = setUp();
  const bytes = Buffer.concat([Buffer.from(HANDSHAKE), maskedFrame(1, Buffer.from("IDLE"), 7)]);
  const stream = open(bytes);
  assert.equal(stream.sent.length, 3);
  assert.equal(stream.lastText(), '{"ok":true}');
});

test("the reply leaves before the body moves, and stands if the body throws", () => {
  const { open, robot, faults, time } = setUp();
  const stream = open();
  robot.move = () => {
    assert.equal(stream.lastText(), '{"ok":true}');
    throw new Error("broken body");
  };
  time.nowMs += 10;
  say(stream, "LOOK:90,100");
  assert.deepEqual(faults, ["move"]);
  robot.unready = () => {
    throw new Error("broken view");
  };
  say(stream, "QUERY");
  assert.equal(stream.lastText(), '{"ok":false,"reason":"internal_error"}');
  assert.equal(stream.isClosed, false);
});

test("nothing unsolicited on the plain path; STREAM:on to the client that asked, each 500 ms", () => {
  const { open, pass } = setUp();
  const plain = open();
  const asked = open();
  say(asked, "STREAM:on");
  pass(2100);
  assert.equal(plain.sent.length, 2);
  assert.equal(asked.sent.length, 3 + 4);
  assert.match(asked.lastText(), /^STATE:\{"arousal":0\.50,/);
  say(asked, "STREAM:off");
  pass(2000);
  assert.equal(asked.sent.length, 3 + 4 + 1);
  say(plain, "WATCH:40");
  pass(500);
  assert.match(plain.lastText(), /unknown_command/);
});

test("/v2: ids, WATCH and STREAM pushes, no greeting", () => {
  const { open, pass } = setUp();
  const stream = open(V2);
  assert.equal(stream.sent.length, 1);
  const table = [
    ["7 IDLE", '7 {"ok":true}'],
    ["999999999 ZZ", '999999999 {"ok":false,"reason":"unknown_command","cmd":"ZZ"}'],
    ["0 ", '0 {"ok":false,"reason":"unknown_command","cmd":""}'],
    ["1234567890 IDLE", '0 {"ok":false,"reason":"no_id"}'],
    ["IDLE", '0 {"ok":false,"reason":"no_id"}'],
    ["-1 IDLE", '0 {"ok":false,"reason":"no_id"}'],
    [" IDLE", '0 {"ok":false,"reason":"no_id"}'],
    ["3 WATCH:39", '3 {"ok":false,"reason":"parse_error"}'],
    ["3 WATCH:5001", '3 {"ok":false,"reason":"parse_error"}'],
    ["3 WATCH:x", '3 {"ok":false,"reason":"parse_error"}'],
    ["4 WATCH:40", '4 {"ok":true,"watch":40}'],
  ];
  for (const [line, reply] of table) {
    pass(10);
    say(stream, line as string);
    assert.equal(stream.lastText(), reply);
  }
  const before = stream.sent.length;
  pass(1000);
  assert.equal(stream.sent.length, before + 25);
  assert.equal(stream.lastText(), "* POSE 900,1150,850,2,41,60");
  say(stream, "5 WATCH:0");
  say(stream, "6 STREAM:on");
  pass(600);
  assert.match(stream.lastText(), /^\* STATE:\{/);
});

test("HTTP: /health has its nine lines and the robot's own behind them, others get their status, and each answer closes", () => {
  const { open, intake } = setUp();
  const ws = open();
  say(ws, "IDLE");
  const face = (seq: number): Buffer => Buffer.from(`FACE:120,120,0,0,60,60,90,${seq}`);
  for (const datagram of [face(20), face(20), face(19), Buffer.from("!LOOK:10,80")])
    intake.takeDatagram(datagram, 0, 1000);
  const health = open("GET /health HTTP/1.1\r\nHost: a\r\n\r\n");
  const [head, body] = health.text().split("\r\n\r\n") as [string, string];
  assert.match(
    head,
    /^HTTP\/1\.1 200 OK\r\nContent-Type: text\/plain\r\nContent-Length: (\d+)\r\nConnection: close$/,
  );
  const lines =
    "OK\nheap:40000\npsram:0\nwifi:1\nudp:4\nws_in:1\nws_out:2\nframes:0\nuptime:7" +
    "\nwifi_phase:online\nwifi_losses:0\nboots:1\nboot_reason:first\nsafe:0" +
    "\ngeneration:1\nsaved_in:settings\nsaved_age:0\nstage:here\nfaults:0\npause:5" +
    "\nudp_invalid:1\nudp_dropped:2";
  assert.equal(body, lines);
  assert.match(head, new RegExp(`Content-Length: ${lines.length}\r`));
  assert.equal(health.isClosed, true);
  const table = [
    ["GET / HTTP/1.1\r\n\r\n", "HTTP/1.1 404 Not Found"],
    ["GET /stream HTTP/1.1\r\n\r\n", "HTTP/1.1 404 Not Found"],
    ["POST /health HTTP/1.1\r\n\r\n", "HTTP/1.1 405 Method Not Allowed"],
    [HANDSHAKE.replace("13", "12"), "HTTP/1.1 426 Upgrade Required"],
    ["junk\r\n\r\n", "HTTP/1.1 400 Bad Request"],
    ["GET /" + "a".repeat(2100), "HTTP/1.1 431 Request Header Fields Too Large"],
  ];
  for (const [request, status] of table) {
    const stream = open(request);
    assert.equal(statusOf(stream), status);
    assert.equal(stream.isClosed, true);
  }
  const headOnly = open("HEAD /health HTTP/1.1\r\n\r\n");
  assert.ok(headOnly.text().endsWith("\r\n\r\n"));
});

test("six WebSocket clients; a seventh gets 503 and may try again when one has gone", () => {
  const { open, server } = setUp();
  const streams = Array.from({ length: 6 }, () => open());
  assert.equal(server.clientCount(), 6);
  const seventh = open();
  assert.equal(statusOf(seventh), "HTTP/1.1 503 Service Unavailable");
  assert.match(seventh.text(), /Retry-After: 1\r\n/);
  assert.match(open("GET /health HTTP/1.1\r\n\r\n").text(), /^HTTP\/1\.1 200/);
  streams[0]?.onClose(15);
  assert.match(open().text(), /^HTTP\/1\.1 101/);
});

test("connections that ask nothing: 408 after 3 s, the oldest 503 for a ninth", () => {
  const { open, pass } = setUp();
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
  const { open, pass } = setUp();
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
  const { open, pass } = setUp();
  const stream = open();
  const frame = maskedFrame(1, Buffer.from("a".repeat(100)), 5);
  for (let i = 0; i < 12 && !stream.isClosed; i++) {
    stream.onData(frame.subarray(i, i + 1));
    pass(1000);
  }
  assert.equal(closeCodeOf(stream), 1008);
});

test("a client far ahead is cut; others are served; their order holds", () => {
  const { open, pass, time, faults } = setUp();
  const flood = open();
  const other = open();
  time.nowMs += 10;
  const ping = maskedFrame(9, Buffer.alloc(0), 3);
  const chunk = Buffer.concat(Array(170).fill(ping));
  for (let i = 0; i < 8; i++) flood.onData(Buffer.from(chunk));
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

test("three clients may be in the middle of their largest message; memory for more comes from the slowest", () => {
  const { open, pass } = setUp();
  const streams = Array.from({ length: 6 }, () => open());
  const frame = maskedFrame(1, Buffer.alloc(2048, 0x41), 0x01020304);
  const sendPart = (stream: FakeStream, from: number, to: number) => {
    stream.onData(Buffer.from(frame.subarray(from, to)));
    pass(10);
  };
  for (const stream of streams.slice(0, 3)) sendPart(stream, 0, 1000);
  for (const stream of streams.slice(0, 3)) sendPart(stream, 1000, 2000);
  for (const stream of streams.slice(0, 3)) sendPart(stream, 2000, frame.length);
  for (const stream of streams.slice(0, 3)) assert.match(stream.lastText(), /unknown_command/);

  for (const stream of streams.slice(0, 4)) sendPart(stream, 0, 1000);
  const isClosed = () => streams.map((stream) => stream.isClosed);
  assert.deepEqual(isClosed(), [true, false, false, false, false, false]);
  assert.equal(closeCodeOf(streams[0] as FakeStream), 1008);
  say(streams[5] as FakeStream, "IDLE");
  assert.equal(streams[5]?.lastText(), '{"ok":true}');

  const head = open("GET /" + "a".repeat(900));
  assert.deepEqual(isClosed(), [true, true, false, false, false, false]);
  assert.equal(head.isClosed, false);
});

test("violations are answered with their close code, then the connection ends", () => {
  const { open } = setUp();
  const table: [Buffer, number][] = [
    [Buffer.from([0x81, 1, 0x41]), 1002],
    [rawFrame(0xc1, Buffer.from("a"), 1), 1002],
    [rawFrame(0x83, Buffer.from("a"), 1), 1002],
    [maskedFrame(1, Buffer.from([0xff]), 1), 1007],
    [maskedFrame(1, Buffer.alloc(2049, 0x41), 1), 1009],
    [maskedFrame(8, Buffer.from([0x0f, 0xa0]), 1), 4000],
  ];
  for (const [bytes, code] of table) {
    const stream = open();
    stream.onData(Buffer.from(bytes));
    assert.equal(closeCodeOf(stream), code);
    assert.equal(stream.isClosed, true);
  }
  const empty = open();
  empty.onData(maskedFrame(8, Buffer.alloc(0), 1));
  assert.deepEqual([...(empty.sent.at(-1) as Buffer)], [0x88, 0]);
});

test("a ping is answered with its own payload; a binary message with nothing", () => {
  const { open } = setUp();
  const stream = open();
  stream.onData(maskedFrame(9, Buffer.from("hello"), 0x11223344));
  assert.equal((stream.sent.at(-1) as Buffer).toString("latin1"), "\x8a\x05hello");
  stream.onData(maskedFrame(2, Buffer.from("QUERY"), 1));
  assert.equal(stream.sent.length, 3);
  assert.equal(stream.isClosed, false);
});
