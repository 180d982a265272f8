/** A14: who may use the forwarded ports when other machines can reach them. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { DoorGuard } from "../../../src/gateway/door-guard.js";
import { Gateway } from "../../../src/gateway/gateway.js";
import { MemoryGenerations } from "../../../src/gateway/generations.js";

const TOKEN = "a-token-of-20-chars!";
const guard = new DoorGuard(TOKEN);
const head = (...lines: string[]): Buffer => Buffer.from(lines.join("\r\n"), "latin1");

test("everybody is asked, or, with the ports on loopback, nobody", () => {
  assert.equal(guard.needsToken, true);
  const open = new DoorGuard(undefined);
  assert.equal(open.needsToken, false);
  const face = Buffer.from("NO_FACE,1");
  assert.deepEqual(open.admitDatagram(face), face);
});

test("the token is taken from the header or the query, exactly", () => {
  assert.equal(guard.admitsHead(head(`GET /?token=${TOKEN} HTTP/1.1`, "Host: x")), true);
  assert.equal(guard.admitsHead(head(`GET /a?b=1&token=${TOKEN} HTTP/1.1`)), true);
  assert.equal(guard.admitsHead(head("GET / HTTP/1.1", `AUTHORIZATION: bearer ${TOKEN}`)), true);
  for (const wrong of [
    head("GET / HTTP/1.1", "Host: x"),
    head("GET /?token= HTTP/1.1"),
    head(`GET /?token=${TOKEN.slice(1)} HTTP/1.1`),
    head(`GET /?token=${TOKEN}x HTTP/1.1`),
    head(`GET /?xtoken=${TOKEN} HTTP/1.1`),
    head("GET / HTTP/1.1", `X-Authorization: Bearer ${TOKEN}`),
    head("GET / HTTP/1.1", `Authorization: Basic ${TOKEN}`),
    Buffer.alloc(0),
    Buffer.alloc(2048, 0xff),
  ]) {
    assert.equal(guard.admitsHead(wrong), false, wrong.toString("latin1").slice(0, 80));
  }
});

test("N2: pages of other machines are told from programs and from pages of this one", () => {
  const open = new DoorGuard(undefined);
  const asks = (...lines: string[]): boolean => open.isForeign(head("GET / HTTP/1.1", ...lines));
  for (const line of [
    "Origin: http://evil.example",
    "origin:https://127.0.0.1.evil.example:8181",
    "ORIGIN:  http://192.168.1.7:5000",
    "Origin: http://[::2]/",
    "Origin: http:",
  ]) {
    assert.equal(asks("Host: 127.0.0.1:8181", line), true, line);
  }
  for (const line of [
    "Host: evil.example",
    "Origin: http://127.0.0.1:5000",
    "Origin: http://localhost",
    "Origin: http://[::1]:5000",
    // A page without an address of its own: a file, or an empty tab.
    "Origin: null",
    "Origin: file://",
    "X-Origin: http://evil.example",
  ]) {
    assert.equal(asks(line), false, line);
  }
  // With the token it may come from wherever its owner has put the page.
  assert.equal(guard.isForeign(head("GET / HTTP/1.1", "Origin: http://evil.example")), false);
});

test("a datagram carries the token in front, and arrives without it", () => {
  const face = Buffer.from("NO_FACE,1");
  const signed = Buffer.from(`token=${TOKEN} NO_FACE,1`);
  assert.deepEqual(guard.admitDatagram(signed), face);
  for (const text of ["NO_FACE,1", "token=", "token=x NO_FACE,1", `token=${TOKEN}`, ""]) {
    assert.equal(guard.admitDatagram(Buffer.from(text)), undefined, text);
  }
});

test("doors that others can reach are not opened without a token, or with a short one", () => {
  const options = { linkPort: 0, doors: [], keys: new Map(), generations: new MemoryGenerations() };
  assert.throws(() => new Gateway({ ...options, host: "0.0.0.0" }), /need a token/);
  assert.throws(
    () => new Gateway({ ...options, host: "0.0.0.0", token: "short" }),
    /fewer than 16/,
  );
  assert.ok(new Gateway({ ...options, host: "0.0.0.0", token: TOKEN }));
  assert.ok(new Gateway({ ...options, host: "localhost" }));
});
