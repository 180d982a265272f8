/** The views' addresses: each has one, and an address that names none is Talk. */
import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { t } from "../../../../src/page/language/language.js";
import { viewOf, VIEWS, viewsThere } from "../../../../src/page/ui/views.js";

describe("addresses of the views", () => {
  it("each view is found by its own address, and is called something", () => {
    for (const view of VIEWS) assert.equal(viewOf(`#${view}`), view);
    assert.equal(new Set(VIEWS.map((view) => t.views[view])).size, VIEWS.length);
  });

  it("an address that names no view is Talk, the first of them", () => {
    for (const hash of ["", "#", "#nonsense", "#Talk", "#talk/2", "talk", "#constructor"]) {
      assert.equal(viewOf(hash), "talk", hash);
    }
    assert.equal(VIEWS[0], "talk");
  });

  it("B2: the room is a view only where there is one, and has its address", () => {
    assert.deepEqual(viewsThere(false), VIEWS);
    assert.deepEqual(viewsThere(true), ["talk", "room", "play", "inside", "health", "settings"]);
    assert.equal(viewOf("#room"), "room");
  });
});
