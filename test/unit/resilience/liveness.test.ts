/** The table of who is alive: local beats, foreign reports, and what they make together. */
import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { Liveness } from "../../../src/resilience/liveness.js";
import { FakeClock } from "../../../src/time/fake-clock.js";

function setUp() {
  const clock = new FakeClock();
  const liveness = new Liveness(clock);
  const seen: string[] = [];
  liveness.onChange(({ observer, observed, from, sight }) =>
    seen.push(`${observer} sees ${observed}: ${from} > ${sight}`),
  );
  liveness.start();
  return { clock, liveness, seen };
}

describe("liveness", () => {
  it("A10: beats that stop are yellow, then red after three; the next one is green at once", async () => {
    const { clock, liveness, seen } = setUp();
    liveness.beat("gateway", "robot");
    await clock.advance(1600);
    liveness.beat("gateway", "robot");
    assert.deepEqual(seen, [
      "gateway sees robot: unknown > green",
      "gateway sees robot: green > yellow",
      "gateway sees robot: yellow > red",
      "gateway sees robot: red > green",
    ]);
    liveness.stop();
  });

  it("A10: dead is told apart from hung, and one who is dead for anybody is dead", () => {
    const { liveness } = setUp();
    liveness.beat("page", "vision");
    assert.equal(liveness.of("vision"), "green");
    liveness.report("companion", "vision", "dead", "killed by SIGKILL");
    assert.equal(liveness.of("vision"), "dead");
    assert.equal(liveness.of("never heard of"), "unknown");
    liveness.stop();
  });

  it("a report stands until the next report or beat, whatever time passes", async () => {
    const { clock, liveness } = setUp();
    liveness.beat("companion", "vision");
    liveness.report("companion", "vision", "green", "ready");
    await clock.advance(60_000);
    assert.equal(liveness.of("vision"), "green");
    liveness.stop();
  });

  it("says since when and why", async () => {
    const { clock, liveness } = setUp();
    await clock.advance(5000);
    liveness.report("companion", "vision", "red", "no beat for 1500 ms");
    await clock.advance(5000);
    const view = liveness.view()[0];
    assert.equal(view?.sinceWallMs, clock.wallMs() - 5000);
    assert.equal(view?.why, "no beat for 1500 ms");
    liveness.stop();
  });
});
