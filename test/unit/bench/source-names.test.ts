// Names for what the VM counts. Properties (F5): an address belongs to the function its code was written in, also when
// that function was inlined into another one; a method has its class, a closure the function around it; lines that close a
// block are not taken for the ones that open it.
import assert from "node:assert/strict";
import { test } from "node:test";
import { functionAt, sourceNames } from "../../../src/bench/profile/source-names.js";

const BODY = `/** A class. */
export class Body {
  readonly pose = newPose();

  constructor(private readonly bus: Bus) {
    this.attach();
  }

  async step(
    nowMs: number,
  ): Promise<void> {
    if (nowMs > 0) {
      this.a = 1;
    } else {
      this.b = 2;
    }
    this.items.forEach((item) => {
      item.touch();
    });
  }
}

export function clamp(x: number): number {
  return x > 1 ? 1 : x;
}

const half = (x: number): number => {
  return x / 2;
};

Array.prototype.at = function (index) {
    return this[index];
};

clamp(3);
`;

const at = (code: string): number => {
  const offset = BODY.indexOf(code);
  assert.notEqual(offset, -1, code);
  return offset;
};

test("F5: a position has the name of the innermost function around it, with its class", () => {
  const cases: Record<string, string> = {
    "newPose()": "Body.pose",
    "this.attach": "Body.constructor",
    "this.a = 1": "Body.step",
    "this.b = 2": "Body.step",
    "item.touch": "Body.step",
    "return x > 1": "clamp",
    "return x / 2": "half",
    "return this[index]": "Array.prototype.at",
    "clamp(3)": "(top level)",
    "export function clamp": "clamp",
    "step(": "Body.step",
  };
  for (const [code, name] of Object.entries(cases)) {
    assert.equal(functionAt(BODY, at(code)), name, code);
  }
});

test("F5: an address has the name of the source it came from, wherever the relinker has put it", () => {
  const other = "function first() {\n  return 1;\n}\n";
  // Addresses 100..109 are the other file's, 110..119 Body.step, 120 on clamp inlined into it.
  const places: [pc: number, position: number][] = [
    [100, other.indexOf("return 1")],
    [110, other.length + at("this.a = 1")],
    [120, other.length + at("return x > 1")],
  ];
  let [lastPc, lastPosition] = [0, 0];
  const srcmap = places.flatMap(([pc, position]) => {
    const entry = [position - lastPosition, 5, pc - lastPc];
    [lastPc, lastPosition] = [pc, position];
    return entry;
  });
  const names = sourceNames(
    JSON.stringify({
      functions: [{ location: [other.length + at("step("), 10] }],
      srcmap,
      sources: [
        { path: "a/first.ts", text: other },
        { path: "b/body.ts", text: BODY },
      ],
    }),
  );
  assert.equal(names.ofAddress(105), "first a/first.ts");
  assert.equal(names.ofAddress(110), "Body.step b/body.ts");
  assert.equal(names.ofAddress(65_000), "clamp b/body.ts");
  assert.equal(names.ofAddress(99), "(runtime)");
  assert.equal(names.ofFunction(0), "Body.step b/body.ts");
  assert.equal(names.ofFunction(7), "(function 7)");
});
