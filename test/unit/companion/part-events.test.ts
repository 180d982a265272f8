/** What one part says and another has to hear. */
import assert from "node:assert/strict";
import { test } from "node:test";
import type { PartMessage } from "../../../src/child/messages.js";
import { hearParts, type PartEventsDeps } from "../../../src/companion/part-events.js";

/** What goes to which part, as `part: so many a second`. */
function told(parts: readonly string[]): {
  readonly messages: unknown[];
  readonly camera: { isDemo: boolean };
  hear(part: string, message: PartMessage): void;
} {
  let hear: (part: string, message: PartMessage) => void = () => undefined;
  const messages: unknown[] = [];
  const camera = { isDemo: true, isBeside: false, tell: () => undefined };
  const supervisor = {
    listen: ({ message }: { message: typeof hear }) => void (hear = message),
    view: () => parts.map((name) => ({ name })),
    send: (part: string, message: PartMessage) => {
      assert.ok(parts.includes(part), `there is no part ${part}`);
      messages.push(`${part}: ${String(message["perS"])}`);
    },
  };
  hearParts({ supervisor, camera } as unknown as PartEventsDeps);
  return { messages, camera, hear };
}

test("G7: how many pictures are of use goes to the demo camera while it is looked through, and to no other", () => {
  const { messages, camera, hear } = told(["vision", "camera"]);
  hear("vision", { type: "pace", perS: 5 });
  assert.deepEqual(messages, ["camera: 5"]);
  camera.isDemo = false;
  hear("vision", { type: "pace", perS: 30 });
  assert.deepEqual(messages, ["camera: 5"]);
});

test("G7: the simulated robot says its pose as often as the demo camera takes pictures, and always by another", () => {
  const { messages, camera, hear } = told(["vision", "camera", "robot"]);
  hear("vision", { type: "pace", perS: 5 });
  assert.deepEqual(messages, ["camera: 5", "robot: 5"]);
  camera.isDemo = false;
  hear("vision", { type: "pace", perS: 5 });
  assert.deepEqual(messages.slice(2), ["robot: 30"]);
});
