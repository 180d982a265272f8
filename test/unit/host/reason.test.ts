import assert from "node:assert/strict";
import { test } from "node:test";
import { causeReasonOf, reasonOf, systemReasonOf } from "../../../src/host/reason.js";

test("whatever was thrown has a reason in words", () => {
  const full = Object.assign(new Error("ENOSPC: no space left"), { code: "ENOSPC" });
  const failed = new Error("fetch failed", { cause: full });
  const cases: readonly (readonly [unknown, string, string, string])[] = [
    [new Error("broken"), "broken", "broken", "broken"],
    [full, "ENOSPC: no space left", "ENOSPC", "ENOSPC: no space left"],
    [failed, "fetch failed", "fetch failed", "ENOSPC: no space left"],
    [new Error("late", { cause: "a word" }), "late", "late", "late"],
    ["a word", "a word", "a word", "a word"],
    [undefined, "undefined", "undefined", "undefined"],
    [null, "null", "null", "null"],
  ];
  for (const [thrown, plain, system, cause] of cases) {
    assert.equal(reasonOf(thrown), plain);
    assert.equal(systemReasonOf(thrown), system);
    assert.equal(causeReasonOf(thrown), cause);
  }
});
