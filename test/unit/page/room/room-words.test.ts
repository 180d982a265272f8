/** What the page makes of captions and of a stage: only a robot's words are a caption, and each robot has its place. */
import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { CAPTIONS_TOPIC as ROBOTS_TOPIC } from "../../../../src/fleet/room/voice-room.js";
import { identityOf } from "../../../../src/fleet/room/room-stay.js";
import {
  captionOf,
  CAPTIONS_TOPIC,
  isRobot,
  robotsOf,
} from "../../../../src/page/room/room-words.js";

const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);

describe("the room's words", () => {
  it("a caption is what a robot sends; anything else is passed over", () => {
    const told = { from: "0000000a", name: "Ada", text: "Hello.", token: 3 };
    assert.equal(captionOf(bytes(JSON.stringify(told))), "Hello.");
    for (const odd of ["", "no JSON", "null", "7", "[]", '{"text":""}', '{"text":7}']) {
      assert.equal(captionOf(bytes(odd)), undefined, odd);
    }
    assert.equal(captionOf(new Uint8Array([0xff, 0xfe])), undefined);
  });

  it("robots are known by their identity, and captions by their topic, as robots have them", () => {
    assert.equal(CAPTIONS_TOPIC, ROBOTS_TOPIC);
    assert.equal(isRobot(identityOf("0000000a")), true);
    for (const person of ["person-0000000a", "ear", "Robot-1", ""])
      assert.equal(isRobot(person), false);
  });

  it("B2: who has the floor, who waits and at which place, who is heard", () => {
    const members = ["Ada", "Bob", "Carl", "Dora"].map((name, i) => ({
      id: `0000000${"abcd"[i]}`,
      name,
    }));
    const holder = { id: "0000000b", name: "Bob", token: 1, leftMs: 1 };
    const seen = robotsOf(
      { members, holder, queue: ["Dora", "Ada"] },
      new Set(["robot-0000000b", "person-1"]),
    );
    assert.deepEqual(
      seen.map(({ name, turn, isHeard }) => [name, turn, isHeard]),
      [
        ["Ada", 2, false],
        ["Bob", "floor", true],
        ["Carl", undefined, false],
        ["Dora", 1, false],
      ],
    );
    const [ada] = robotsOf({ members, holder: undefined, queue: [] }, new Set());
    assert.deepEqual(ada, { id: "0000000a", name: "Ada", turn: undefined, isHeard: false });
  });
});
