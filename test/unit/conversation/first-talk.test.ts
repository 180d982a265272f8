// A few sentences one after the other to a Buddy without a model (G3, G6): several wishes in one breath, a name that is denied, words
// of feeling that are facts, and what of the memory goes. Words and deeds must agree.
import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { testConversation, untilIdle, type TestConversation } from "../../support/conversation.js";

/** Of its own: whatever is said, the body reacts. */
const OWN =
  /^(?:PRESENCE|ACKNOWLEDGE|THINKING|STOP_THINKING|SPEAKING|STOP_SPEAKING|IDLE|SATISFY:.*)$/;

/** @returns the last answer, and what the robot was told because of it. */
async function talk(
  rig: TestConversation,
  ...says: readonly string[]
): Promise<{ reply: string; moved: string }> {
  let reply = "";
  for (const said of says) {
    rig.robot.lines.length = 0;
    void rig.mind.say(said, { source: "voice" }).then((report) => (reply = report.reply));
    await untilIdle(rig);
  }
  return { reply, moved: rig.robot.lines.filter((line) => !OWN.test(line)).join(" ") };
}

describe("a first talk", () => {
  const breaths: readonly (readonly [string, string])[] = [
    ["nod and then shake your head", "NOD:2 SHAKE:2"],
    ["don't look left, look right", "ATTENTION:right"],
    ["Schau nicht nach links, sondern nach rechts", "ATTENTION:right"],
    ["左を見てから右を見て", "ATTENTION:left ATTENTION:right"],
    ["please don't look left", ""],
    ["nod, please", "NOD:2"],
  ];
  for (const [said, moved] of breaths) {
    it(`G3: of "${said}" each movement that is wanted is made, no other`, async () => {
      const rig = await testConversation();
      assert.equal((await talk(rig, said)).moved, moved);
      rig.mind.close();
    });
  }

  const answers: readonly (readonly [readonly string[], RegExp])[] = [
    [["I'm Tom, what is 7 times 8?"], /Tom.*56/s],
    [["combien font 12 divisé par 5"], /2,4/],
    [["what time is it in two hours"], /12:13/],
    [["wake me in 10 minutes", "never mind the timer, cancel it"], /Cancelled/],
    [["Meine Oma ist gestorben"], /tut mir leid|klingt schwer/],
    [["Ich mag Pizza", "Was mag ich?"], /Ich mag Pizza/],
    [["I'm Tom", "my name isn't Tom", "who am I?"], /do not know your name/],
    [["I'm Tom", "my name isn't Maria", "who am I?"], /Tom/],
    [["delete everything you know about me"], /on my page/],
  ];
  for (const [says, expected] of answers) {
    it(`G3, G6: "${says.join(" / ")}" is answered to the point`, async () => {
      const rig = await testConversation();
      assert.match((await talk(rig, ...says)).reply, expected);
      rig.mind.close();
    });
  }

  it("G6: a death that is told is kept, too", async () => {
    const rig = await testConversation();
    await talk(rig, "Mein Hund heißt Rex", "Meine Oma ist gestorben");
    assert.equal(rig.memory.allFacts.length, 2);
    rig.mind.close();
  });

  const idioms = [
    "forget it, what time is it",
    "Don't forget what I told you today",
    "vergiss, was ich gesagt habe, und nick mal",
    "Olvida lo que te dije y cuéntame un chiste",
    "忘れて",
  ];
  for (const said of idioms) {
    it(`G6: "${said}" erases nothing`, async () => {
      const rig = await testConversation();
      await talk(rig, "My dog is called Rex", said);
      assert.equal(rig.memory.allFacts.length, 1);
      rig.mind.close();
    });
  }
});
