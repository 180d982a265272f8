// The voice's wiring. Property that must hold: whether speech can become words is told in the state, before anybody speaks,
// with what to set when it cannot.
import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { startVoice, type SoundState, type VoiceService } from "../../../src/voice/service.js";
import { Resilience } from "../../../src/resilience/resilience.js";
import { FakeClock } from "../../../src/time/fake-clock.js";
import { policiesOf } from "../../support/policies.js";

function stateWith(environment: Record<string, string>): SoundState {
  return voiceWith(environment).state();
}

function voiceWith(environment: Record<string, string>): VoiceService {
  const clock = new FakeClock();
  return startVoice({
    clock,
    policies: policiesOf(new Resilience({ clock })),
    environment: { BUDDY_VOICE: "hum", ...environment },
    send: () => true,
    log: () => undefined,
    onChange: () => undefined,
  });
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

describe("words that a page has recognised itself", () => {
  it("G5: they are said to the mind; by name only where that is wanted, and else nothing is disturbed", () => {
    const voice = voiceWith({});
    const told: string[] = [];
    voice.tell({
      name: () => "Nova",
      heard: (text) => told.push(text),
      listen: () => told.push("(listening)"),
      unheard: () => told.push("(nothing)"),
    });
    const free = { isCallNeeded: false };
    const byName = { isCallNeeded: true };
    assert.deepEqual(voice.port.heard("And now the weather", free), {
      kind: "words",
      text: "And now the weather",
      call: "none",
    });
    const other = voice.port.heard("And now the news", byName);
    assert.ok(other.kind === "failed" && other.code === "VOICE_NOT_CALLED" && other.status === 422);
    assert.match(other.message, /Not for Nova/);
    const question = "Hey Nova, what time is it?";
    assert.deepEqual(voice.port.heard(question, byName), {
      kind: "words",
      text: question,
      call: "words",
    });
    assert.deepEqual(told, ["And now the weather", question]);
  });
});
