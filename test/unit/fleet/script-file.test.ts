/** A script as a file: each item is checked, and what is wrong is named with its place. */
import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { itemsOf } from "../../../src/fleet/events/script-file.js";

describe("a script as a file", () => {
  it("B2: holds items in their order, some with the robot that opens them", () => {
    const text = JSON.stringify([
      { title: " Rain", opening: " It rains again. ", robot: "Bob" },
      { title: "Tea", opening: "Who likes tea?" },
    ]);
    assert.deepEqual(itemsOf(text), [
      { title: "Rain", opening: "It rains again.", robot: "Bob" },
      { title: "Tea", opening: "Who likes tea?" },
    ]);
  });

  it("B2: what is no script is refused as a whole, with the place", () => {
    const long = "x".repeat(501);
    for (const [text, why] of [
      ["no JSON", /not JSON/],
      ["{}", /expected array/],
      ["[]", /the script: .*/],
      ['[{"title":"Rain"}]', /0\]?\.opening/],
      [`[{"title":"A","opening":"B"},{"title":"A","opening":"${long}"}]`, /1\]?\.opening/],
      ['[{"title":"A","opening":"B","say":"C"}]', /say/],
    ] as const) {
      assert.throws(() => itemsOf(text), { name: "RangeError", message: why }, text.slice(0, 60));
    }
  });
});
