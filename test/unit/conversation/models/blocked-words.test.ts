// What a service has blocked (A3). What must hold: it poisons nothing, neither later requests nor what was innocent.
import assert from "node:assert/strict";
import { describe, it } from "node:test";
import {
  geminiEvents,
  openaiEvents,
  ServiceRig,
  type ServiceAnswer,
} from "../../../support/model-bytes.js";
import { GEMINI, good, goodGemini, HELLO, refusal, said, stream } from "./service-form.js";

const BLOCKS: readonly (readonly [string, string, ServiceAnswer])[] = [
  ["OpenAI: content_filter", "openai/m", stream(openaiEvents("", "content_filter"))],
  [
    "Azure: 400 content_filter",
    "openai/m",
    refusal(400, {
      error: {
        message:
          "The response was filtered due to the prompt triggering Azure OpenAI's content management policy.",
        code: "content_filter",
      },
    }),
  ],
  [
    "OpenRouter: 403 moderation",
    "openai/m",
    refusal(403, {
      error: {
        code: 403,
        message: "Input was flagged by moderation",
        metadata: { reasons: ["violence"] },
      },
    }),
  ],
  [
    "Gemini: a blocked prompt",
    GEMINI,
    stream(said({ promptFeedback: { blockReason: "PROHIBITED_CONTENT" }, usageMetadata: {} })),
  ],
  ["Gemini: SAFETY", GEMINI, stream(geminiEvents("", "SAFETY"))],
  ["any 400", "openai/m", refusal(400, { error: { message: "Bad request." } })],
];

describe("what a service has blocked", () => {
  for (const [what, model, block] of BLOCKS) {
    it(`A3 ${what}: stays out of later requests`, async () => {
      const well = model === GEMINI ? goodGemini : good;
      const rig = await ServiceRig.open({ model, answers: [well] });
      try {
        await rig.say("Good morning to you.");
        rig.answers = Array.from({ length: 12 }, () => block);
        const blocked = await rig.say("Something dreadful.");
        assert.equal(blocked.report.safeMode, true);
        rig.answers = [well];
        const next = await rig.say("How are you?");
        assert.equal(next.spoken.join(" "), HELLO);
        const { text = "" } = next.asked[0] ?? {};
        assert.match(text, /Good morning to you/);
        assert.doesNotMatch(text, /Something dreadful/);
      } finally {
        rig.close();
      }
    });
  }

  it("A3: a poisoned history is left behind, and what was innocent is not blamed", async () => {
    const rig = await ServiceRig.open({ answers: [good] });
    try {
      await rig.say("Poison of yesterday.");
      // The first request was answered; the second is blocked, and all after it are answered.
      rig.answers = [good, BLOCKS[1]?.[2] as ServiceAnswer, good];
      const turn = await rig.say("How are you?");
      assert.equal(turn.spoken.join(" "), HELLO, "asked again without the older words");
      const next = await rig.say("And the weather?");
      assert.equal(next.asked.length, 1);
      assert.match(next.asked[0]?.text ?? "", /How are you\?/);
      assert.doesNotMatch(next.asked[0]?.text ?? "", /Poison/);
    } finally {
      rig.close();
    }
  });
});
