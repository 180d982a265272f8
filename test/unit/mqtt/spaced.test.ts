// Properties: at once while the rate allows; of what is asked for meanwhile one is done when it does, and none is lost.
import assert from "node:assert/strict";
import { test } from "node:test";
import { Spaced } from "../../../src/mqtt/spaced.js";
import { FakeClock } from "../../../src/time/fake-clock.js";

test("G8: a flood of births or of false words is answered at a rate, and its last one too", async () => {
  const clock = new FakeClock();
  let done = 0;
  const spaced = new Spaced(clock, { burst: 3, perMinute: 6 }, () => void done++);
  for (let n = 0; n < 1000; n++) spaced.ask();
  assert.equal(done, 3);
  await clock.advance(10_000);
  assert.equal(done, 4, "the last is not lost");
  await clock.advance(600_000);
  assert.equal(done, 4, "nor done twice");
  for (let n = 0; n < 1000; n++) spaced.ask();
  spaced.cancel();
  await clock.advance(600_000);
  assert.equal(done, 7, "what was to come does not after the end");
});
