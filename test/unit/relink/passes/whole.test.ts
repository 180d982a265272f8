// Passes that look at the whole image: numbers in a table, strings in two tables, packed locals.
import assert from "node:assert/strict";
import { test } from "node:test";
import { expr, isLabel, visitExprs } from "../../../../scripts/relink/code.js";
import { STRING_KIND_SHIFT, StringKind } from "../../../../scripts/relink/image.js";
import { Op } from "../../../../scripts/relink/opcodes.js";
import { tabulateLiterals } from "../../../../scripts/relink/passes/literals.js";
import { packLocals } from "../../../../scripts/relink/passes/slots.js";
import { spreadStrings } from "../../../../scripts/relink/passes/strings.js";
import {
  fn,
  giveBack,
  image,
  jump,
  label,
  literal,
  local,
  retVal,
  statement,
  store,
} from "../build.js";
import { bytesOf } from "../outcome.js";

test("numbers of two bytes and more go to the table, once each, as tagged integers", () => {
  const made = image([
    fn([
      store(3, literal(700)),
      store(4, literal(-17)),
      store(5, literal(700)),
      giveBack(literal(111)),
    ]),
  ]);
  tabulateLiterals(made);
  assert.deepEqual(made.floats, [0xffffffff_000002bcn, 0xffffffff_ffffffefn]);
  const used: number[] = [];
  for (const line of made.functions[0]?.lines ?? []) {
    if (!isLabel(line)) visitExprs(line, (node) => used.push(node.op, node.num));
  }
  assert.deepEqual(used, [
    Op.literalFloat,
    0,
    Op.literalFloat,
    1,
    Op.literalFloat,
    0,
    Op.literal,
    111,
  ]);
});

test("strings that get no short number move to the other table, those of specifications stay", () => {
  const text = "forty characters, and every 16th marked.";
  const made = image(
    [
      fn(
        [
          statement(Op.call2, [local(0), expr(Op.asciiString, 0), expr(Op.asciiString, 0)]),
          giveBack(expr(Op.asciiField, 1, [expr(Op.asciiField, 2, [local(0)])])),
        ],
        { name: (StringKind.ascii << STRING_KIND_SHIFT) | 1 },
      ),
    ],
    ["often", text, "reading"],
  );
  new DataView(made.header.buffer).setUint16(14, 1, true);
  made.specs = new Uint8Array(16);
  new DataView(made.specs.buffer).setUint16(0, 0x8000 | 2, true);
  spreadStrings(made, 1);
  assert.deepEqual(
    bytesOf(made.functions[0]?.lines),
    bytesOf([
      statement(Op.call2, [local(0), expr(Op.asciiString, 0), expr(Op.asciiString, 0)]),
      giveBack(expr(Op.utf8Field, 0, [expr(Op.asciiField, 2, [local(0)])])),
    ]),
  );
  assert.equal(made.functions[0]?.name, StringKind.utf8 << STRING_KIND_SHIFT);
  const [moved] = made.utf8Strings;
  assert.deepEqual([...(moved ?? []).slice(0, 8)], [40, 0, 40, 0, 16, 0, 32, 0]);
  assert.equal(Buffer.from((moved ?? new Uint8Array()).slice(8)).toString(), text);
});

test("no more strings move than the other table has short numbers for", () => {
  const many = Array.from({ length: 600 }, (_, index) => `s${index}`);
  const uses = many.map((_, index) => store(0, expr(Op.asciiString, index)));
  const made = image([fn([...uses, giveBack(local(0))])], many);
  spreadStrings(made);
  assert.equal(made.utf8Strings.length, 248);
  const left = made.functions[0]?.lines.filter(
    (line) => !isLabel(line) && line.args[0]?.op === Op.asciiString,
  );
  assert.equal(left?.length, 600 - 248);
});

test("strings of the other table that nothing uses any more leave room", () => {
  const made = image([fn([giveBack(expr(Op.asciiString, 1))])], ["main", "text"]);
  made.utf8Strings = Array.from({ length: 248 }, () => Uint8Array.from([0, 0, 0, 0]));
  spreadStrings(made, 0);
  assert.deepEqual(made.functions[0]?.lines, [giveBack(expr(Op.utf8String, 248))]);
});

test("locals wanted at the same time keep apart, others share", () => {
  const made = image([
    fn(
      [
        store(5, local(0)),
        store(7, local(0)),
        statement(Op.call2, [local(0), local(5), local(7)]),
        store(6, retVal()),
        giveBack(local(6)),
      ],
      { args: 1, slots: 8 },
    ),
  ]);
  packLocals(made);
  assert.equal(made.functions[0]?.slots, 3);
  assert.deepEqual(
    bytesOf(made.functions[0]?.lines),
    bytesOf([
      store(1, local(0)),
      store(2, local(0)),
      statement(Op.call2, [local(0), local(1), local(2)]),
      store(1, retVal()),
      giveBack(local(1)),
    ]),
  );
});

test("a local read before it is stored keeps a place that holds undefined", () => {
  const top = label();
  const made = image([
    fn(
      [
        top,
        store(4, local(0)),
        statement(Op.call1, [local(0), local(4)]),
        statement(Op.call1, [local(0), local(3)]),
        store(3, retVal()),
        jump(top),
      ],
      { args: 1, slots: 8 },
    ),
  ]);
  packLocals(made);
  assert.equal(made.functions[0]?.slots, 3);
});

test("what a return out of try gives keeps its place while finally runs", () => {
  const [after, out] = [label(), label()];
  const made = image([
    fn(
      [
        jump(after, Op.try),
        store(1, local(0)),
        jump(out, Op.throwJump, [literal(1)]),
        after,
        statement(Op.finally),
        store(2, retVal()),
        statement(Op.call1, [local(0), local(0)]),
        statement(Op.reThrow, [local(2)]),
        giveBack(expr(Op.undefined)),
        out,
        giveBack(local(1)),
      ],
      { args: 1, tryFrames: 1 },
    ),
  ]);
  packLocals(made);
  assert.equal(made.functions[0]?.slots, 3);
});
