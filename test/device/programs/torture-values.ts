/** Literals, arithmetic, conversions and the order in which they are computed, of `torture.ts`. */
/* eslint-disable use-isnan, no-useless-assignment -- what the compiler makes of them counts */
import { odd } from "./torture-conditions";
import { kind } from "./torture-loops";
import { mark, say, trace } from "./torture-trail";

interface Tree {
  value: number;
  left?: Tree;
  right?: Tree;
  visit?: (n: number) => number;
}
export function optional(tree: Tree | undefined | null): unknown[] {
  const left = tree?.left;
  const right = left?.right;
  const visit = tree?.visit;
  return [tree?.value, left?.value, right?.value ?? "none", visit?.(2), left?.value ?? -1];
}

export function literals(): void {
  say("numbers", [0, -1, -16, -17, 111, 112, 247, 248, 255, 256, 65535, 65536, 16777216]);
  say("numbers", [-255, -256, -65536, 2147483647, -2147483648, 0.5, -0.25, 1e10, 1 / 3]);
  const buffer = Buffer.alloc(6);
  buffer[1] = 300;
  buffer.setAt(2, "u16", 0x1234);
  say("buffer", [buffer.toString("hex"), buffer.getAt(2, "u16"), hex`0102ff`.toString("hex")]);
  say("unicode", ["ä€", "ä€".length, "a\nb", "long text that is not short, ü".slice(4, 9)]);
  const made = { a: 1, b: { c: [1, { d: 2 }], e: "f" }, g: mark("x", 1) + mark("y", 2) };
  made.b.e = made.b.e + made.a;
  delete (made as { a?: number }).a;
  trace("object", made);
  const copy = { ...made, a: 5 };
  say("spread", copy);
  say("array", [...[1, 2], 3]);
  const { g, b } = made;
  say("destructured", [g, b.e]);
}

export function arithmetic(a: number, b: number): unknown[] {
  return [
    a + b,
    a - b,
    a * b,
    a / b,
    a & b,
    a | b,
    a ^ b,
    a << 2,
    a >> 1,
    a >>> 1,
    ~a,
    -a,
    +a,
    a < b,
    a <= b,
    a > b,
    a >= b,
    a === b,
    a !== b,
    Math.max(a, b),
    Math.abs(a),
    (a * b) | 0,
  ];
}

export function conversions(): void {
  say("text", "n" + 1 + true + null + undefined + 0.5 + [1, 2].length);
  say("numbers", [parseInt("12"), parseFloat("1.5"), +"7", Math.floor(2.7), Math.round(2.5)]);
  say("typeof", [typeof 1, typeof "s", typeof undefined, typeof null, typeof {}, typeof kind]);
  say("isNaN", [
    isNaN(NaN),
    odd[4] === odd[4],
    odd[4] !== odd[4],
    1 < NaN,
    !(1 < NaN),
    Infinity > 1,
  ]);
  let text = "";
  for (const value of odd) text += "" + value + "|" + (value == null) + "|" + !value + " ";
  say("odd", text);
}

let global = 1;
function changesGlobal(): number {
  global = global + 1;
  return global;
}
export function order(): void {
  const before = global;
  say("globals", [before, global + changesGlobal() + global, global]);
  const box = { n: 1 };
  const grow = (): number => {
    box.n = box.n * 3;
    return box.n;
  };
  const first = box.n;
  say("heap", [first + grow() + box.n, box.n]);
  const list = [0, 0, 0];
  let i = 0;
  list[i++] = i;
  list[i++] = i++;
  say("index", [list, i]);
  let x = 5;
  x += x++ + ++x;
  say("compound", x);
  const keep = x;
  x = x + 1;
  const later = keep + x;
  say("copies", [keep, x, later]);
}
