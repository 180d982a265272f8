/**
 * What breaks RFC 6455, HTTP or a limit at the robot's TCP door, and what it earns (PROTOCOL §2); part of the conformance
 * checks. A witness on another connection must be served all the while.
 */
import assert from "node:assert/strict";
import {
  clientFrame,
  HANDSHAKE,
  RawClient,
  type RobotDoors,
  type TextClient,
  withClients,
} from "./conformance-clients.js";

const OK = '{"ok":true}';
/** Time for the flood; the robot itself decides how much of it. */
const FLOOD_MS_MAX = 60_000;
const frameOf = (first: number, text = "") => clientFrame(first, Buffer.from(text));
const hex = (digits: string) => Buffer.from(digits.replaceAll(" ", ""), "hex");

/** What breaks RFC 6455 or a limit, and the close code it earns. */
const VIOLATIONS: readonly (readonly [string, Buffer, number])[] = [
  ["not masked", hex("8105 5155455259"), 1002],
  ["reserved bit", frameOf(0xc1, "QUERY"), 1002],
  ["reserved opcode", frameOf(0x83, "QUERY"), 1002],
  ["reserved control opcode", frameOf(0x8b), 1002],
  ["fragmented ping", frameOf(0x09), 1002],
  ["long ping", frameOf(0x89, "a".repeat(126)), 1002],
  ["nothing to continue", frameOf(0x80, "x"), 1002],
  ["text inside a message", Buffer.concat([frameOf(0x01, "a"), frameOf(0x81, "b")]), 1002],
  ["length not in the shortest way", hex("81fe 0005 00000000 5155455259"), 1002],
  ["length of 2^63", hex("81ff 8000000000000000 00000000"), 1002],
  ["bad UTF-8", clientFrame(0x81, hex("4c4fff4b")), 1007],
  ["UTF-8 cut at the end", clientFrame(0x81, hex("e282")), 1007],
  ["bad UTF-8 in a fragment", clientFrame(0x01, hex("c0af")), 1007],
  ["message of 2,049", frameOf(0x81, "a".repeat(2049)), 1009],
  ["length of 2^40", hex("81ff 0000010000000000 00000000"), 1009],
  [
    "17 fragments",
    Buffer.concat([frameOf(1, "a"), ...Array<Buffer>(16).fill(frameOf(0, "b"))]),
    1008,
  ],
  ["close of one byte", frameOf(0x88, "x"), 1002],
  ["close code 1005", clientFrame(0x88, hex("03ed")), 1002],
  ["close reason not UTF-8", clientFrame(0x88, hex("03e8ff")), 1007],
  ["normal close", clientFrame(0x88, hex("03e8")), 1000],
  ["own close code", clientFrame(0x88, hex("0fa0")), 4000],
];

/** Requests that do not become a WebSocket, and their status. */
const REFUSALS: readonly (readonly [string, string, number])[] = [
  ["no request", "hello\r\n\r\n", 400],
  ["bare line feeds", "GET / HTTP/1.1\n\n", 400],
  ["version 8", HANDSHAKE.replace("Version: 13", "Version: 8"), 426],
  ["no key", HANDSHAKE.replace(/Sec-WebSocket-Key.*\r\n/, ""), 400],
  ["a short key", HANDSHAKE.replace("dGhlIHNhbXBsZSBub25jZQ==", "c2hvcnQ="), 400],
  ["no Connection: Upgrade", HANDSHAKE.replace("Connection: Upgrade", "Connection: close"), 400],
  ["POST", HANDSHAKE.replace("GET", "POST"), 405],
  ["HTTP/1.0", HANDSHAKE.replace("HTTP/1.1", "HTTP/1.0"), 400],
  ["a long head", `GET /${"a".repeat(2100)} HTTP/1.1\r\n\r\n`, 431],
  ["40 lines", `GET / HTTP/1.1\r\n${"A: b\r\n".repeat(40)}\r\n`, 431],
];

/** Violations one after the other, each on a connection of its own; another client is served all the while. */
export const checkViolations = (doors: RobotDoors): Promise<void> =>
  withClients(doors, 1, async (clients) => violations(doors, clients[0] as TextClient));

async function violations(doors: RobotDoors, witness: TextClient): Promise<void> {
  for (const [name, bytes, code] of VIOLATIONS) {
    for (const chunk of [bytes.length, 3]) {
      const raw = new RawClient(doors);
      raw.socket.write(HANDSHAKE);
      await raw.untilText("bridge_ready");
      for (let at = 0; at < bytes.length; at += chunk)
        raw.socket.write(bytes.subarray(at, at + chunk));
      const heard = await raw.all();
      const close = heard.lastIndexOf(0x88);
      assert.equal(close < 0 ? -1 : heard.readUInt16BE(close + 2), code, name);
    }
    assert.equal(await witness.ask("IDLE"), OK, `another client after: ${name}`);
  }
  for (const [name, request, status] of REFUSALS) {
    const raw = new RawClient(doors);
    raw.socket.write(request);
    const heard = (await raw.all()).toString("latin1");
    assert.ok(heard.startsWith(`HTTP/1.1 ${status} `), `${name}: ${heard.slice(0, 60)}`);
  }
  await flood(doors, witness);
}

/** 10,200 empty pings at once: all answered, or cut with 1008, while the witness is served. */
async function flood(doors: RobotDoors, witness: TextClient): Promise<void> {
  const pings = 60 * 170;
  const raw = new RawClient(doors);
  raw.socket.write(HANDSHAKE);
  await raw.untilText("bridge_ready");
  const before = raw.heard().data.length;
  for (let i = 0; i < 60; i++)
    raw.socket.write(Buffer.concat(Array<Buffer>(170).fill(frameOf(0x89))));
  const endMs = performance.now() + FLOOD_MS_MAX;
  while (!raw.heard().isEnded && raw.heard().data.length < before + 2 * pings) {
    assert.ok(performance.now() < endMs, "a flood is neither served nor cut");
    assert.equal(await witness.ask("IDLE"), OK);
  }
  const { data, isEnded } = raw.heard();
  if (isEnded) assert.equal(data.readUInt16BE(data.lastIndexOf(0x88) + 2), 1008, "a flood");
  raw.socket.destroy();
}

/**
 * Four half messages and eight half requests, all as long as allowed, held at once: more than the robot has memory
 * for if it kept them. It gives up the slowest, serves the witness all the while and does not restart.
 */
export const checkHoarders = (doors: RobotDoors): Promise<void> =>
  withClients(doors, 1, async (clients) => hoarders(doors, clients[0] as TextClient));

async function hoarders(doors: RobotDoors, witness: TextClient): Promise<void> {
  const before = Number((await witness.state())["uptime"]);
  const all: RawClient[] = [];
  const open = (): RawClient => {
    const raw = new RawClient(doors);
    all.push(raw);
    return raw;
  };
  try {
    for (let i = 0; i < 4; i++) {
      const raw = open();
      raw.socket.write(HANDSHAKE);
      await raw.untilText("bridge_ready");
      raw.socket.write(frameOf(0x81, "a".repeat(2048)).subarray(0, 2000));
      assert.equal(await witness.ask("IDLE"), OK);
    }
    for (let i = 0; i < 8; i++) {
      const raw = open();
      raw.socket.write(`GET /${"a".repeat(1000)}`);
      raw.socket.write("a".repeat(1000));
      assert.equal(await witness.ask("IDLE"), OK);
    }
    assert.ok(Number((await witness.state())["uptime"]) >= before, "not restarted");
  } finally {
    for (const raw of all) raw.socket.destroy();
  }
}
