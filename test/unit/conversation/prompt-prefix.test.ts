// A model at home reads anew whatever follows the first difference to the request before (G4). Properties that must hold: rules,
// character and tools stay byte-identical; consecutive requests share all but the newest 150 tokens, over 30 turns
// in which minutes and moods pass and facts are learned; old turns leave in blocks; what is true now is told all the same.
import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { CALM_WORLD } from "../../support/conversation.js";
import {
  MODEL_STREAM,
  openaiEvents,
  ServiceRig,
  type ServiceRequest,
} from "../../support/model-bytes.js";

const TURNS = 30;
const NEW_TOKENS_MAX = 150;
/** English text; a tokenizer gives four and more. */
const CHARS_PER_TOKEN = 4;
const MOODS = ["EXCITED", "BORED", "CURIOUS", "ANXIOUS", "CONTENT"];

/** As a template lays a request out: what never changes, then the messages one after the other. */
function laidOut({ body }: ServiceRequest): { fixed: string; text: string } {
  const { messages, ...rest } = body as { messages: { role: string; content: string }[] };
  const [system, ...said] = messages;
  return {
    fixed: JSON.stringify({ ...rest, system }),
    text: said.map(({ role, content }) => `<${role}>${content}`).join(""),
  };
}

function sharedLength(one: string, other: string): number {
  let length = 0;
  while (length < one.length && one[length] === other[length]) length++;
  return length;
}

describe("the prefix of requests", () => {
  it(`G4: ${TURNS} turns share all but the newest ${NEW_TOKENS_MAX} tokens`, async () => {
    const reply = "I see. That sounds like a good plan to me. What comes next?";
    {
      const rig = await ServiceRig.open({
        answers: [{ headers: MODEL_STREAM, body: openaiEvents(reply) }],
      });
      try {
        for (let turn = 0; turn < TURNS; turn++) {
          rig.rig.world = {
            ...CALM_WORLD,
            emotion: MOODS[turn % MOODS.length] as string,
            social: (turn % 10) / 10,
            faces: turn % 3,
          };
          const learned = turn % 7 === 3 ? ` Remember that box ${turn} is blue.` : "";
          await rig.say(`This is thing number ${turn} of the day.${learned}`);
          await rig.rig.clock.advance(61_000);
        }
        assert.equal(rig.asked.length, TURNS);
        let breaks = 0;
        for (let i = 1; i < TURNS; i++) {
          const before = laidOut(rig.asked[i - 1] as ServiceRequest);
          const now = laidOut(rig.asked[i] as ServiceRequest);
          assert.equal(now.fixed, before.fixed, `turn ${i}: what never changes has changed`);
          const newChars = before.text.length - sharedLength(before.text, now.text);
          if (newChars > NEW_TOKENS_MAX * CHARS_PER_TOKEN) breaks++;
        }
        assert.equal(breaks, 0, "some request does not begin as the one before");
        const last = laidOut(rig.asked.at(-1) as ServiceRequest).text;
        assert.match(last, /Now: .*You feel content\./, "what is true now is told");
        assert.match(last, /box 24 is blue/, "what was learned meanwhile, too");
      } finally {
        rig.close();
      }
    }
  });

  it("G4: a full history leaves in blocks: most requests begin as the one before", async () => {
    const rig = await ServiceRig.open({
      answers: [
        { headers: MODEL_STREAM, body: openaiEvents("I see. That sounds like a good plan to me.") },
      ],
    });
    try {
      for (let turn = 0; turn < TURNS; turn++) {
        await rig.say(`Thing ${turn}: ${"a rather long tale of it ".repeat(14)}`);
      }
      const texts = rig.asked.map((request) => laidOut(request).text);
      const breaks = texts.slice(1).filter((text, index) => {
        const before = texts[index] as string;
        return before.length - sharedLength(before, text) > NEW_TOKENS_MAX * CHARS_PER_TOKEN;
      });
      assert.ok(
        breaks.length >= 1 && breaks.length <= 4,
        `${breaks.length} breaks in ${TURNS} turns`,
      );
      assert.ok(texts.every((text) => text.length < 8000));
    } finally {
      rig.close();
    }
  });

  it("after two hours of silence a new conversation begins", async () => {
    const rig = await ServiceRig.open({
      answers: [{ headers: MODEL_STREAM, body: openaiEvents("I see.") }],
    });
    try {
      await rig.say("The first thing.");
      await rig.rig.clock.advance(3 * 3_600_000);
      await rig.say("The second thing.");
      assert.doesNotMatch(rig.asked.at(-1)?.text ?? "", /first thing/);
    } finally {
      rig.close();
    }
  });
});
