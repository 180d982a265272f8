// Properties: a signature is good for the method, path, time, body and key that it was made for, and for no other.
import assert from "node:assert/strict";
import { createHash, createHmac } from "node:crypto";
import { test } from "node:test";
import { sign, verify, type Signed } from "../../../src/edge/signature.js";

const KEY = "k".repeat(32);
const body = new TextEncoder().encode('{"mood":"CALM"}');
const signed: Signed = { method: "POST", path: "/push", timeMs: 1_800_000_000_000, body };

test("C4: the signature is HMAC-SHA-256 of method, path, time and the body's hash, as another tool computes it", async () => {
  const hash = createHash("sha256").update(body).digest("hex");
  const text = `POST\n/push\n1800000000000\n${hash}`;
  assert.equal(await sign(KEY, signed), createHmac("sha256", KEY).update(text).digest("hex"));
});

test("C4: anything else than what was signed is refused", async () => {
  const signature = await sign(KEY, signed);
  assert.equal(await verify(KEY, signature, signed), true);
  const others: Signed[] = [
    { ...signed, method: "DELETE" },
    { ...signed, path: "/other" },
    { ...signed, timeMs: signed.timeMs + 1 },
    { ...signed, body: new TextEncoder().encode('{"mood":"CALX"}') },
    { ...signed, body: new Uint8Array() },
  ];
  for (const other of others) assert.equal(await verify(KEY, signature, other), false);
  assert.equal(await verify("x".repeat(32), signature, signed), false);
});

test("what is no 64 hex digits is refused without an error", async () => {
  const signature = await sign(KEY, signed);
  const wrong = [
    "",
    "zz",
    signature.slice(1),
    `${signature}00`,
    signature.toUpperCase(),
    "g".repeat(64),
  ];
  for (const one of wrong) assert.equal(await verify(KEY, one, signed), false, one);
});
