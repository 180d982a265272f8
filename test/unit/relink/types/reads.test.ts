// What a piece of source reads by name. Property: as in the compiler, which notes places of statements, initializers
// and functions, and makes calls from the inside out and from left to right.
import assert from "node:assert/strict";
import { test } from "node:test";
import { project } from "./project.js";

const CLASSES = `
class A { private own = 1; go(n?: number): number { return n; } at(): B { return new B(); } }
class B { private own = 2; go(n?: number): number { return n; } field = 3; }
const a = new A();
const b = new B();
`;

test("calls come in the order in which they are made, with arguments and the field they are called on", () => {
  const at = project(`${CLASSES}
    const box = { inner: a };
    box.inner.go(b.go()) + a.at().go(...[1]);
  `);
  const text = "box.inner.go(b.go()) + a.at().go(...[1]);";
  assert.deepEqual(at.reads(text), ["go: B.go", "go: A.go", "at: A.at", "go: B.go"]);
  assert.deepEqual(
    at.accesses(text).map(({ args, from }) => [args, from]),
    [
      [0, null],
      [1, "inner"],
      [0, null],
      [null, null],
    ],
  );
});

test("statements and functions inside a statement speak for themselves", () => {
  const at = project(`${CLASSES}
    if (a.go() > 0) b.go();
    const later = () => b.go();
    function given(n = a.go()): number { return n; }
    class Own { private n = b.go(); }
    new Own();
    later();
    given();
  `);
  assert.deepEqual(at.reads("if (a.go() > 0) b.go();"), ["go: A.go"]);
  assert.deepEqual(at.reads("b.go();"), ["go: B.go"]);
  assert.deepEqual(at.reads("const later = () => b.go();"), []);
  assert.deepEqual(at.reads("() => b.go()"), ["go: B.go"]);
  assert.deepEqual(at.reads("n = a.go()"), ["go: A.go"]);
  assert.deepEqual(at.reads("private n = b.go();"), ["go: B.go"]);
});

test("reads that are no calls, patterns and names in quotes count", () => {
  const at = project(`${CLASSES}
    const taken = a.go;
    const { go } = b;
    a["go"](1);
    a?.go();
    a.go?.(2);
    a.go.start(3);
  `);
  const plain = (text: string): (boolean | string)[][] =>
    at.accesses(text).map(({ isCalled, methods }) => [isCalled, String(methods.length)]);
  assert.deepEqual(plain("const taken = a.go;"), [[false, "1"]]);
  assert.deepEqual(at.reads("const { go } = b;"), ["go: B.go"]);
  assert.deepEqual(plain('a["go"](1);'), [[true, "1"]]);
  assert.deepEqual(plain("a?.go();"), [[true, "1"]]);
  assert.deepEqual(plain("a.go?.(2);"), [[true, "1"]]);
  assert.deepEqual(plain("a.go.start(3);"), [[false, "1"]]);
});

test("what the compiler itself reads of arrays is open, and other names are not told", () => {
  const at = project(`
    class Queue { private own = 1; push(n: number): void {} slice(): void {} length(): void {} }
    const queue = new Queue();
    const list = [1, 2];
    const [one] = list;
    for (const each of list) queue.push(each);
    b.other;
    declare const b: { other: number };
  `);
  assert.deepEqual(at.reads("const list = [1, 2];"), ["push: ?"]);
  assert.deepEqual(at.reads("const [one] = list;"), ["slice: ?"]);
  assert.deepEqual(at.reads("for (const each of list) queue.push(each);"), ["length: ?"]);
  assert.deepEqual(at.reads("queue.push(each);"), ["push: Queue.push"]);
  assert.deepEqual(at.reads("b.other;"), []);
});
