// Statements to bytes and back. Property: what is decoded and encoded again is the same bytes.
import assert from "node:assert/strict";
import { test } from "node:test";
import { decode, encode, expr, type Line } from "../../../scripts/relink/code.js";
import { numberBytes } from "../../../scripts/relink/code-numbers.js";
import { Op } from "../../../scripts/relink/opcodes.js";
import { giveBack, jump, label, literal, local, retVal, statement, store } from "./build.js";

test("numbers take the form that the VM reads, at every edge", () => {
  const cases: [number, number[]][] = [
    [0, [0]],
    [247, [247]],
    [248, [0xf8, 248]],
    [255, [0xf8, 255]],
    [256, [0xf9, 1, 0]],
    [65_535, [0xf9, 255, 255]],
    [65_536, [0xfa, 1, 0, 0]],
    [0x7fffffff, [0xfb, 0x7f, 255, 255, 255]],
    [-1, [0xfc, 1]],
    [-256, [0xfd, 1, 0]],
  ];
  for (const [value, bytes] of cases) {
    assert.deepEqual(numberBytes(value), bytes);
    const code = encode([store(0, literal(value)), giveBack(local(0))]).bytes;
    assert.deepEqual(encode(decode(code)).bytes, code);
  }
});

test("small integers are one byte, from -16 to 111", () => {
  const sizeOf = (value: number): number =>
    encode([giveBack(literal(value))]).bytes.indexOf(Op.return);
  assert.deepEqual([-17, -16, 0, 111, 112].map(sizeOf), [3, 1, 1, 1, 2]);
});

test("operands come before the operation, its number after", () => {
  const code = encode([statement(Op.indexSet, [local(0), expr(Op.asciiString, 7), retVal()])]);
  assert.deepEqual([...code.bytes], [21, 0, 37, 7, 44, 25, 0, 0]);
});

/** A jump over `count` statements of three bytes each. */
function over(count: number): Line[] {
  const end = label();
  const between = Array.from({ length: count }, () => store(0, literal(1)));
  return [jump(end, Op.jumpIfFalse, [local(0)]), ...between, end, giveBack(local(0))];
}

test("a jump forward takes one byte while it can, as compiled always three", () => {
  for (const [count, distanceBytes] of [
    [2, 1],
    [81, 1],
    [82, 2],
    [85, 3],
    [300, 3],
  ] as const) {
    const lines = over(count);
    const size = 3 + distanceBytes + count * 3 + 3;
    assert.equal(encode(lines).bytes.length, Math.ceil(size / 4) * 4, `${count} statements`);
    assert.equal(
      encode(lines, "as compiled").bytes.length,
      Math.ceil((size + 3 - distanceBytes) / 4) * 4,
    );
    assert.deepEqual(decode(encode(lines).bytes).length, lines.length);
    const again = encode(decode(encode(lines).bytes)).bytes;
    assert.deepEqual(again, encode(lines).bytes);
  }
});

test("a jump back counts from its own operation, behind its condition", () => {
  const top = label();
  const code = encode([top, jump(top, Op.jumpIfFalse, [local(3)]), giveBack(local(0))]).bytes;
  assert.deepEqual([...code.subarray(0, 5)], [21, 3, 14, 0xfc, 2]);
  assert.deepEqual(encode(decode(code)).bytes, code);
});

test("jumps into a statement, half statements and unknown operations are refused", () => {
  assert.throws(() => decode(Uint8Array.from([13, 1, 46, 12])), /no statement begins/);
  assert.throws(() => decode(Uint8Array.from([21])), /ends within/);
  assert.throws(() => decode(Uint8Array.from([12])), /too few operands/);
  assert.throws(() => decode(Uint8Array.from([46, 46, 12])), /operands left/);
  assert.throws(() => decode(Uint8Array.from([42, 0, 0, 0, 0])), /no operation/);
  assert.throws(() => encode([jump(label())]), /leads nowhere/);
});
