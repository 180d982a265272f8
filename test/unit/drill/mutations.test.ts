// The mutations of the drills, without a run of any. Properties:
// - every drill has one, and none is of a drill that is not there;
// - every line stands in its file exactly once, and something else is put in its place;
// - the page of the results is read back as it was written.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { DRILLS } from "../../../src/drill/drills.js";
import { mutated } from "../../drill/copy.js";
import { MUTATIONS } from "../../drill/mutations.js";
import { mergeVerdicts, mutationPage, readVerdicts, type Verdict } from "../../drill/report.js";

const root = join(import.meta.dirname, "../../..");

test("every drill has a mutation, and every mutation a drill", () => {
  const drilled = new Set(DRILLS.map(({ name }) => name));
  const mutations = new Set(MUTATIONS.map(({ drill }) => drill));
  assert.deepEqual(
    [...drilled].filter((name) => !mutations.has(name)),
    [],
  );
  assert.deepEqual(
    [...mutations].filter((name) => !drilled.has(name)),
    [],
  );
  const names = MUTATIONS.map(({ drill, name }) => `${drill}: ${name}`);
  assert.equal(new Set(names).size, names.length, "a name twice");
});

test("every line that a mutation breaks stands in its file exactly once", () => {
  for (const mutation of MUTATIONS) {
    const text = readFileSync(join(root, mutation.file), "utf8");
    assert.notEqual(mutated(text, mutation), text, mutation.name);
    assert.doesNotMatch(`${mutation.name}${mutation.file}`, /\|/);
  }
});

test("a line that has changed, or stands twice, is an error", () => {
  const mutation = { drill: "a-b", name: "n", file: "f.ts", from: "x();", to: "$&y();" };
  assert.equal(mutated("a x(); b", mutation), "a $&y(); b");
  assert.throws(() => mutated("a b", mutation), /f\.ts must hold exactly once, and holds 0 times/);
  assert.throws(() => mutated("x(); x();", mutation), /holds 2 times/);
});

test("the page is read back as it was written, and keeps what was not tried again", () => {
  const verdicts = MUTATIONS.map(({ drill, name, file }): Verdict => ({
    drill,
    name,
    file,
    isRed: true,
    says: "a | b",
    stamp: "2026-01-31, abc, 2 × chip",
  }));
  assert.deepEqual(readVerdicts(mutationPage(verdicts)), verdicts);
  const [first] = verdicts;
  assert.ok(first);
  const green = { ...first, isRed: false };
  const merged = mergeVerdicts(verdicts, [green], MUTATIONS);
  assert.deepEqual(merged, [green, ...verdicts.slice(1)]);
  assert.match(mutationPage(merged), /\*\*NOT RED\*\*/);
});
