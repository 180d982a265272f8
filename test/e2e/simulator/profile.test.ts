/**
 * Counting in the stock VM against a program whose work is known. Properties: steps are exact, the same wherever they
 * are summed; a slice is what a fiber does between two waits; without being asked for, nothing is counted.
 */
import assert from "node:assert/strict";
import { afterEach, describe, it } from "node:test";
import type { VmProfile } from "../../../src/simulator/vm/vm-answers.js";
import { scratch, startRobot, stopRobots } from "../../support/simulator.js";

const ROUNDS = 1000;

afterEach(stopRobots);

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}

describe("F5: exact counts of what a program costs", () => {
  it("a round of an empty loop costs the same number of steps, however many there are", async () => {
    const watched = await startRobot("double", { profile: true, settings: { rounds: ROUNDS } });
    const phases: VmProfile[] = [];
    for (const factor of [1, 2, 4]) {
      await watched.line(new RegExp(`^did ${factor * ROUNDS}$`));
      const counted = await watched.robot.profile();
      assert.ok(counted);
      phases.push(counted);
    }
    const longest = phases.map((phase) => phase.longest.steps);
    const [one = 0, two = 0, four = 0] = longest;
    const perRound = (two - one) / ROUNDS;
    assert.ok(Number.isInteger(perRound) && perRound > 0, `${longest.join(" ")}`);
    assert.equal(four - two, 2 * perRound * ROUNDS, `${longest.join(" ")}`);
    for (const phase of phases) {
      assert.equal(sum(phase.pcs.map(([, steps]) => steps)), phase.steps);
      assert.equal(sum(phase.slices.map(([, , , steps]) => steps)), phase.steps);
      assert.equal(sum(phase.longest.pcs.map(([, steps]) => steps)), phase.longest.steps);
      assert.ok(
        phase.allocs > 0 && phase.busBytes > 0,
        "the program allocates and announces itself",
      );
    }
  });

  it("is not done unless it is asked for", async () => {
    const { robot } = await startRobot("plain", { dataDir: scratch() });
    assert.equal(await robot.profile(), undefined);
  });
});
