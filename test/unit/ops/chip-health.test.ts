// What people are told of a simulated chip. Properties (F5): which chip it is and that it is a model, always; how busy; a
// chip that does not keep up is a warning with the next step; without a chip nothing is said.
import assert from "node:assert/strict";
import { test } from "node:test";
import { healthSources, type HealthFacts } from "../../../src/ops/health-sources.js";
import type { Finding } from "../../../src/state/health.js";
import { FakeClock } from "../../../src/time/fake-clock.js";
import { runningPart } from "../../support/part-views.js";
import { FakeServices } from "../../support/services.js";

async function found(chip: HealthFacts["chip"], status: object): Promise<Finding | undefined> {
  const robot = runningPart("robot", { status: { wifi: true, ...status } });
  const { vision, link } = new FakeServices(new FakeClock()).state.snapshot();
  const sources = healthSources({
    views: () => [robot],
    link: () => link,
    vision: () => vision,
    isRobotLinked: () => true,
    late: () => undefined,
    chip,
    isStarting: () => false,
    isPictureAwaited: () => false,
    breaker: () => undefined,
  });
  return sources.find(({ id }) => id === "chip")?.check(new AbortController().signal);
}

const load = { name: "esp32c3", title: "ESP32-C3", stepsPerS: 1, longestSliceMs: 31.4 };

test("F5: a chip that keeps up is told with its name, its load and that it is a model", async () => {
  const finding = await found("esp32c3", { chip: { ...load, busy: 0.43 } });
  assert.equal(finding?.level, "ok");
  assert.match(finding?.text ?? "", /ESP32-C3 \(a model, not held against a board\): 43 % busy/);
  assert.match(finding?.text ?? "", /31 ms/);
});

test("F5: a chip that does not keep up is a warning, and the next step is named", async () => {
  const finding = await found("esp32c3", { chip: { ...load, busy: 0.97 } });
  assert.equal(finding?.level, "warn");
  assert.match(finding?.text ?? "", /97 % busy, it does not keep up/);
  assert.match(finding?.next ?? "", /npm run profile/);
});

test("F5: a chip that has not told yet is on its way; without one nothing is said", async () => {
  assert.equal((await found("esp32s2", {}))?.level, "busy");
  assert.equal(await found(undefined, {}), undefined);
});
