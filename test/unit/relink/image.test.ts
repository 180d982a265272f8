// The image as a whole. Property: taken apart and put together it is the same bytes, with strings of every kind.
import assert from "node:assert/strict";
import { test } from "node:test";
import { expr } from "../../../scripts/relink/code.js";
import { buildImage, parseImage } from "../../../scripts/relink/image.js";
import { Op } from "../../../scripts/relink/opcodes.js";
import { fn, giveBack, image, literal } from "./build.js";

const made = image(
  [fn([giveBack(literal(1))]), fn([giveBack(expr(Op.asciiString, 1))])],
  ["main", "a", ""],
);
made.floats = [0x3ff8000000000000n, 0xffffffff_00012345n];
made.utf8Strings = [Uint8Array.from([2, 0, 1, 0, 0xc3, 0xa4])];
made.buffers = [Uint8Array.from([1, 2, 3]), Uint8Array.from([])];
made.config = Uint8Array.from([1, 2, 3, 4]);

test("an image taken apart and put together is the same", () => {
  const { bytes } = buildImage(made);
  assert.equal(bytes.length % 32, 0);
  assert.deepEqual(parseImage(bytes), made);
  assert.deepEqual(buildImage(parseImage(Buffer.from(bytes))).bytes, bytes);
});

test("the limit counts header, function table and code", () => {
  const layout = buildImage(made);
  assert.deepEqual(
    layout.functions.map(({ start, size }) => [start, size]),
    [
      [112 + 2 * 16, 4],
      [148, 4],
    ],
  );
  assert.equal(layout.codeEnd, 152);
  assert.deepEqual(
    layout.places.map(({ pc }) => pc),
    [144, 148],
  );
});

test("files of another format are refused", () => {
  const { bytes } = buildImage(made);
  assert.throws(() => parseImage(bytes.with(0, 0)), /not a DeviceScript image/);
  assert.throws(() => parseImage(bytes.with(10, 17)), /format 2\.17/);
});
