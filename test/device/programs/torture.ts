/**
 * Every kind of statement and expression that the firmware's compiler writes, with what each prints. The relinker is
 * right when this program says the same before and after it, line by line.
 */
/* eslint-disable no-extra-boolean-cast, use-isnan, no-useless-assignment -- what the compiler makes of them counts */
import * as ds from "@devicescript/core";
import { classes, functions, smallFunctions } from "./torture-functions";
import { mark, say, saidSoFar, trace } from "./torture-trail";

// --- conditions -------------------------------------------------------------------------------------------------

const odd: unknown[] = [0, 1, -1, 0.5, NaN, "", "x", true, false, null, undefined, {}, []];

function conditions(value: unknown): string {
  let text = value ? "t" : "f";
  if (!value) text = text + "n";
  if (!!value) text = text + "y";
  text = text + (value && "a") + (value || "o") + (value ?? "q");
  text = text + (!value && !value) + (!(value && value) || value === 1);
  if (value === 1 || value === "x" || (value && value === true)) text = text + "or";
  if (value !== 1 && value !== "x" && !(value === true)) text = text + "and";
  return text;
}

function isBetween(value: number, low: number, high: number): boolean {
  if (value >= low && value <= high) return true;
  return false;
}
function isOutside(value: number, low: number, high: number): boolean {
  if (value >= low && value <= high) return false;
  return true;
}
function sign(value: number): number {
  return value > 0 ? 1 : value < 0 ? -1 : 0;
}
function pick(a: boolean, b: boolean, c: boolean): number {
  let result: number;
  if (a) {
    if (b) result = 1;
    else result = c ? 2 : 3;
  } else if (b || c) result = 4;
  else return 5;
  return result;
}
function shortCircuit(): void {
  for (let bits = 0; bits < 8; bits++) {
    const a = (bits & 4) !== 0;
    const b = (bits & 2) !== 0;
    const c = (bits & 1) !== 0;
    trace("and or", (mark("a", a) && mark("b", b)) || mark("c", c));
    trace("or and", (mark("a", a) || mark("b", b)) && mark("c", c));
    trace("not", !(mark("a", a) && !mark("b", b)) && mark("c", c));
    const kept = mark("a", a) && mark("b", b) && mark("c", c);
    trace("kept", kept);
    if ((mark("a", a) || mark("b", b)) && (mark("c", c) || !a)) trace("if", 1);
    else trace("else", 0);
    trace("?:", mark("a", a) ? (mark("b", b) ? 1 : 2) : mark("c", c) ? 3 : 4);
    say("pick", pick(a, b, c));
  }
}

// --- loops ------------------------------------------------------------------------------------------------------

function loops(): void {
  let sum = 0;
  for (let i = 0; i < 10; i++) {
    if (i === 3) continue;
    if (i === 8) break;
    sum += i;
  }
  say("for", sum);
  let n = 5;
  while (true) {
    n--;
    if (n === 2) continue;
    if (n < 0) break;
    sum = sum * 2 + n;
  }
  say("while", sum);
  let nested = "";
  for (let i = 0; i < 4; i++) {
    for (let j = 0; j < 4; j++) {
      if (j === 2 && i === 1) break;
      if (j > i) continue;
      nested += `${i}${j} `;
    }
  }
  say("nested", nested);
  let text = "";
  for (const item of [3, 1, 2]) text += item;
  for (const key of Object.keys({ a: 1, b: 2 })) text += key;
  say("of", text);
  const many: number[] = [];
  for (let i = 0; i < 300; i++) many.push(i * i);
  say("many", many[299] + many[248] + many[255] + many[256]);
}

function kind(value: number | string): string {
  switch (value) {
    case 1:
    case 2:
      return "small";
    case "x":
      return "letter";
    case 1000:
      break;
    case 5: {
      const inner = `${value}`;
      return "five" + inner;
    }
    default:
      return "other";
  }
  return "broke";
}

// --- exceptions -------------------------------------------------------------------------------------------------

