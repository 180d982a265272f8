// Request heads and the small parts of the handshake. Properties: the same result for any chunking; bounded in
// bytes and lines; what is malformed is refused with the status PROTOCOL §2 names.
import assert from "node:assert/strict";
import { createHash, randomBytes } from "node:crypto";
import { test } from "node:test";
import { parseHead } from "../../../../devs/net/http-head.js";
import { HeadReader } from "../../../../src/wire/head-reader.js";
import { base64, isKey, Sha1 } from "../../../../devs/net/sha1.js";
import { checkUtf8, UTF8_BAD } from "../../../../devs/net/utf8.js";
import { HANDSHAKE } from "../../../support/fake-robot.js";

/** Feeds `text` in chunks; the parsed request, a status, or "more". */
function read(text: string | Buffer, chunk = 1022): string {
  const data = Buffer.from(text);
  const reader = new HeadReader();
  for (let at = 0; at < data.length; at += chunk) {
    const used = reader.take(data.subarray(at, at + chunk));
    if (reader.failure() !== 0) return String(reader.failure());
    if (used < 0) continue;
    const request = parseHead(reader.text());
    const rest = data.length - at - used;
    if (request.kind === "bad") return String(request.status);
    if (request.kind === "http") return `${request.method} ${request.path} +${rest}`;
    return `upgrade ${request.path} ${request.key} +${rest}`;
  }
  return "more";
}

const UPGRADE = "upgrade / dGhlIHNhbXBsZSBub25jZQ== +0";
const edit = (from: string, to: string) => HANDSHAKE.replace(from, to);

test("head: the same for every chunk size; bytes behind it are not touched", () => {
  for (let chunk = 1; chunk <= HANDSHAKE.length; chunk++)
    assert.equal(read(HANDSHAKE, chunk), UPGRADE);
  assert.equal(read(HANDSHAKE + "frame"), UPGRADE.replace("+0", "+5"));
});

test("head: cut at every byte it only wants more", () => {
  for (let n = 0; n < HANDSHAKE.length; n++) assert.equal(read(HANDSHAKE.slice(0, n)), "more");
});

test("head: a table of requests", () => {
  const table: [string, string][] = [
    ["GET /health HTTP/1.1\r\nHost: a\r\n\r\n", "GET /health +0"],
    ["GET /health?x=1 HTTP/1.0\r\nHost: a\r\n\r\n", "GET /health +0"],
    ["HEAD / HTTP/1.1\r\nhOST:\r\n\r\n", "HEAD / +0"],
    ["GET /health HTTP/1.0\r\n\r\n", "GET /health +0"],
    ["GET /health HTTP/1.1\r\n\r\n", "400"],
    ["GET /health HTTP/1.1\r\nX-Host: a\r\n\r\n", "400"],
    ["GET /health HTTP/1.1\r\nHost: a\r\nhost: a\r\n\r\n", "400"],
    ["GET /health HTTP/1.0\r\nHost: a\r\nHost: b\r\n\r\n", "400"],
    [edit("Host: robot\r\n", ""), "400"],
    [edit("Host: robot", "Host: robot\r\nHost: robot"), "400"],
    [edit("GET / ", "GET /v2?token=a "), UPGRADE.replace("/ ", "/v2 ")],
    [edit("Upgrade: websocket", "uPGRADE:h2c, WebSocket"), UPGRADE],
    [edit("Connection: Upgrade", "connection: keep-alive, upgrade"), UPGRADE],
    [edit("Host: robot", "Host: a\r\nSec-WebSocket-Extensions: permessage-deflate"), UPGRADE],
    [edit("Host: robot", "Host: a\r\nX: é\u00ff"), UPGRADE],
    [edit("Upgrade: websocket", "Upgrade: h2c"), "GET / +0"],
    [edit("GET", "POST"), "405"],
    [edit("HTTP/1.1", "HTTP/1.0"), "400"],
    [edit("HTTP/1.1", "HTTP/2.0"), "505"],
    [edit("HTTP/1.1", "FTP/1.1"), "400"],
    [edit("Connection: Upgrade", "Connection: close"), "400"],
    [edit("Version: 13", "Version: 8"), "426"],
    [edit("Sec-WebSocket-Version: 13\r\n", ""), "426"],
    [edit("Version: 13", "Version: 13\r\nSec-WebSocket-Version: 13"), "426"],
    [edit("dGhlIHNhbXBsZSBub25jZQ==", "short"), "400"],
    [edit("dGhlIHNhbXBsZSBub25jZQ==", "dGhlIHNhbXBsZSBub25jZR=="), "400"],
    [edit("dGhlIHNhbXBsZSBub25jZQ==", "dGhlIHNhbXBsZSBub25jZ!=="), "400"],
    [HANDSHAKE.replace(/Sec-WebSocket-Key.*\r\n/, "$&$&"), "400"],
    [HANDSHAKE.replace(/Sec-WebSocket-Key.*\r\n/, ""), "400"],
    [edit("Host: robot", "Host: a\r\nX robot"), "400"],
    [edit("Host: robot", "Host: a\r\nX : robot"), "400"],
    [edit("Host: robot", "Host: a\r\n folded"), "400"],
    [edit("Host: robot", "Host: a\r\n: x"), "400"],
    [edit("Host: robot", "Host: a\r\nX: a\rb"), "400"],
    [edit("Host: robot", "Host: a\r\nX: \u0000"), "400"],
    ["GET  HTTP/1.1\r\n\r\n", "400"],
    ["GET health HTTP/1.1\r\n\r\n", "400"],
    ["GET /\r\n\r\n", "400"],
    ["\r\n", "400"],
    ["\n", "400"],
    ["GET / HTTP/1.1\n\n", "400"],
    ["GET / HTTP/1.1\r\nHost: a\r\n" + "A: b\r\n".repeat(30) + "\r\n", "GET / +0"],
    ["GET / HTTP/1.1\r\nHost: a\r\n" + "A: b\r\n".repeat(31) + "\r\n", "431"],
    ["GET /" + "a".repeat(2048 - 18) + " HTTP/1.0\r\n\r\n", `GET /${"a".repeat(2030)} +0`],
    ["GET /" + "a".repeat(2048 - 17) + " HTTP/1.0\r\n\r\n", "431"],
    ["\xff".repeat(3000), "431"],
    ["\u0016\u0003\u0001\u0002\u0000\u0001\u0000\u0001\n", "400"],
  ];
  for (const [text, expected] of table)
    for (const chunk of [1, 7, 1022])
      assert.equal(read(text, chunk), expected, JSON.stringify(text.slice(0, 90)));
});

