// What may be written into a device's settings. Properties: everything that would be stored cut, and would then kill
// the device at each boot, is refused here; what fits is not.
import assert from "node:assert/strict";
import { test } from "node:test";
import { checkSettings } from "../../../src/simulator/provision.js";
import { deviceIdOf } from "../../../src/simulator/simulator.js";

test("the longest entry that is kept whole fits, one byte more does not", () => {
  // "k", a zero, two quotes: 4 bytes besides the text.
  checkSettings({ k: "x".repeat(228) });
  assert.throws(() => checkSettings({ k: "x".repeat(229) }), { code: "SIM_PROVISION" });
  assert.throws(() => checkSettings({ k: "é".repeat(100) }), { code: "SIM_PROVISION" });
});

test("keys are 1 to 13 printable ASCII characters", () => {
  checkSettings({ thirteen_chrs: 1, link_host: "127.0.0.1", gone: undefined });
  for (const key of ["", "fourteen_chars", "with space", "clé"]) {
    assert.throws(() => checkSettings({ [key]: 1 }), { code: "SIM_PROVISION" }, key);
  }
});

test("a name always gives the same device id, and another name another", () => {
  assert.match(deviceIdOf("buddy"), /^[0-9a-f]{16}$/);
  assert.equal(deviceIdOf("buddy"), deviceIdOf("buddy"));
  assert.notEqual(deviceIdOf("buddy"), deviceIdOf("buddy 2"));
});
