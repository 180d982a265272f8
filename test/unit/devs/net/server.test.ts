// The robot's server over streams in memory (PROTOCOL §2). Properties: one reply a command, in order, to the client
// that asked; nothing unsolicited on the plain path; what breaks the rules is told so. Limits, pushes and slices have files of
// their own beside this one.
import assert from "node:assert/strict";
import { test } from "node:test";
import { HANDSHAKE, maskedFrame, rawFrame } from "../../../support/fake-robot.js";
import {
  HEALTH,
  V2,
  closeCodeOf,
  say,
  serverWorld,
  statusOf,
} from "../../../support/server-world.js";

test("handshake and greeting; one reply a command, in order, to the client that asked", () => {
  const { open, time } = serverWorld();
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
  const { open } = serverWorld();
  const bytes = Buffer.concat([Buffer.from(HANDSHAKE), maskedFrame(1, Buffer.from("IDLE"), 7)]);
  const stream = open(bytes);
  assert.equal(stream.sent.length, 3);
  assert.equal(stream.lastText(), '{"ok":true}');
});

test("the reply leaves before the body moves, and stands if the body throws", () => {
  const { open, robot, faults, time } = serverWorld();
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
  const { open, pass } = serverWorld();
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
  const { open, pass, robot } = serverWorld();
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
  pass(100);
  assert.equal(stream.lastText(), "* POSE 900,1150,850,2,41,60");
  say(stream, "5 WATCH:0");
  const before = stream.sent.length;
  robot.version++;
  pass(3000);
  assert.equal(stream.sent.length, before);
  say(stream, "6 STREAM:on");
  pass(600);
  assert.match(stream.lastText(), /^\* STATE:\{/);
});

test("HTTP: /health has its nine lines and the robot's own behind them, others get their status, and each answer closes", () => {
  const { open, intake } = serverWorld();
  const ws = open();
  say(ws, "IDLE");
  const face = (seq: number): Buffer => Buffer.from(`FACE:120,120,0,0,60,60,90,${seq}`);
  for (const datagram of [face(20), face(20), face(19), Buffer.from("!LOOK:10,80")])
    intake.takeDatagram(datagram, 0, 1000);
  const health = open(HEALTH);
  const [head, body] = health.text().split("\r\n\r\n") as [string, string];
  assert.match(
    head,
    /^HTTP\/1\.1 200 OK\r\nContent-Type: text\/plain\r\nContent-Length: (\d+)\r\nConnection: close$/,
  );
  const lines =
    "OK\nheap:40000\npsram:0\nwifi:1\nudp:4\nws_in:1\nws_out:2\nframes:0\nuptime:7" +
    "\nwifi_phase:online\nwifi_losses:0\nboots:1\nboot_reason:first\nsafe:0" +
    "\ngeneration:1\nsaved_in:settings\nsaved_age:0\nstage:here\nfaults:0\npause:5" +
    "\nlate:0\nlate_level:0" +
    "\nudp_invalid:1\nudp_dropped:2";
  assert.equal(body, lines);
  assert.match(head, new RegExp(`Content-Length: ${lines.length}\r`));
  assert.equal(health.isClosed, true);
  const table = [
    ["GET / HTTP/1.1\r\nHost: a\r\n\r\n", "HTTP/1.1 404 Not Found"],
    ["GET /stream HTTP/1.1\r\nHost: a\r\n\r\n", "HTTP/1.1 404 Not Found"],
    ["POST /health HTTP/1.1\r\nHost: a\r\n\r\n", "HTTP/1.1 405 Method Not Allowed"],
    [HANDSHAKE.replace("13", "12"), "HTTP/1.1 426 Upgrade Required"],
    ["junk\r\n\r\n", "HTTP/1.1 400 Bad Request"],
    ["GET /" + "a".repeat(2100), "HTTP/1.1 431 Request Header Fields Too Large"],
  ];
  for (const [request, status] of table) {
    const stream = open(request);
    assert.equal(statusOf(stream), status);
    assert.equal(stream.isClosed, true);
  }
  const headOnly = open("HEAD /health HTTP/1.1\r\nHost: a\r\n\r\n");
  assert.ok(headOnly.text().endsWith("\r\n\r\n"));
});

test("a request needs exactly one Host, but HTTP/1.0 may do without", () => {
  const { open } = serverWorld();
  const table = [
    ["GET /health HTTP/1.1\r\n\r\n", "HTTP/1.1 400 Bad Request"],
    ["GET /health HTTP/1.1\r\nHost: a\r\nHost: a\r\n\r\n", "HTTP/1.1 400 Bad Request"],
    ["GET /health HTTP/1.0\r\nHost: a\r\nHost: b\r\n\r\n", "HTTP/1.1 400 Bad Request"],
    [HANDSHAKE.replace("Host: robot\r\n", ""), "HTTP/1.1 400 Bad Request"],
    ["GET /health HTTP/1.0\r\n\r\n", "HTTP/1.1 200 OK"],
    [HEALTH, "HTTP/1.1 200 OK"],
  ];
  for (const [request, status] of table) {
    const stream = open(request);
    assert.equal(statusOf(stream), status, request);
    assert.equal(stream.isClosed, true);
  }
});

test("violations are answered with their close code, then the connection ends", () => {
  const { open } = serverWorld();
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
  const { open } = serverWorld();
  const stream = open();
  stream.onData(maskedFrame(9, Buffer.from("hello"), 0x11223344));
  assert.equal((stream.sent.at(-1) as Buffer).toString("latin1"), "\x8a\x05hello");
  stream.onData(maskedFrame(2, Buffer.from("QUERY"), 1));
  assert.equal(stream.sent.length, 3);
  assert.equal(stream.isClosed, false);
});
