/** What becomes of a MIRROR message, case by case of PROTOCOL §2.4. A5. */
import assert from "node:assert/strict";
import { describe, it } from "node:test";
import type { Image } from "../../../src/wire/image.js";
import { judge, type MirrorSession } from "../../../src/store/mirror-core.js";

const fresh: MirrorSession = { number: 7, offered: 0, taken: 0 };
const image = (generation: number): Image => ({
  kind: "image",
  generation,
  format: 2,
  payload: Buffer.alloc(0),
});
const nothing = { keep: false, offer: false, isReceipt: false, refused: "" };

describe("mirror core", () => {
  it("A5: keeps what is greater, or of the same generation with other bytes", () => {
    assert.deepEqual(judge(fresh, image(5), undefined, false), { ...nothing, keep: true });
    assert.deepEqual(judge(fresh, image(5), 4, false), { ...nothing, keep: true });
    assert.deepEqual(judge(fresh, image(5), 5, false), { ...nothing, keep: true });
    assert.deepEqual(judge(fresh, image(5), 5, true), nothing);
  });

  it("A5: offers to a robot that is behind or has nothing, once a session", () => {
    assert.deepEqual(judge(fresh, image(1), 57, false), { ...nothing, offer: true });
    assert.deepEqual(judge(fresh, undefined, 57, false), { ...nothing, offer: true });
    assert.deepEqual(judge(fresh, undefined, undefined, false), nothing);
    const offered = { ...fresh, offered: 57 };
    assert.deepEqual(judge(offered, image(2), 57, false), nothing);
    assert.deepEqual(judge(offered, undefined, 57, false), nothing);
  });

  it("knows the receipt: the first greater generation after an offer", () => {
    const offered = { ...fresh, offered: 57 };
    const receipt = { ...nothing, keep: true, isReceipt: true };
    assert.deepEqual(judge(offered, image(58), 57, false), receipt);
    const taken = { ...offered, taken: 58 };
    assert.deepEqual(judge(taken, image(59), 58, false), { ...nothing, keep: true });
  });

  it("refuses what is damaged with its reason, and offers all the same", () => {
    const bad: Image = { kind: "bad", why: "payload checksum" };
    assert.deepEqual(judge(fresh, bad, 3, false), {
      ...nothing,
      offer: true,
      refused: "payload checksum",
    });
  });
});
