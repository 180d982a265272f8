// Notes of what reads may find. Properties: calls in one statement are told apart only when they are the same calls in the
// same order by all that can be seen of them; otherwise each may find what any of that name may.
import assert from "node:assert/strict";
import { test } from "node:test";
import { noteFinds } from "../../../scripts/relink/annotate.js";
import { expr, type Expr, type Line } from "../../../scripts/relink/code.js";
import type { DebugInfo } from "../../../scripts/relink/debug-info.js";
import type { Image } from "../../../scripts/relink/image.js";
import type { Access, Place } from "../../../scripts/relink/lookups.js";
import { Op } from "../../../scripts/relink/opcodes.js";
import { fn, giveBack, image, literal, local, retVal, statement, store } from "./build.js";

const [GO, HEAD] = [1, 2];

/** Functions 1 and 2 are methods; function 0 has the lines, all of the statement at 10 to 50 of `a.ts`. */
function compiled(lines: Line[]): Image {
  const method = (): ReturnType<typeof fn> => fn([giveBack(local(0))], { args: 1, flags: 1 });
  return image([fn([...lines, giveBack(literal(0))]), method(), method()], ["main", "go", "head"]);
}

const debug: DebugInfo = {
  sizes: {},
  functions: [0, 100, 200].map((at) => ({
    name: "f",
    startpc: 0,
    size: 0,
    location: [at, 10],
    slots: [],
  })),
  sources: [{ path: "a.ts", length: 1000, text: "" }],
  globals: [],
  srcmap: [10, 40, 0],
  binary: { hex: "" },
};
const methodAt = (start: number): Place => ({ path: "a.ts", start, end: start + 10 });
const [ONE, OTHER] = [methodAt(100), methodAt(200)];

function access(method: Place, more: Partial<Access> = {}): Access {
  return {
    name: "go",
    isCalled: true,
    args: 0,
    from: null,
    methods: [method],
    isOpen: false,
    ...more,
  };
}

/** Numbers of the methods that each read may find, after noting. */
function noted(lines: Line[], reads: readonly Expr[], accesses: readonly Access[]): number[][] {
  const made = compiled(lines);
  noteFinds(made, debug, () => ({
    accessesAt: (place) => (place.start === 10 && place.end === 50 ? accesses : []),
    computed: () => [],
    soleFields: () => [],
  }));
  return reads.map(({ finds }) =>
    [...(finds?.methods ?? [])].map((fn) => made.functions.indexOf(fn)),
  );
}

const go = (object: Expr): Expr => expr(Op.asciiField, GO, [object]);
const call = (callee: Expr, ...args: Expr[]): Line =>
  statement(Op.call0 + args.length, [callee, ...args]);

test("calls in one statement are told apart by their order", () => {
  const reads = [go(local(3)), go(local(4))] as [Expr, Expr];
  const lines = [call(reads[0]), store(5, retVal()), call(reads[1])];
  assert.deepEqual(noted(lines, reads, [access(ONE), access(OTHER)]), [[1], [2]]);
});

test("a method that is read before its arguments counts where it is called", () => {
  const reads = [go(local(3)), go(local(4))] as [Expr, Expr];
  const lines = [store(5, reads[0]), call(reads[1]), call(local(5), retVal())];
  const accesses = [access(OTHER), access(ONE, { args: 1 })];
  assert.deepEqual(noted(lines, reads, accesses), [[1], [2]]);
});

test("calls that do not agree are taken together", () => {
  const both = [
    [1, 2],
    [1, 2],
  ];
  const reads = (): [Expr, Expr] => [go(local(3)), go(expr(Op.asciiField, HEAD, [local(4)]))];
  const told = (accesses: Access[]): number[][] => {
    const [one, other] = reads();
    return noted([call(one), call(other)], [one, other], accesses);
  };
  assert.deepEqual(told([access(ONE), access(OTHER, { from: "head" })]), [[1], [2]]);
  assert.deepEqual(told([access(ONE), access(OTHER, { from: "tail" })]), both, "another field");
  assert.deepEqual(told([access(ONE), access(OTHER)]), both, "no field");
  assert.deepEqual(
    told([access(ONE, { args: 1 }), access(OTHER, { from: "head" })]),
    both,
    "arguments",
  );
  assert.deepEqual(
    told([access(ONE, { args: null }), access(OTHER, { from: "head" })]),
    both,
    "spread",
  );
  const third = access(ONE, { from: "head" });
  assert.deepEqual(told([access(ONE), access(OTHER, { from: "head" }), third]), both, "how many");
  assert.deepEqual(told([access(ONE), access(OTHER, { isCalled: false })]), both, "not called");
});

test("a read that is no call may find what any of that name may", () => {
  const [read, called] = [go(local(3)), go(local(4))] as [Expr, Expr];
  const accesses = [access(ONE, { isCalled: false, args: null }), access(OTHER)];
  assert.deepEqual(
    noted([store(7, read), call(called), call(local(7)), call(local(7))], [read, called], accesses),
    [[1, 2], [2]],
  );
});

test("what is read of something of the VM, or stands in no source, gets no notes", () => {
  const ofVm = go(expr(Op.builtinObject, 21));
  const elsewhere = go(local(3));
  assert.deepEqual(noted([call(ofVm)], [ofVm], [access(ONE)]), [[]]);
  assert.deepEqual(noted([call(elsewhere)], [elsewhere], [access(ONE, { name: "come" })]), [[]]);
  assert.equal(elsewhere.finds, undefined);
});

test("a method that the compiler left out cannot be found", () => {
  const read = go(local(3));
  assert.deepEqual(noted([call(read)], [read], [access(methodAt(300))]), [[]]);
  assert.equal(read.finds?.isOpen, false);
});
