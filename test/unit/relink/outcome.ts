/** What came of a pass, for the tests of the relinker. */
import assert from "node:assert/strict";
import { encode, type Line } from "../../../scripts/relink/code.js";
import type { Fn, Image } from "../../../scripts/relink/image.js";
import { fn, image } from "./build.js";

export function bytesOf(lines: readonly Line[] | undefined): number[] {
  return [...encode(lines ?? []).bytes];
}

/** Asserts that both are the same code. */
export function same(actual: readonly Line[], expected: readonly Line[]): void {
  assert.deepEqual(bytesOf(actual), bytesOf(expected));
}

/** The lines of a function of that kind after a pass. */
export function passed(run: (image: Image) => void, lines: Line[], more?: Partial<Fn>): Line[] {
  const made = image([fn(lines, more)]);
  run(made);
  return made.functions[0]?.lines ?? [];
}
