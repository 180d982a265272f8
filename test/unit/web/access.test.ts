/** Who is let in by which secret, and how long each holds (A14). */
import assert from "node:assert/strict";
import { test } from "node:test";
import { FakeClock } from "../../../src/time/fake-clock.js";
import { FailureLimit } from "../../../src/doors/failure-limit.js";
import { Access } from "../../../src/web/access.js";

const TOKEN = "0123456789abcdef0123";

test("N1: a sign-in code works once, for a quarter of an hour", async () => {
  const clock = new FakeClock();
  const access = new Access(clock, TOKEN);
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
  const access = new Access(new FakeClock(), TOKEN);
  const first = access.newLoginCode();
  const others = Array.from({ length: 32 }, () => access.newLoginCode());
  assert.ok(!access.redeem(first));
  assert.ok(access.redeem(others[0] ?? ""));
});

test("N1: a browser session ends after 30 days, and another token's session never begins", async () => {
  const clock = new FakeClock();
  const access = new Access(clock, TOKEN);
  const cookie = access.sessionCookie(false).split(";", 1)[0];
  assert.ok(access.isKnown(undefined, `other=1; ${cookie}`));
  assert.ok(new Access(clock, TOKEN).isKnown(undefined, cookie), "outlives a restart");
  assert.ok(!new Access(clock, `${TOKEN}x`).isKnown(undefined, cookie));
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
