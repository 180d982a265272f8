// What the companion does when the vision process becomes ready: whoever dialled in vain while it was away is let in again at
// once (A6, C1), also when it is back at the door that it had.
import assert from "node:assert/strict";
import { test } from "node:test";
import { FakeClock } from "../../../src/time/fake-clock.js";
import { seededChance } from "../../../src/time/chance.js";
import type { Policies } from "../../../src/resilience/policies.js";
import { VisionWatch } from "../../../src/vision/vision-watch.js";

test("C1: a detector that is ready again at the same door is dialled at once, whatever its breaker learned meanwhile", async () => {
  const recovered: string[] = [];
  const policies = {
    // Dials nobody: the first attempt waits for ever.
    policy: () => ({ run: () => new Promise(() => undefined) }),
    recovered: (id: string) => void recovered.push(id),
  } as unknown as Policies;
  const watch = new VisionWatch({
    isWanted: () => true,
    source: () => ({ kind: "demo" }),
    clock: new FakeClock(),
    chance: seededChance(1),
    ownKey: "key",
    policies,
    onChange: () => undefined,
  });
  await watch.watch("127.0.0.1:9");
  await watch.watch("127.0.0.1:9");
  assert.deepEqual(recovered, ["pictures", "pictures"]);
});
