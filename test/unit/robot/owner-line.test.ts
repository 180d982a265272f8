// The owner's mark: on what the robot refuses while it follows a face, and on nothing else.
import assert from "node:assert/strict";
import { test } from "node:test";
import { ownerLine } from "../../../src/robot/owner-line.js";
import { isStopLine } from "../../../src/robot/stop-lines.js";
import { VERBS } from "../../../src/wire/verbs.js";

test("A14: the verbs that tracking refuses get the owner's mark, others do not", () => {
  const marked = VERBS.filter((verb) => ownerLine(`${verb}1`) === `@${verb}1`);
  assert.deepEqual(marked, [
    "LOOK:",
    "ATTENTION:",
    "LISTENING",
    "CELEBRATE",
    "NOD:",
    "SHAKE:",
    "PERFORM:",
    "PHYSICAL:",
  ]);
  for (const verb of VERBS.filter((one) => !marked.includes(one))) {
    assert.equal(ownerLine(verb), verb);
  }
  assert.equal(ownerLine("!NOD:2"), "@NOD:2");
  assert.equal(ownerLine("@NOD:2"), "@NOD:2");
  assert.equal(ownerLine("QUERY LOOK:1,2"), "QUERY LOOK:1,2");
  assert.ok(isStopLine(ownerLine("IDLE")));
});
