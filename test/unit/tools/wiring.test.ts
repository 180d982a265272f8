import assert from "node:assert/strict";
import { test } from "node:test";
import { read, root, tracked } from "../../support/tree.js";

/** Of a script, which has no types. */
interface Wiring {
  allWiring(root: string): readonly { readonly id: string; readonly svg: string }[];
}

test("F2: each board has its wiring picture, with the pins of its definition", async () => {
  const script = "../../../scripts/draw-wiring.mjs";
  const { allWiring } = (await import(script)) as Wiring;
  const all = allWiring(root);
  assert.ok(all.length >= 4);
  for (const { id, svg } of all) {
    const file = `docs/wiring/${id}.svg`;
    assert.ok(tracked.includes(file), `${file}: run node scripts/draw-wiring.mjs`);
    assert.equal(read(file), svg, `${file}: run node scripts/draw-wiring.mjs`);
    const { pins } = JSON.parse(read(`boards/${id}.board.json`)) as {
      pins: Record<string, number>;
    };
    for (const name of ["PAN", "NOD", "TILT", "SDA", "SCL"]) {
      assert.match(svg, new RegExp(`GPIO ${pins[name]}\\b`), `${file}: ${name}`);
    }
    assert.ok(read("docs/BOARDS.md").includes(`wiring/${id}.svg`), `${id} is shown in BOARDS`);
  }
});
