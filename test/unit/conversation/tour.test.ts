// "Show me what you can do" (G9): Buddy moves, looks and speaks, in the language it was asked in, whichever model there is.
import assert from "node:assert/strict";
import { describe, it } from "node:test";
import type { ChatModel } from "../../../src/conversation/models/chat-model.js";
import { ModelChain } from "../../../src/conversation/models/model-chain.js";
import { CALM_WORLD, testConversation, untilIdle } from "../../support/conversation.js";

const api = { source: "api" } as const;

const ASKED: readonly (readonly [said: string, reply: RegExp])[] = [
  ["Show me what you can do.", /I look to the left.*I answer/],
  ["Give me a tour, please!", /I look to the left/],
  ["Zeig mir, was du kannst", /Ich schaue nach links/],
  ["Enséñame lo que sabes hacer", /Miro a la izquierda/],
  ["Montre-moi ce que tu sais faire", /Je regarde à gauche/],
  ["できることを見せて", /左を見ます/],
];

describe("the tour", () => {
  it("G9: moves to both sides, nods and tells, in five languages", async () => {
    for (const [said, reply] of ASKED) {
      const rig = await testConversation();
      const report = rig.mind.say(said, api);
      await untilIdle(rig);
      assert.match((await report).reply, reply, said);
      const moves = rig.robot.lines.filter((line) => /^(?:ATTENTION|NOD)/.test(line));
      assert.deepEqual(moves.slice(0, 3), ["ATTENTION:left", "ATTENTION:right", "NOD:2"], said);
    }
  });

  it("G9: is not left to a model, and not made with a body that is away", async () => {
    let asked = 0;
    const model: Partial<ChatModel> = {
      ref: { name: "openai/x", provider: "openai", model: "x" },
      canSee: false,
      whyNot: () => undefined,
      reply: (_prompt, _leftMs, _signal, events) => {
        asked++;
        events.began(false);
        events.text("I can do nothing.");
        return Promise.resolve("whole");
      },
    };
    const nothing = (): void => undefined;
    const rig = await testConversation({
      chain: (clock) => new ModelChain([model as ChatModel], clock, nothing, nothing),
    });
    const report = rig.mind.say("show me what you can do", api);
    await untilIdle(rig);
    assert.match((await report).reply, /I look to the left/);
    assert.equal(asked, 0);
    const away = await testConversation();
    away.world = { ...CALM_WORLD, isLinked: false };
    const told = away.mind.say("show me what you can do", api);
    await untilIdle(away);
    assert.match((await told).reply, /my body/i);
    assert.ok(!away.robot.lines.some((line) => /^(?:ATTENTION|NOD)/.test(line)));
  });

  it("G9: not when somebody asks not to", async () => {
    const rig = await testConversation();
    void rig.mind.say("don't show me what you can do", api);
    await untilIdle(rig);
    assert.ok(!rig.robot.lines.some((line) => line.startsWith("ATTENTION")));
  });
});
