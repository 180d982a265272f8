/** What one part says and another has to hear. */
import assert from "node:assert/strict";
import { test } from "node:test";
import type { PartMessage } from "../../../src/child/messages.js";
import { hearParts, type PartEventsDeps } from "../../../src/companion/part-events.js";

test("G7: how many pictures are of use goes to the demo camera while it is looked through, and to no other", () => {
  let hear: (part: string, message: PartMessage) => void = () => undefined;
  const told: unknown[] = [];
  const camera = { isDemo: true, isBeside: false, tell: () => undefined };
  const supervisor = {
    listen: ({ message }: { message: typeof hear }) => void (hear = message),
    send: (part: string, { type }: PartMessage) => void told.push(`${part}: ${type}`),
  };
  hearParts({ supervisor, camera } as unknown as PartEventsDeps);
  hear("vision", { type: "pace", perS: 5 });
  assert.deepEqual(told, ["camera: pace"]);
  camera.isDemo = false;
  hear("vision", { type: "pace", perS: 30 });
  assert.deepEqual(told, ["camera: pace"]);
});
