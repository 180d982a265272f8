// The voice's wiring. Property that must hold: whether speech can become words is told in the state, before anybody speaks,
// with what to set when it cannot.
import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { startVoice, type SoundState } from "../../../src/voice/service.js";
import { Resilience } from "../../../src/resilience/resilience.js";
import { FakeClock } from "../../../src/time/fake-clock.js";
import { policiesOf } from "../../support/policies.js";

function stateWith(environment: Record<string, string>): SoundState {
  const clock = new FakeClock();
  const voice = startVoice({
    clock,
    policies: policiesOf(new Resilience({ clock })),
    environment: { BUDDY_VOICE: "hum", ...environment },
    send: () => true,
    log: () => undefined,
    onChange: () => undefined,
  });
  return voice.state();
}

describe("the state of voice and ears", () => {
  it("no speech-to-text server: said beforehand, with what to set", () => {
    const { ears } = stateWith({});
    assert.equal(ears.state, "off");
    assert.match(ears.text, /BUDDY_STT_URL.*Typing works/);
  });

  it("with one the ears are ready, whichever variable names it", () => {
    const url = "http://127.0.0.1:9/v1";
    for (const environment of [{ BUDDY_STT_URL: url }, { OPENAI_BASE_URL: url }]) {
      const { ears } = stateWith(environment);
      assert.equal(ears.state, "ready");
      assert.ok(!ears.text.includes(url), "no address leaves the companion");
    }
  });
});
