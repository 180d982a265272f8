// What the conversation remembers of what was said: for the next turn, for a model, and not after it was forgotten.
import assert from "node:assert/strict";
import { describe, it } from "node:test";
import type { ChatModel } from "../../../src/conversation/models/chat-model.js";
import { ModelChain } from "../../../src/conversation/models/model-chain.js";
import type { FakeClock } from "../../../src/time/fake-clock.js";
import { testConversation, type TestConversation, untilIdle } from "../../support/conversation.js";

const api = { source: "api" } as const;

describe("what is remembered", () => {
  it("remembers a name and facts, tells them, and forgets today on request", async () => {
    const rig = await testConversation();
    const say = async (text: string): Promise<string> => {
      const report = rig.mind.say(text, api);
      await untilIdle(rig);
      return (await report).reply;
    };
    assert.match(await say("My name is Ann"), /Ann/);
    await say("I like green tea");
    assert.deepEqual(rig.memory.factsOf("ann"), ["like green tea"]);
    assert.match(await say("What do you know about me?"), /Ann.*green tea/);
    await say("Please forget what we said today.");
    assert.deepEqual(rig.memory.export(), { said: [], facts: [] });
    assert.equal(rig.mind.turns.length, 0);
    assert.doesNotMatch(await say("Who am I?"), /Ann/);
  });

  it("what was being talked about when today was forgotten is not remembered afterwards", async () => {
    const ways: readonly ((rig: TestConversation) => void)[] = [
      (rig) => void rig.mind.say("forget today", api),
      (rig) => void rig.mind.forgetToday(),
    ];
    for (const forget of ways) {
      const rig = await testConversation();
      void rig.mind.say("what can you do?", api);
      await rig.clock.advance(100);
      assert.equal(rig.mind.phase, "speaking");
      forget(rig);
      await untilIdle(rig);
      assert.deepEqual(rig.memory.export().said, []);
    }
  });

  it("a model is told what somebody told who never said a name", async () => {
    let told = "";
    const model: Partial<ChatModel> = {
      ref: { name: "openai/x", provider: "openai", model: "x" },
      canSee: false,
      whyNot: () => undefined,
      reply: (prompt, _leftMs, _signal, events) => {
        told = JSON.stringify(prompt);
        events.began(false);
        events.text("I know.");
        return Promise.resolve("whole");
      },
    };
    const nothing = (): void => undefined;
    const chain = (clock: FakeClock): ModelChain =>
      new ModelChain([model as ChatModel], clock, nothing, nothing);
    const rig = await testConversation({ chain });
    void rig.mind.say("Remember that my cat is called Mia.", api);
    await untilIdle(rig);
    void rig.mind.say("What do you know?", api);
    await untilIdle(rig);
    assert.match(told, /do not know the name.*my cat is called Mia/);
  });
});
