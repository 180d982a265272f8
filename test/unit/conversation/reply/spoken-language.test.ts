// Which voice a sentence gets. Property that must hold: a script that the character's voice cannot read chooses another;
// nothing else does.
import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { spokenLanguage } from "../../../../src/conversation/reply/spoken-language.js";
import { testConversation } from "../../../support/conversation.js";

describe("the language of a sentence", () => {
  it("follows its script where that cannot be the character's, and only there", () => {
    const cases: readonly (readonly [string, string, string])[] = [
      ["Hello there.", "en", "en"],
      ["Grüß dich!", "en", "en"],
      ["你好，我很好。", "en", "zh"],
      ["你好，我很好。", "zh-TW", "zh-TW"],
      ["私は元気です。", "en-GB", "ja"],
      ["東京", "ja", "ja"],
      ["Привет, как дела?", "en", "ru"],
      ["Привіт, як справи?", "uk", "uk"],
      ["كيف حالك؟", "de", "ar"],
      ["मैं ठीक हूँ।", "en", "hi"],
      ["The word 你好 means hello.", "en", "en"],
      ["3.5!", "en", "en"],
    ];
    for (const [text, own, expected] of cases) {
      assert.equal(spokenLanguage(text, own), expected, text);
    }
  });

  it("is what the voice is asked for", async () => {
    const rig = await testConversation();
    const lines = { ...rig.settings.persona.lines, statement: ["你好，我很好。"] };
    rig.settings = { ...rig.settings, persona: { ...rig.settings.persona, lines } };
    void rig.mind.say("tell", { source: "api" });
    await rig.clock.advance(100);
    assert.equal(rig.voice.asked[0]?.options.language, "zh");
  });
});
