/** Who is let in: names, origins, secrets and how long they hold (A14). */
import assert from "node:assert/strict";
import { test } from "node:test";
import { FakeClock } from "../../../src/time/fake-clock.js";
import { Access, hostName, type RequestHead } from "../../../src/web/access.js";
import { FailureLimit } from "../../../src/web/failure-limit.js";

const TOKEN = "0123456789abcdef0123";

function head(fields: Partial<RequestHead>): RequestHead {
  return {
    method: "GET",
    host: "localhost:5000",
    origin: undefined,
    fetchSite: undefined,
    fetchMode: undefined,
    fetchDest: undefined,
    ...fields,
  };
}

test("host names are read without port and brackets, and malformed ones not at all", () => {
  const cases: Array<[string | undefined, string | undefined]> = [
    ["Example.COM:80", "example.com"],
    ["example.com.", "example.com"],
    ["[::1]:5000", "::1"],
    ["127.0.0.1", "127.0.0.1"],
    [undefined, undefined],
    ["", undefined],
    ["a b", undefined],
    ["user@host", undefined],
    ["host:port", undefined],
    ["[::1", undefined],
    ["host/path", undefined],
  ];
  for (const [given, expected] of cases) assert.equal(hostName(given), expected, given);
});

test("A14: a wildcard door answers to its machine's names and to no others", () => {
  const access = new Access(new FakeClock(), "0.0.0.0", TOKEN, ["robot.example"]);
  assert.equal(access.denial(head({ host: "127.0.0.1" })), undefined);
  assert.equal(access.denial(head({ host: "robot.example" })), undefined);
  assert.equal(access.denial(head({ host: "rebound.example" })), "WEB_HOST_DENIED");
});

test("A14: a proxy's origin must be named, with the same rules for the name", () => {
  const access = new Access(new FakeClock(), "127.0.0.1", undefined, ["robot.example"]);
  const from = (origin: string) => access.denial(head({ origin }));
  assert.equal(from("https://robot.example"), undefined);
  assert.equal(from("https://robot.example.evil"), "WEB_ORIGIN_DENIED");
  assert.equal(from("file://robot.example"), "WEB_ORIGIN_DENIED");
  assert.equal(from("http://localhost:5000"), undefined);
  assert.equal(from("http://localhost:5001"), "WEB_ORIGIN_DENIED");
});

test("N1: a sign-in code works once, for a quarter of an hour", async () => {
  const clock = new FakeClock();
  const access = new Access(clock, "0.0.0.0", TOKEN);
  const code = access.newLoginCode();
  assert.ok(access.redeem(code));
  assert.ok(!access.redeem(code));
  const late = access.newLoginCode();
  await clock.advance(15 * 60_000 + 1);
  assert.ok(!access.redeem(late));
  assert.ok(access.redeem(TOKEN));
  assert.ok(!access.redeem(""));
});

test("N1: open sign-in codes are bounded; the oldest goes", () => {
  const access = new Access(new FakeClock(), "0.0.0.0", TOKEN);
  const first = access.newLoginCode();
  const others = Array.from({ length: 32 }, () => access.newLoginCode());
  assert.ok(!access.redeem(first));
  assert.ok(access.redeem(others[0] ?? ""));
});

test("N1: a browser session ends after 30 days, and another token's session never begins", async () => {
  const clock = new FakeClock();
  const access = new Access(clock, "0.0.0.0", TOKEN);
  const cookie = access.sessionCookie().split(";", 1)[0];
  assert.ok(access.isKnown(undefined, `other=1; ${cookie}`));
  assert.ok(new Access(clock, "0.0.0.0", TOKEN).isKnown(undefined, cookie), "outlives a restart");
  assert.ok(!new Access(clock, "0.0.0.0", `${TOKEN}x`).isKnown(undefined, cookie));
  await clock.advance(31 * 24 * 3_600_000);
  assert.ok(!access.isKnown(undefined, cookie));
});

test("N1: failures are counted for each address and for all, and forgotten after a minute", async () => {
  const clock = new FakeClock();
  const limit = new FailureLimit(clock);
  for (let i = 0; i < 10; i++) assert.equal(limit.note("a").waitMs, 0);
  assert.equal(limit.note("a").waitMs, 60_000);
  assert.equal(limit.note("b").waitMs, 0);
  for (let i = 0; i < 200; i++) limit.note(`x${i}`);
  assert.ok(limit.note("c").waitMs > 0, "many addresses together are slowed down too");
  await clock.advance(60_001);
  assert.deepEqual(limit.note("a"), { waitMs: 0, isFirst: true });
  assert.deepEqual(limit.note("a"), { waitMs: 0, isFirst: false });
});
