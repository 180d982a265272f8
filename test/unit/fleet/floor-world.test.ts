// The floor, model-checked: worlds of one seed each with crashes, pauses, loss, delay, unequal clocks and a server that loses
// what it knew (test/fleet/floor-world.ts). The short form; `npm run floor -- --seeds 10000` lives more, and what came of
// those stands in test/fleet/floor-10000.json.
import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { FloorWorld } from "../../fleet/floor-world.js";
import { MUTATIONS, type Mutation } from "../../fleet/mutations.js";

const SEEDS = 60;

/** A world that shows each mutation. */
const RED: Readonly<Record<Mutation, number>> = {
  "the page plays beyond its fence": 343,
  "the next one need not wait for the beats to be old": 49,
  "a new server trusts its state": 8,
  "a lapsed holder goes on": 11,
  "it gives the floor back before its page is silent": 143,
  "a robot takes again what it gave back": 1,
};

describe("the floor, model-checked", () => {
  it(`B2: ${SEEDS} worlds: never two voices, and all speak again once it is healed`, () => {
    let grants = 0;
    for (let seed = 1; seed <= SEEDS; seed++) {
      const outcome = new FloorWorld(seed).run();
      assert.equal(outcome.breach, undefined, `npm run floor -- --seed ${seed}`);
      grants += outcome.grants;
    }
    assert.ok(grants > 5 * SEEDS, `${grants} grants`);
  });

  for (const mutation of MUTATIONS) {
    it(`the judge sees when ${mutation}`, () => {
      assert.notEqual(new FloorWorld(RED[mutation], mutation).run().breach, undefined);
    });
  }
});
