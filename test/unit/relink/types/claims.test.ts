/**
 * Which methods a call may find where the sources only claim what a value is: `as`, `any`, an interface's parameter.
 */
import assert from "node:assert/strict";
import { test } from "node:test";
import { project, TWO_CLASSES } from "./project.js";

test("what is only claimed is followed to where it came from", () => {
  const program = (claim: string): string => `${TWO_CLASSES}
    interface Base { tick(): number }
    declare const text: string;
    const base: Base = right;
    ${claim}
    of.tick();
  `;
  const finds = (claim: string): string => project(program(claim)).finds("of.tick();");
  assert.equal(finds("const of = left;"), "Left.tick");
  assert.equal(finds("const of = base as Left;"), "Left.tick Right.tick");
  assert.equal(finds("const of = text as unknown as Left;"), "? Left.tick");
  assert.equal(finds("const of: Left = JSON.parse(text);"), "? Left.tick Right.tick");
  assert.equal(
    finds("const made = JSON.parse(text); const of: Left = made.deep;"),
    "? Left.tick Right.tick",
  );
  assert.equal(finds("const of = JSON.parse(text);"), "? Left.tick Right.tick");
  assert.equal(
    finds("function is(o: Base): o is Left { return true; }\nconst of = is(base) ? base : left;"),
    "Left.tick Right.tick",
  );
  assert.equal(
    finds("function take(o: unknown): Left { return o as Left; }\nconst of = take(right);"),
    "? Left.tick Right.tick",
  );
});

test("what is any is followed through names, results, lists and callbacks", () => {
  const program = (any: string): string => `${TWO_CLASSES}
    declare const text: string;
    ${any}
    of.tick();
  `;
  for (const any of [
    "type Loose = { deep: any }; declare const loose: Loose; const of: Left = loose.deep;",
    "type Loose = any; declare const loose: Loose; const of: Left = loose;",
    "function read(t: string) { return JSON.parse(t); }\nconst of: Left = read(text);",
    "const read = (t: string) => JSON.parse(t);\nconst of: Left = read(text);",
    "declare const list: any[]; const of: Left = list[0];",
    "const { inner } = JSON.parse(text); const of: Left = inner;",
    "let later; later = JSON.parse(text); const of: Left = later;",
    "declare function each(use: (one: any) => void): void; let of: Left; each((x) => { of = x; });",
    "declare function each(use: (one: any) => void): void; let of: Left; each((one: Left) => { of = one; });",
    "declare function each(use: (one: any) => void): void; let of: Left; const use = (one: Left) => { of = one; }; each(use);",
    "declare function wait<T>(ms: number): T; const of: Left = wait(5);",
    "declare function wait<T>(ms: number): T; const of = wait<Left>(5);",
    "let of: Left; function work(one: Left): void { of = one; }\nwork.start(text);",
  ]) {
    assert.match(project(program(any)).finds("of.tick();"), /\?/, any);
  }
  const typed = "let of: Left; function work(one: Left): void { of = one; }\nwork.start(left);";
  assert.equal(project(program(typed)).finds("of.tick();"), "Left.tick");
  const given = "let of: Left; function work(one: Left): void { of = one; }\nwork.start(right);";
  assert.equal(project(program(given)).finds("of.tick();"), "Left.tick Right.tick");
});

test("a parameter may be all that whoever sees the interface gives", () => {
  const at = project(`${TWO_CLASSES}
    interface Thing { tick(): number }
    interface Sink { take(of: Thing, n: number): void }
    class Picky implements Sink { private own = 1; take(of: Left, n: number): void { of.tick(); } }
    const sink: Sink = new Picky();
    sink.take(right, 1);
    left.tick();
  `);
  assert.equal(at.finds("of.tick();"), "Left.tick Right.tick");
});
