// What the companion does when the vision process becomes ready: whoever dialled in vain while it was away is let in again at
// once (A6, C1), also when it is back at the door that it had. And that vision knows whether anybody looks.
import assert from "node:assert/strict";
import { test } from "node:test";
import { FakeClock } from "../../../src/time/fake-clock.js";
import { seededChance } from "../../../src/time/chance.js";
import type { Policies } from "../../../src/resilience/policies.js";
import { VisionWatch } from "../../../src/vision/vision-watch.js";

function watching(told: { recovered?: string[]; viewed?: boolean[] } = {}): VisionWatch {
  const policies = {
    // Dials nobody: the first attempt waits for ever.
    policy: () => ({ run: () => new Promise(() => undefined) }),
    recovered: (id: string) => void told.recovered?.push(id),
  } as unknown as Policies;
  return new VisionWatch({
    isWanted: () => true,
    source: () => ({ kind: "demo" }),
    clock: new FakeClock(),
    chance: seededChance(1),
    ownKey: "key",
    policies,
    tellViewed: (isViewed) => void told.viewed?.push(isViewed),
    onChange: () => undefined,
  });
}

test("C1: a detector that is ready again at the same door is dialled at once, whatever its breaker learned meanwhile", async () => {
  const recovered: string[] = [];
  const watch = watching({ recovered });
  await watch.watch("127.0.0.1:9");
  await watch.watch("127.0.0.1:9");
  assert.deepEqual(recovered, ["pictures", "pictures"]);
});

test("G7: vision is told when the first comes to look and when the last has gone", () => {
  const viewed: boolean[] = [];
  const { frames } = watching({ viewed });
  const ends = [frames.subscribe(() => undefined), frames.subscribe(() => undefined)];
  assert.deepEqual(viewed, [true]);
  for (const end of ends) end();
  assert.deepEqual(viewed, [true, false]);
  frames.subscribe(() => undefined);
  assert.deepEqual(viewed, [true, false, true]);
});

test("C1, G7: a vision that has started again is told whether somebody looks", async () => {
  const viewed: boolean[] = [];
  const watch = watching({ viewed });
  await watch.watch("127.0.0.1:9");
  watch.frames.subscribe(() => undefined);
  await watch.watch("127.0.0.1:9");
  assert.deepEqual(viewed, [false, true, true]);
});
