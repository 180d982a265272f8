// The room that a released image leaves. Properties: it is said in bytes; an image that leaves less than 4,000 bytes of what
// the VM can address is refused with its figures.
import assert from "node:assert/strict";
import { test } from "node:test";
import { checkRoom, roomWords } from "../../../scripts/relink/room.js";

const sizes = (codeBytes: number) => ({ codeBytes, steps: [{ codeBytes: 99_232 }] });

test("F1: the build says what is left and refuses an image that leaves less than 4,000 bytes", () => {
  assert.equal(
    roomWords(sizes(55_164)),
    "code 55,164 of 65,535 bytes, 10,371 left, as compiled 99,232",
  );
  checkRoom(sizes(61_535));
  assert.throws(() => checkRoom(sizes(61_536)), {
    message:
      "code 61,536 of 65,535 bytes, 3,999 left, as compiled 99,232; at least 4,000 must be left",
  });
  assert.throws(() => checkRoom(sizes(70_000)), /4,465 too long/);
});
