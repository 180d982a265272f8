/** Properties: smile, laugh, surprise, closed eyes, raised brows and hanging corners each have their word. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { expressionOf } from "../../../src/vision/expression.js";
import { seenFace } from "../../support/sights.js";

test("what the mesh shows has its word", () => {
  const table = [
    [{}, "neutral"],
    [{ smileShare: 0.12 }, "smiling"],
    [{ smileShare: 0.12, mouthShare: 0.1 }, "happy"],
    [{ smileShare: 0.12, mouthShare: 0.25 }, "happy"],
    [{ mouthShare: 0.1, browShare: 0.2 }, "surprised"],
    [{ mouthShare: 0.25 }, "surprised"],
    [{ mouthShare: 0.1 }, "neutral"],
    [{ eyeShare: 0.01 }, "squinting"],
    [{ browShare: 0.2 }, "raised_brows"],
    [{ smileShare: -0.12 }, "sad"],
  ] as const;
  for (const [shares, word] of table)
    assert.equal(expressionOf(seenFace(shares)), word, JSON.stringify(shares));
});
