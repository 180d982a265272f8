// Property: `robot` of /api/state holds every field of the firmware's own QUERY reply, with its value.
import assert from "node:assert/strict";
import { test } from "node:test";
import { queryReply } from "../../../devs/command/query.js";
import { queryFields } from "../../../src/robot/query.js";
import { FakeRobot } from "../../support/fake-robot.js";
import { RestingMind } from "../../support/resting-mind.js";

test("nothing that the robot says of itself is lost on the way to the page", () => {
  const reply: unknown = JSON.parse(queryReply(new FakeRobot(), new RestingMind().character, 3));
  assert.deepEqual(queryFields.parse(reply), reply);
});
