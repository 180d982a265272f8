// Numbers by use. Property: every use still means the same string, float, function or global.
import assert from "node:assert/strict";
import { test } from "node:test";
import { expr, type Statement } from "../../../../scripts/relink/code.js";
import { Op } from "../../../../scripts/relink/opcodes.js";
import { orderByUse } from "../../../../scripts/relink/passes/order.js";
import { fn, giveBack, image, statement } from "../build.js";

const text = (bytes: Uint8Array | undefined): string => Buffer.from(bytes ?? []).toString();

test("what is used most comes first, what nothing uses is left out, names are kept", () => {
  const use = (index: number): Statement => giveBack(expr(Op.asciiString, index));
  const made = image(
    [fn([use(3), use(3), use(1), giveBack(expr(Op.asciiField, 3, [expr(Op.null)]))])],
    ["main", "once", "never", "often"],
  );
  orderByUse(made);
  assert.deepEqual(made.asciiStrings.map(text), ["often", "once", "main"]);
  const lines = made.functions[0]?.lines as Statement[];
  assert.deepEqual(
    lines.map((line) => line.args[0]?.num),
    [0, 0, 1, 0],
  );
  assert.equal(made.functions[0]?.name, 0x8002);
});

test("function 0 stays where the VM starts", () => {
  const call = (index: number): Statement => statement(Op.call0, [expr(Op.staticFunction, index)]);
  const made = image([fn([call(2), call(2), call(1)]), fn([call(1)]), fn([])]);
  orderByUse(made);
  assert.deepEqual(
    made.functions.map(({ origin }) => origin),
    [0, 1, 2],
  );
  const other = image([fn([call(2), call(2), call(1)]), fn([]), fn([])]);
  orderByUse(other);
  assert.deepEqual(
    other.functions.map(({ origin }) => origin),
    [0, 2, 1],
  );
  assert.deepEqual(
    (other.functions[0]?.lines as Statement[]).map((line) => line.args[0]?.num),
    [1, 1, 2],
  );
});

test("globals and floats are renumbered with their uses", () => {
  const made = image(
    [
      fn([
        statement(Op.storeGlobal, [expr(Op.literalFloat, 1)], 1),
        statement(Op.storeGlobal, [expr(Op.loadGlobal, 1)], 0),
      ]),
    ],
    ["main"],
    2,
  );
  made.floats = [5n, 6n];
  orderByUse(made);
  assert.deepEqual(made.globals, [1, 0]);
  assert.deepEqual(made.floats, [6n]);
  const [first, second] = made.functions[0]?.lines as Statement[];
  assert.deepEqual([first?.num, first?.args[0]?.num], [0, 0]);
  assert.deepEqual([second?.num, second?.args[0]?.num], [1, 0]);
});

test("names in service specifications follow their strings", () => {
  const made = image(
    [fn([giveBack(expr(Op.asciiString, 1))])],
    ["main", "used", "packet", "field"],
  );
  new DataView(made.header.buffer).setUint16(14, 1, true);
  const specs = new DataView(new ArrayBuffer(16 + 8 + 8));
  specs.setUint16(0, 0x8000, true);
  specs.setUint16(8, 1, true);
  specs.setUint16(10, 4, true);
  specs.setUint16(16, 0x8002, true);
  specs.setUint16(20, 1, true);
  specs.setUint16(22, 6, true);
  specs.setUint16(24, 0x8003, true);
  made.specs = new Uint8Array(specs.buffer);
  orderByUse(made);
  const named = (at: number): string =>
    text(made.asciiStrings[new DataView(made.specs.buffer).getUint16(at, true) & 0x3fff]);
  assert.deepEqual([named(0), named(16), named(24)], ["main", "packet", "field"]);
  assert.equal(text(made.asciiStrings[0]), "used");
});
