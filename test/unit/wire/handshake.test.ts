/** Macs, keys and sealed frames: golden vectors with Node's ciphers (the VM runs the same, test/device/wire). */
import assert from "node:assert/strict";
import { test } from "node:test";
import { nodeCrypto } from "../../../src/gateway/node-crypto.js";
import { SealedWay, equalBytes } from "../../../src/wire/handshake.js";
import { LINK_COUNTER_MAX } from "../../../src/wire/limits.js";
import { checkHandshake } from "../../fixtures/link-checks.js";

test("golden vectors of handshake and sealed frames hold in Node", () => {
  assert.equal(checkHandshake(nodeCrypto), "");
});

const KEY = Buffer.alloc(32, 1);
const PLAIN = Buffer.from([0x10, 1, 2, 3, 4]);

test("any flipped bit, any cut, any other place in the order does not open", () => {
  const sealed = new SealedWay(nodeCrypto, KEY).seal(PLAIN);
  assert.deepEqual(new SealedWay(nodeCrypto, KEY).open(sealed), PLAIN);
  for (let bit = 0; bit < sealed.length * 8; bit++) {
    const bad = Buffer.from(sealed);
    bad[bit >> 3] = (bad[bit >> 3] as number) ^ (1 << (bit & 7));
    assert.equal(new SealedWay(nodeCrypto, KEY).open(bad), undefined, `bit ${bit}`);
  }
  for (let n = 0; n < sealed.length; n++) {
    assert.equal(new SealedWay(nodeCrypto, KEY).open(sealed.subarray(0, n)), undefined);
  }
  assert.equal(new SealedWay(nodeCrypto, KEY, 1).open(sealed), undefined, "another counter");
  assert.equal(
    new SealedWay(nodeCrypto, Buffer.alloc(32, 2)).open(sealed),
    undefined,
    "another key",
  );
});

test("the counter ends before it could repeat", () => {
  const way = new SealedWay(nodeCrypto, KEY, LINK_COUNTER_MAX - 1);
  assert.equal(way.isSpent(), false);
  way.seal(PLAIN);
  assert.equal(way.isSpent(), true);
});

test("equalBytes compares lengths and every byte", () => {
  assert.equal(equalBytes(Buffer.from([1, 2]), Buffer.from([1, 2])), true);
  assert.equal(equalBytes(Buffer.from([1, 2]), Buffer.from([1, 3])), false);
  assert.equal(equalBytes(Buffer.from([1, 2]), Buffer.from([1, 2, 0])), false);
  assert.equal(equalBytes(Buffer.from([1, 2, 0]), Buffer.from([1, 2])), false);
});