function risky(how: number): string {
  let path = "s";
  try {
    path += "t";
    if (how === 1) throw new Error("one");
    if (how === 2) return path + "r";
    if (how === 3) path += (undefined as unknown as { field: string }).field;
    path += "e";
  } catch (error) {
    path += "c" + (error as Error).message;
    if (how === 3) return path;
  } finally {
    path += "f";
    mark("F", 0);
  }
  return path + ".";
}

function breaksOut(limit: number): string {
  let path = "";
  for (let i = 0; i < 5; i++) {
    try {
      path += i;
      if (i === limit) break;
      if (i === 1) continue;
      try {
        if (i === 3) throw new RangeError("deep");
        path += "n";
      } finally {
        path += "f";
      }
      path += "x";
    } catch (error) {
      path += (error as Error).message;
    } finally {
      path += "g";
    }
  }
  return path;
}

function rethrows(value: number): number {
  let state = value;
  try {
    state = state + 1;
    try {
      state = state * 2;
      if (value > 1) throw new TypeError("inner");
    } catch (error) {
      state = state + 100;
      throw error;
    }
    state = state + 1000;
  } catch {
    return state;
  }
  return -state;
}

/** What a handler sees of a local that was changed before the exception, and after. */
function seenByHandler(value: { n: number } | undefined): string {
  let before = "unset";
  let copy = before;
  try {
    copy = "set";
    before = `n is ${(value as { n: number }).n}`;
    copy = before;
  } catch {
    return `${before} ${copy}`;
  }
  return `${before} ${copy}`;
}

function exceptions(): void {
  for (let how = 0; how < 4; how++) trace("risky", risky(how));
  for (let limit = 0; limit < 5; limit++) say("breaks", breaksOut(limit));
  for (let value = 0; value < 4; value++) say("rethrows", rethrows(value));
  say("seen", seenByHandler({ n: 4 }));
  say("seen", seenByHandler(undefined));
  const called = (): number => {
    throw new Error("called");
  };
  try {
    trace("never", mark("a", 1) + called() + mark("b", 2));
  } catch (error) {
    trace("order", (error as Error).message);
  }
}

// --- values -----------------------------------------------------------------------------------------------------

interface Tree {
  value: number;
  left?: Tree;
  right?: Tree;
  visit?: (n: number) => number;
}
function optional(tree: Tree | undefined | null): unknown[] {
  const left = tree?.left;
  const right = left?.right;
  const visit = tree?.visit;
  return [tree?.value, left?.value, right?.value ?? "none", visit?.(2), left?.value ?? -1];
}

function literals(): void {
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

function arithmetic(a: number, b: number): unknown[] {
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

function conversions(): void {
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
function order(): void {
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

async function asynchronous(): Promise<void> {
  let log = "";
  const step = async (name: string, ms: number): Promise<string> => {
    log += name;
    await ds.sleep(ms);
    log += name;
    return name + ms;
  };
  const results = [await step("a", 5), await step("b", 1)];
  say("async", [log, results]);
  (async () => {
    for (let i = 0; i < 3; i++) {
      log += i;
      await ds.sleep(10);
    }
  }).start();
  await ds.sleep(200);
  say("fiber", log);
}

for (const value of odd) say("conditions", conditions(value));
for (let value = 0; value < 5; value++) {
  say("between", [isBetween(value, 1, 3), isOutside(value, 1, 3), sign(value - 2)]);
}
shortCircuit();
loops();
for (const value of [1, 2, 3, "x", 1000, 5]) say("switch", kind(value));
exceptions();
functions();
smallFunctions();
classes();
say(
  "optional",
  optional({ value: 1, left: { value: 2, right: { value: 3 } }, visit: (n) => n * 2 }),
);
say("optional", optional(undefined));
say("optional", optional(null));
say("optional", optional({ value: 1, left: { value: 0, visit: (n) => n + 1 } }));
literals();
for (const pair of [
  [7, 3],
  [-7, 3],
  [2147483647, 2],
  [0.5, -1.5],
  [3, 3],
]) {
  say("arithmetic", arithmetic(pair[0], pair[1]));
}
conversions();
order();
await asynchronous();
console.log(`said ${saidSoFar()} things`);
ds.restart();
