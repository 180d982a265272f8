// Which voice a sentence gets. Properties that must hold: a script that the character's voice cannot read chooses another;
// within one script the small words of a language do; what is too short to tell keeps the character's own.
import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { spokenLanguage } from "../../../../src/conversation/reply/spoken-language.js";
import { testConversation } from "../../../support/conversation.js";

describe("the language of a sentence", () => {
  it("follows its script, and its small words within one", () => {
    const cases: readonly (readonly [string, string, string])[] = [
      ["Hello there.", "en", "en"],
      ["Grüß dich!", "en", "de"],
      ["Ich bin ein kleiner Roboter auf deinem Tisch.", "en", "de"],
      ["Je suis un petit robot.", "en", "fr"],
      ["Soy un pequeño robot y estoy en tu mesa.", "en", "es"],
      ["Sono un piccolo robot sul tuo tavolo.", "en", "it"],
      ["I am a small robot on your desk.", "de", "en"],
      ["I am a small robot on your desk.", "de-AT", "en"],
      ["¡Hola!", "en", "es"],
      ["Berlin, Paris, Rom.", "fr", "fr"],
      ["The word Gemütlichkeit has no English twin.", "en", "en"],
      ["A cat.", "en", "en"],
      ["你好，我很好。", "en", "zh"],
      ["你好，我很好。", "zh-TW", "zh-TW"],
      ["私は元気です。", "en-GB", "ja"],
      ["東京", "ja", "ja"],
      ["Привет, как дела?", "en", "ru"],
      ["Привіт, як справи?", "uk", "uk"],
      ["Привіт, як справи?", "en", "uk"],
      ["Привіт, як справи?", "ru", "uk"],
      ["Добры вечар, як маешся? Усё добра, дзякуй, ўсім.", "en", "be"],
      ["Добар дан, како сте? Љубав.", "en", "sr"],
      ["حالت چطوره؟", "en", "fa"],
      ["حالت چطوره؟", "fa-IR", "fa-IR"],
      ["آپ کیسے ہیں؟", "en", "ur"],
      ["Guten Morgen!", "en", "de"],
      ["Das freut mich.", "en", "de"],
      ["Buonasera!", "en", "it"],
      ["Tutto bene, e tu come stai?", "en", "it"],
      ["كيف حالك؟", "de", "ar"],
      ["मैं ठीक हूँ।", "en", "hi"],
      ["The word 你好 means hello.", "en", "en"],
      ["3.5!", "en", "en"],
    ];
    for (const [text, own, expected] of cases) {
      assert.equal(spokenLanguage(text, own), expected, text);
    }
  });

  it("follows the letters that only one language of a script has", () => {
    const cases: readonly (readonly [string, string, string])[] = [
      ["Привіт, як справи?", "en", "uk"],
      ["Привіт, як справи?", "ru", "uk"],
      ["Я живу в Києві.", "de", "uk"],
      ["Прывітанне, як вы маецеся?", "be", "be"],
      ["Добры дзень, я жыву ў Мінску і люблю каву.", "en", "be"],
      ["Слово «їжак» мы читаем вместе.", "en", "ru"],
      ["من یک ربات کوچک هستم.", "en", "fa"],
      ["من یک ربات کوچک هستم.", "ar", "fa"],
      ["میں ایک چھوٹا روبوٹ ہوں۔", "en", "ur"],
      ["میں ایک چھوٹا روبوٹ ہوں۔", "fa-IR", "ur"],
      ["زه یو کوچنی روبوټ یم.", "ps", "ps"],
      ["أنا روبوت صغير في القاهرة.", "en", "ar"],
      ["چاي ساخن، من فضلك، في الغرفة.", "en", "ar"],
    ];
    for (const [text, own, expected] of cases) {
      assert.equal(spokenLanguage(text, own), expected, `${text} (${own})`);
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
