// What of a model's stream is speech, in the forms that models write (G3, A3). Properties that must hold: each row is said, shown,
// moved and remembered as it says; the same however the stream is cut, at every character and at every byte.
import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { ReplyFlow } from "../../../../src/conversation/reply-flow.js";
import { ActionGate } from "../../../../src/conversation/reply/actions.js";
import { MODEL_STREAM, openaiEvents, serviceTurn } from "../../../support/model-bytes.js";
import { CALLS } from "./noise-calls.js";
import { LOOKS } from "./noise-looks.js";
import { THOUGHTS } from "./noise-thoughts.js";

const NOISE = [...THOUGHTS, ...CALLS, ...LOOKS];

interface Outcome {
  said: string[];
  shown: string[];
  moved: string[];
}

/** @param cuts where the text is cut, ascending. */
function flowOf(text: string, cuts: readonly number[]): Outcome {
  const gate = new ActionGate();
  const outcome: Outcome = { said: [], shown: [], moved: [] };
  const nothing = (): void => undefined;
  const flow = new ReplyFlow(
    {
      model: nothing,
      firstToken: nothing,
      words: nothing,
      reset: nothing,
      usage: nothing,
      recant: () => {
        outcome.said.splice(0);
        outcome.shown.splice(0);
      },
      sentence: ({ text: shown, speech, wishes }) => {
        if (speech !== "") outcome.said.push(speech);
        if (shown !== "") outcome.shown.push(shown);
        for (const wish of wishes) {
          const line = gate.admit(wish, "t1", 0);
          if (line !== undefined) outcome.moved.push(line);
        }
      },
    },
    {
      said: "Hi.",
      speaker: { self: "Buddy", person: "Tom", language: "en" },
      lastReply: "Good morning.",
    },
  );
  flow.began(false);
  let at = 0;
  for (const cut of [...cuts, text.length]) {
    const verdict = flow.text(text.slice(at, cut));
    at = cut;
    if (verdict !== "more") break;
  }
  flow.end();
  return outcome;
}

describe(`the noise of models: ${NOISE.length} forms`, () => {
  it("there are sixty rows and more", () => assert.ok(NOISE.length >= 60));

  for (const { what, text, said, moved = [], shown = said } of NOISE) {
    it(`G3 ${what}`, () => {
      const expected = { said, shown, moved };
      assert.deepEqual(flowOf(text, []), expected, "as a whole");
      const every = Array.from({ length: text.length - 1 }, (_, index) => index + 1);
      assert.deepEqual(flowOf(text, every), expected, "character by character");
      for (const cut of every) assert.deepEqual(flowOf(text, [cut]), expected, `cut at ${cut}`);
    });
  }

  it("A3: as bytes of a service, byte by byte, through the whole conversation", async () => {
    for (const { what, text, said, moved = [], shown = said } of NOISE) {
      // Nothing to say is no reply: then Buddy answers by itself.
      if (shown.length === 0 && moved.length === 0) continue;
      const turn = await serviceTurn({
        answers: [{ headers: MODEL_STREAM, body: openaiEvents(text) }],
        said: "Hi.",
        bytesAtOnce: 1,
      });
      assert.deepEqual(turn.spoken, said, what);
      assert.deepEqual(turn.moved, moved, what);
      assert.equal(turn.remembered, shown.join(" "), what);
      assert.equal(turn.asked.length, 1, what);
    }
  });
});
