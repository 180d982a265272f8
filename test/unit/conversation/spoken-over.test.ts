// Speech over Buddy's voice, and after a pause, on a fake clock. Properties that must hold: a pause makes no second question,
// a voice silences at once, a false alarm costs no word, and the memory keeps what was really said.
import assert from "node:assert/strict";
import { describe, it } from "node:test";
import type { ModelChain } from "../../../src/conversation/models/model-chain.js";
import type { Reminder, ReminderStore } from "../../../src/conversation/reminders/reminders.js";
import type { TurnCode } from "../../../src/conversation/turn/turn-types.js";
import type { FakeClock } from "../../../src/time/fake-clock.js";
import { chainOf, testConversation, untilIdle } from "../../support/conversation.js";

const api = { source: "api" } as const;

/** What was said, how long after that it goes on and how, what is kept as said, and what became of the first turn. */
const PAUSES: readonly (readonly [string, number, string, readonly string[], TurnCode])[] = [
  ["Tell me a joke", 400, "about servos", ["Tell me a joke about servos"], "TURN_JOINED"],
  ["Tell me a joke", 700, "about servos", ["Tell me a joke", "about servos"], "TURN_INTERRUPTED"],
  [
    "Remind me in ten minutes",
    400,
    "to water the plants",
    ["Remind me in ten minutes to water the plants"],
    "TURN_JOINED",
  ],
];

describe("speech over Buddy's voice", () => {
  for (const [first, pauseMs, next, whole, code] of PAUSES) {
    it(`G5: "${first}" … after ${pauseMs} ms "${next}"`, async () => {
      const reply = "One two three. Four five six. Seven eight nine.";
      const kept: Reminder[] = [];
      const reminders: ReminderStore = {
        load: () => [],
        add: (one) => void kept.push(one),
        drop: (gone) => void kept.splice(kept.indexOf(gone), 1),
      };
      const chain = (clock: FakeClock): ModelChain =>
        chainOf(clock, () => Promise.resolve(), reply);
      const rig = await testConversation({ chain, reminders });
      const voice = { source: "voice" } as const;
      const before = rig.mind.say(first, voice);
      await rig.clock.advance(pauseMs);
      assert.equal(rig.mind.phase, "speaking");
      rig.mind.listen();
      await rig.clock.advance(2000);
      void rig.mind.say(next, voice);
      assert.equal((await before).code, code);
      await untilIdle(rig);
      const said = rig.memory.recent(10_000, 0).filter(({ by }) => by === "person");
      assert.deepEqual(
        said.map(({ text }) => text),
        whole,
      );
      const what = kept.map((one) => one.what);
      assert.deepEqual(what, first.startsWith("Remind") ? ["water the plants"] : [], "set once");
    });
  }

  it("G5: words that go on take back what was learned of their beginning", async () => {
    const rig = await testConversation();
    const voice = { source: "voice" } as const;
    void rig.mind.say("Remember that I like tea", voice);
    await rig.clock.advance(100);
    void rig.mind.say("with milk.", voice);
    await untilIdle(rig);
    assert.deepEqual(
      rig.memory.allFacts.map(({ text }) => text),
      ["I like tea with milk"],
    );
  });

  it("A11: of a sentence that a voice cut the memory keeps the words that were heard", async () => {
    const rig = await testConversation({
      chain: (clock) => chainOf(clock, () => Promise.resolve(), "One two three four five."),
    });
    const report = rig.mind.say("count", api);
    await rig.clock.advance(200);
    rig.voice.asked[0]?.options.onHeard?.(0.55);
    rig.mind.listen();
    await rig.clock.advance(300);
    void rig.mind.say("That is enough, thank you", { source: "voice" });
    assert.equal((await report).reply, "One two three…");
    await untilIdle(rig);
    const kept = rig.memory.recent(10_000, 0).map(({ text }) => text);
    assert.deepEqual(kept.slice(0, 2), ["count", "One two three…"]);
  });

  it("G5: a false alarm costs no word: the sentence that was cut is said again", async () => {
    const rig = await testConversation({
      chain: (clock) => chainOf(clock, () => Promise.resolve(), "One two three. Four five six."),
    });
    const report = rig.mind.say("count", api);
    await rig.clock.advance(200);
    const stops = rig.voice.stops;
    rig.mind.listen();
    assert.equal(rig.voice.stops, stops + 1, "silent at once");
    await rig.clock.advance(1500);
    assert.deepEqual(rig.voice.heard, [], "and as long as somebody may be speaking");
    rig.mind.unheard();
    await untilIdle(rig);
    const { outcome, reply } = await report;
    assert.deepEqual([outcome, reply], ["done", "One two three. Four five six."]);
    assert.deepEqual(rig.voice.heard, ["One two three.", "Four five six."]);
  });
});
