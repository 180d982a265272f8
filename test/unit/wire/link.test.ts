/** Link frames: golden vectors, every truncation, limits. The VM runs the same vectors (test/device/wire). */
import assert from "node:assert/strict";
import { test } from "node:test";
import { LINK_CODES, LinkCode, linkCodeName } from "../../../src/wire/errors.js";
import { FrameReader } from "../../../src/wire/frame-reader.js";
import {
  BAD,
  DATA_BYTES_MAX,
  decodeClear,
  encodeData,
  encodeFrame,
} from "../../../src/wire/link.js";
import { decodeSealed } from "../../../src/wire/sealed.js";
import { LINK_FRAME_BYTES_MAX } from "../../../src/wire/limits.js";
import { CLEAR_VECTORS, SEALED_VECTORS } from "../../fixtures/link-vectors.js";
import { checkReader, checkVectors } from "../../fixtures/link-checks.js";

test("golden vectors hold in Node", () => {
  assert.equal(checkVectors(), "");
});

test("the reader gives the same bodies whatever the chunks", () => {
  for (let chunkBytes = 1; chunkBytes < 60; chunkBytes++) assert.equal(checkReader(chunkBytes), "");
});

test("a body cut at any byte is an error or, where its length is free, shorter data", () => {
  for (const vector of CLEAR_VECTORS) {
    for (let n = 0; n < vector.hex.length / 2; n++) {
      const cut = decodeClear(Buffer.from(vector.hex, "hex").subarray(0, n));
      assert.equal(cut.type, BAD, `${vector.name} cut to ${n}`);
    }
  }
  for (const vector of SEALED_VECTORS) {
    if (/^(DATA|MIRROR)/.test(vector.name)) continue;
    for (let n = 0; n < vector.hex.length / 2; n++) {
      const cut = decodeSealed(Buffer.from(vector.hex, "hex").subarray(0, n));
      assert.equal(cut.type, BAD, `${vector.name} cut to ${n}`);
    }
  }
});

test("the largest DATA fits a frame with its tag; one byte more is refused", () => {
  const largest = encodeData(1, Buffer.alloc(DATA_BYTES_MAX));
  assert.ok(largest.length + 8 <= LINK_FRAME_BYTES_MAX);
  assert.notEqual(decodeSealed(largest).type, BAD);
  const over = encodeData(1, Buffer.alloc(DATA_BYTES_MAX + 1));
  assert.deepEqual(decodeSealed(over), { type: BAD, code: LinkCode.LINK_FRAME_LONG });
});

test("a giant or empty length is refused before memory is taken, and reading stops", () => {
  for (const [head, code] of [
    [[0xff, 0xff], LinkCode.LINK_FRAME_LONG],
    [[0x41, 0x00], LinkCode.LINK_FRAME_LONG],
    [[0x00, 0x00], LinkCode.LINK_FRAME_SHORT],
  ] as const) {
    const reader = new FrameReader(64);
    reader.give(Buffer.from([...head, 1, 2, 3]));
    assert.equal(reader.next(), undefined);
    assert.equal(reader.code, code);
    assert.ok(reader.heldBytes() <= 2);
    reader.give(encodeFrame(Buffer.from([1])));
    assert.equal(reader.next(), undefined);
  }
});

test("the limit may be raised between frames", () => {
  const reader = new FrameReader(4);
  reader.give(Buffer.concat([encodeFrame(Buffer.alloc(4)), encodeFrame(Buffer.alloc(9))]));
  assert.equal(reader.next()?.length, 4);
  reader.bodyBytesMax = 9;
  assert.equal(reader.next()?.length, 9);
});

test("code numbers and names are one list", () => {
  LINK_CODES.forEach((name, code) => assert.equal(LinkCode[code], name));
  assert.equal(Object.keys(LinkCode).length, LINK_CODES.length * 2);
  assert.equal(linkCodeName(200), "code 200");
});
