// Quiet and volume by word, in five languages, by name or not; what only sounds like it is left to the others.
import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { soundWish, type SoundWish } from "../../../../src/conversation/quiet/sound-words.js";
import { understand } from "../../../../src/conversation/safe-mode/understand.js";
import { testConversation, untilIdle } from "../../../support/conversation.js";

const MIN = 60_000;
const quiet = (ms: number): SoundWish => ({ kind: "quiet", ms });
const volume = (percent: number): SoundWish => ({ kind: "volume", percent });
const speak: SoundWish = { kind: "speak" };
/** At a volume of 60 %. */
const ROWS: readonly (readonly [string, SoundWish | undefined, string])[] = [
  ["Be quiet", quiet(60 * MIN), "en"],
  ["Buddy, please be quiet!", quiet(60 * MIN), "en"],
  ["Quiet for an hour", quiet(60 * MIN), "en"],
  ["Be quiet for two hours and 30 minutes", quiet(150 * MIN), "en"],
  ["be quiet for 10 seconds", quiet(MIN), "en"],
  ["stay silent for 3 days", quiet(24 * 60 * MIN), "en"],
  ["You may speak again", speak, "en"],
  ["You can talk again now.", speak, "en"],
  ["louder", volume(80), "en"],
  ["Hey Buddy, could you speak up?", volume(80), "en"],
  ["a bit quieter please", volume(40), "en"],
  ["You are too loud", volume(40), "en"],
  ["the party next door is way too loud", undefined, "en"],
  ["set the volume to 35 percent", volume(35), "en"],
  ["volume 0%", volume(10), "en"],
  ["Is it quiet in space?", undefined, "en"],
  ["My day was quiet", undefined, "en"],
  ["What is the volume of a cube?", undefined, "en"],
  ["stop", undefined, "en"],
  ["Sei bitte still", quiet(60 * MIN), "de"],
  ["Ruhe für zehn Minuten", quiet(10 * MIN), "de"],
  ["Du darfst wieder sprechen", speak, "de"],
  ["Sprich lauter", volume(80), "de"],
  ["etwas leiser bitte", volume(40), "de"],
  ["Lautstärke auf 50 Prozent", volume(50), "de"],
  ["Cállate", quiet(60 * MIN), "es"],
  ["Silencio por favor durante 20 minutos", quiet(20 * MIN), "es"],
  ["Ya puedes hablar otra vez", speak, "es"],
  ["habla más alto", volume(80), "es"],
  ["más bajo", volume(40), "es"],
  ["Tais-toi", quiet(60 * MIN), "fr"],
  ["Tais-toi pendant 30 minutes", quiet(30 * MIN), "fr"],
  ["Tu peux parler à nouveau", speak, "fr"],
  ["Parle plus fort", volume(80), "fr"],
  ["moins fort, s'il te plaît", volume(40), "fr"],
  ["静かにして", quiet(60 * MIN), "ja"],
  ["30分静かにして", quiet(30 * MIN), "ja"],
  ["もう話していいよ", speak, "ja"],
  ["もっと大きく", volume(80), "ja"],
  ["もっと静かに", volume(40), "ja"],
];

describe("quiet and volume by word", () => {
  for (const [said, wish, code] of ROWS) {
    it(`G3: "${said}"`, () => {
      const understood = understand(said, "en", "Buddy");
      assert.deepEqual(soundWish(understood, 60), wish);
      if (wish !== undefined) assert.equal(understood.language.code, code, "answered in it");
    });
  }

  it("G3: quiet words are shown and not spoken, reminders are said, and it speaks again when told", async () => {
    const rig = await testConversation();
    const api = { source: "api" } as const;
    const { reply } = await finished(rig, rig.mind.say("Quiet for an hour", api));
    assert.match(reply, /^I am quiet until \d/);
    await finished(rig, rig.mind.say("What is your name?", api));
    assert.deepEqual(rig.voice.asked, [], "nothing is spoken");
    assert.equal(rig.mind.turns.at(-1)?.sentences[0]?.outcome, "shown");
    assert.equal(rig.mind.sayByItself("Hello?"), false);
    await finished(rig, rig.mind.say("Remind me in ten minutes to drink", api));
    await rig.clock.advance(10 * MIN);
    for (let i = 0; i < 5; i++) {
      rig.mind.look();
      await rig.clock.advance(1000);
    }
    assert.match(rig.voice.heard.join(" "), /drink/);
    const { reply: back } = await finished(rig, rig.mind.say("You may speak again", api));
    assert.ok(rig.voice.heard.includes(back));
    assert.equal(rig.settings.quietUntilMs, undefined);
    const { reply: loud } = await finished(rig, rig.mind.say("louder", api));
    assert.match(loud, /as loud as I can/);
    await finished(rig, rig.mind.say("quieter", api));
    assert.equal(rig.settings.volume, 80);
  });

  it("G3: an order to be quiet that goes on after a pause is one order", async () => {
    const rig = await testConversation();
    const voice = { source: "voice" } as const;
    const beganMs = rig.clock.wallMs();
    void rig.mind.say("Quieter", voice);
    await rig.clock.advance(200);
    void rig.mind.say("please", voice);
    await untilIdle(rig);
    assert.equal(rig.settings.volume, 80, "one step, not two");
    void rig.mind.say("Stay quiet", voice);
    await rig.clock.advance(200);
    void rig.mind.say("for two hours", voice);
    await untilIdle(rig);
    const untilMs = (rig.settings.quietUntilMs ?? 0) - beganMs;
    assert.ok(untilMs >= 120 * MIN && untilMs < 121 * MIN, String(untilMs));
  });
});

/** A turn to its end. */
async function finished<T>(
  rig: Awaited<ReturnType<typeof testConversation>>,
  report: Promise<T>,
): Promise<T> {
  await untilIdle(rig);
  return report;
}
