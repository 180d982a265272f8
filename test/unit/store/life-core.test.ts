/** What is remembered of a robot's outer life: each boot, outage and gap once, and nothing that was before we looked. A1, A2. */
import assert from "node:assert/strict";
import { describe, it } from "node:test";
import {
  bootWords,
  NO_LIFE,
  stepLife,
  stepLink,
  type LifeInput,
} from "../../../src/store/life-core.js";

const quiet: LifeInput = {
  boots: 4,
  bootReason: "power",
  wifiLosses: 2,
  outageMs: 9000,
  wifiSinceS: 100,
};
const AT = 1_000_000;

describe("life core", () => {
  it("takes the first counts as they are: what was before is not news", () => {
    const step = stepLife(NO_LIFE, "a", quiet, AT);
    assert.deepEqual(step.events, []);
    assert.deepEqual(stepLife(step.memory, "a", quiet, AT).events, []);
  });

  it("A1: tells each boot once, with its reason", () => {
    const { memory } = stepLife(NO_LIFE, "a", quiet, AT);
    const again = { ...quiet, boots: 5, bootReason: "panic", wifiLosses: 0 };
    const step = stepLife(memory, "a", again, AT);
    assert.deepEqual(step.events, [
      { wallMs: AT, durationMs: 0, kind: "boot", text: "Started again after a panic" },
    ]);
    assert.deepEqual(stepLife(step.memory, "a", again, AT + 1000).events, []);
    assert.match(bootWords("strange"), /not known/);
  });

  it("A2: tells each time without WiFi once, when it was and how long", () => {
    const { memory } = stepLife(NO_LIFE, "a", quiet, AT);
    const lost = { ...quiet, wifiLosses: 3, outageMs: 35_000, wifiSinceS: 2 };
    const step = stepLife(memory, "a", lost, AT);
    assert.deepEqual(step.events, [
      { wallMs: AT - 37_000, durationMs: 35_000, kind: "wifi", text: "Without WiFi" },
    ]);
    assert.deepEqual(stepLife(step.memory, "a", lost, AT + 1000).events, []);
    const more = stepLife(step.memory, "a", { ...lost, wifiLosses: 5 }, AT).events;
    assert.equal(more[0]?.text, "Without WiFi, 2 times");
  });

  it("counts a new boot's losses from zero", () => {
    const { memory } = stepLife(NO_LIFE, "a", quiet, AT);
    const booted = { ...quiet, boots: 5, wifiLosses: 1 };
    const kinds = stepLife(memory, "a", booted, AT).events.map(({ kind }) => kind);
    assert.deepEqual(kinds, ["boot", "wifi"]);
  });

  it("does not take another robot's counts for a change of this one", () => {
    const { memory } = stepLife(NO_LIFE, "a", quiet, AT);
    assert.deepEqual(stepLife(memory, "b", { ...quiet, boots: 90, wifiLosses: 9 }, AT).events, []);
  });

  it("A2: tells a gap of the link from 3 s on, once, with its length", () => {
    let memory = stepLink(NO_LIFE, false, AT - 60_000).memory;
    const first = stepLink(memory, true, AT);
    assert.deepEqual(first.events, [], "the wait for the first link is no gap");
    memory = first.memory;
    memory = stepLink(memory, false, AT + 1000).memory;
    memory = stepLink(memory, false, AT + 5000).memory;
    const step = stepLink(memory, true, AT + 8000);
    assert.deepEqual(step.events, [
      { wallMs: AT + 1000, durationMs: 7000, kind: "link", text: "Not linked" },
    ]);
    memory = stepLink(step.memory, false, AT + 9000).memory;
    assert.deepEqual(stepLink(memory, true, AT + 11_000).events, []);
  });
});
