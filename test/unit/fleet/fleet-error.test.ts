import assert from "node:assert/strict";
import { test } from "node:test";
import { asFleetError } from "../../../src/fleet/redis/fleet-error.js";

test("B1: a call without a connection is told in plain words, not in the library's", () => {
  for (const words of [
    "Stream isn't writeable and enableOfflineQueue options is false",
    "Connection is closed.",
  ]) {
    const { code, message } = asFleetError(new Error(words));
    assert.deepEqual([code, message], ["FLEET_AWAY", "there is no connection to Redis"]);
  }
});
