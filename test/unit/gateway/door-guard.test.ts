/** A14: who may use the forwarded ports when other machines can reach them. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { DoorGuard } from "../../../src/gateway/door-guard.js";
import { Gateway } from "../../../src/gateway/gateway.js";
import { MemoryGenerations } from "../../../src/gateway/generations.js";
import { FakeClock } from "../../../src/time/fake-clock.js";

const TOKEN = "a-token-of-20-chars!";
const NAMES = { host: "127.0.0.1", hosts: ["buddy.local"], origins: [] };
const newGuard = (token?: string): DoorGuard => new DoorGuard(new FakeClock(), NAMES, token);

/** Status of the refusal, or "in". */
function asks(guard: DoorGuard, ...lines: string[]): string {
  return guard.refusal(lines.join("\r\n"), "a")?.status.slice(0, 3) ?? "in";
}

test("with the ports on loopback nobody is asked for the token", () => {
  const open = newGuard();
  assert.equal(asks(open, "GET / HTTP/1.1", "Host: localhost"), "in");
  const face = Buffer.from("NO_FACE,1");
  assert.deepEqual(open.admitDatagram(face), face);
});

test("the token is taken from the header or the query, exactly", () => {
  const guard = newGuard(TOKEN);
  const host = "Host: buddy.local:81";
  assert.equal(asks(guard, `GET /?token=${TOKEN} HTTP/1.1`, host), "in");
  assert.equal(asks(guard, `GET /a?b=1&token=${TOKEN} HTTP/1.1`, host), "in");
  assert.equal(asks(guard, "GET / HTTP/1.1", host, `AUTHORIZATION: bearer ${TOKEN}`), "in");
  for (const wrong of [
    ["GET / HTTP/1.1", host],
    ["GET /?token= HTTP/1.1", host],
    [`GET /?token=${TOKEN.slice(1)} HTTP/1.1`, host],
    [`GET /?token=${TOKEN}x HTTP/1.1`, host],
    [`GET /?xtoken=${TOKEN} HTTP/1.1`, host],
    ["GET / HTTP/1.1", host, `X-Authorization: Bearer ${TOKEN}`],
    ["GET / HTTP/1.1", host, `Authorization: Basic ${TOKEN}`],
    [""],
    ["\xff".repeat(2048)],
  ]) {
    assert.equal(asks(guard, ...wrong), "401", wrong.join(" ").slice(0, 80));
  }
});

test("A14: wrong tokens of an address are slowed down, and the right one is let in all the same", () => {
  const guard = newGuard(TOKEN);
  const guess = (address: string): string | undefined =>
    guard.refusal("GET /?token=wrong HTTP/1.1\r\nHost: localhost", address)?.status;
  for (let i = 0; i < 10; i++) assert.match(guess("a") ?? "", /^401 /);
  assert.match(guess("a") ?? "", /^429 Too Many Requests\r\nRetry-After: 60$/);
  assert.match(guess("b") ?? "", /^401 /);
  assert.equal(asks(guard, `GET /?token=${TOKEN} HTTP/1.1`, "Host: localhost"), "in");
});

test("N2: strangers by name and by origin are refused, with the token too; programs are not", () => {
  for (const guard of [newGuard(), newGuard(TOKEN)]) {
    const from = (...lines: string[]): string =>
      asks(guard, `GET /?token=${TOKEN} HTTP/1.1`, ...lines);
    for (const lines of [
      ["Host: evil.example"],
      ["Host: 127.0.0.1:8181", "Origin: http://evil.example"],
      ["Host: 127.0.0.1:8181", "ORIGIN:  http://127.0.0.1:5000"],
      ["Host: 127.0.0.1:8181", "Origin: null"],
      ["Host: 127.0.0.1:8181", "Origin: file://"],
      ["Host: evil.example:8181", "Origin: http://evil.example:8181"],
      ["Host: 127.0.0.1:8181", "Sec-Fetch-Site: cross-site", "Sec-Fetch-Mode: no-cors"],
    ]) {
      assert.equal(from(...lines), "403", lines.join(", "));
    }
    for (const lines of [
      ["Host: 127.0.0.1:8181"],
      ["Host: buddy.local"],
      ["Host: 192.168.1.7"],
      ["Host: 127.0.0.1:8181", "Origin: http://127.0.0.1:8181"],
      ["Host: 127.0.0.1:8181", "X-Origin: http://evil.example"],
      // No browser leaves it out; the robot answers 400.
      [],
    ]) {
      assert.equal(from(...lines), "in", lines.join(", "));
    }
  }
});

test("a page opened from a file is let in when its owner says so", () => {
  const guard = new DoorGuard(new FakeClock(), { ...NAMES, origins: ["file"] }, undefined);
  assert.equal(asks(guard, "GET / HTTP/1.1", "Host: localhost", "Origin: null"), "in");
});

test("a datagram carries the token in front, and arrives without it", () => {
  const guard = newGuard(TOKEN);
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