test("head: 3,000 mutated heads never throw", () => {
  let seed = 11;
  const next = () => (seed = (Math.imul(seed, 1664525) + 1013904223) >>> 0) >>> 8;
  for (let i = 0; i < 3000; i++) {
    const data = Buffer.from(HANDSHAKE);
    for (let n = next() % 4; n >= 0; n--) data[next() % data.length] = next() & 255;
    read(data, 1 + (next() % 300));
  }
});

/** The digest, and in how many parts it was computed. */
function sha1(data: Buffer): { digest: Buffer; parts: number } {
  const hash = new Sha1(data);
  let parts = 1;
  while (!hash.step()) parts++;
  return { digest: hash.finish(), parts };
}

test("sha1: the published vectors of FIPS 180-4 and RFC 6455, in four parts a block", () => {
  const table: [string, number, string][] = [
    ["", 1, "da39a3ee5e6b4b0d3255bfef95601890afd80709"],
    ["abc", 1, "a9993e364706816aba3e25717850c26c9cd0d89d"],
    [
      "abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq",
      2,
      "84983e441c3bd26ebaae4aa1f95129e5e54670f1",
    ],
    [
      "dGhlIHNhbXBsZSBub25jZQ==258EAFA5-E914-47DA-95CA-C5AB0DC85B11",
      2,
      "b37a4f2cc0624f1690f64606cf385945b2bec4ea",
    ],
  ];
  for (const [text, blocks, digest] of table) {
    const got = sha1(Buffer.from(text));
    assert.equal(got.digest.toString("hex"), digest);
    assert.equal(got.parts, 4 * blocks);
  }
});

test("sha1 and base64 agree with Node's for every length", () => {
  for (let n = 0; n <= 200; n++) {
    const data = randomBytes(n);
    const { digest } = sha1(data);
    assert.equal(digest.toString("hex"), createHash("sha1").update(data).digest("hex"));
    assert.equal(base64(data), data.toString("base64"));
  }
  for (let i = 0; i < 200; i++) assert.ok(isKey(randomBytes(16).toString("base64")));
  for (const n of [15, 17, 18]) assert.ok(!isKey(randomBytes(n).toString("base64")));
});

test("sha1: two that are computed by turns do not mix", () => {
  const [a, b] = [new Sha1(Buffer.from("abc")), new Sha1(Buffer.alloc(100, 65))];
  for (let i = 0; i < 3; i++) assert.deepEqual([a.step(), b.step()], [false, false]);
  assert.equal(a.step(), true);
  assert.equal(b.step(), false);
  for (let i = 0; i < 3; i++) assert.equal(b.step(), false);
  assert.equal(b.step(), true);
  assert.equal(a.finish().toString("hex"), "a9993e364706816aba3e25717850c26c9cd0d89d");
  assert.equal(
    b.finish().toString("hex"),
    createHash("sha1").update(Buffer.alloc(100, 65)).digest("hex"),
  );
});

test("utf8: agrees with Node's strict decoder on all short sequences of telling bytes", () => {
  const bytes = [
    0x00, 0x7f, 0x80, 0x8f, 0x90, 0x9f, 0xa0, 0xbf, 0xc0, 0xc1, 0xc2, 0xdf, 0xe0, 0xe1,
  ];
  bytes.push(0xec, 0xed, 0xee, 0xef, 0xf0, 0xf1, 0xf3, 0xf4, 0xf5, 0xff, 0xbd, 0xbe);
  const strict = new TextDecoder("utf-8", { fatal: true });
  const isValid = (data: Buffer) => {
    try {
      strict.decode(data);
      return true;
    } catch {
      return false;
    }
  };
  for (const a of bytes)
    for (const b of bytes)
      for (const c of bytes)
        for (const d of [0x41, 0x80, 0xbf, 0xbd]) {
          const data = Buffer.from([a, b, c, d]);
          const end = checkUtf8(data, 0, 4);
          assert.equal(end === 4, isValid(data), data.toString("hex"));
          if (end !== UTF8_BAD && end < 4) {
            // Cut, not bad: some continuation must make it valid.
            const tails = ["80", "8080", "808080", "bfbf", "a0", "a080", "90", "9080", "bf"];
            const whole = tails.some((t) => isValid(Buffer.concat([data, Buffer.from(t, "hex")])));
            assert.ok(whole, data.toString("hex"));
          }
        }
});
