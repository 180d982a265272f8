// From a streamed reply to sentences. Properties that must hold: the same sentences however the stream is cut; tags,
// thoughts, markup and links are not spoken; what is held back is bounded; a stuck model is recognised.
import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { isRepeating } from "../../../../src/conversation/reply/repetition.js";
import {
  ReplyParser,
  type ParsedSentence,
} from "../../../../src/conversation/reply/reply-parser.js";
import { seededChance } from "../../../../src/time/chance.js";

function parse(reply: string, cut: (at: number) => number = () => reply.length): ParsedSentence[] {
  const parser = new ReplyParser();
  const found: ParsedSentence[] = [];
  for (let at = 0; at < reply.length;) {
    const length = Math.max(1, cut(at));
    found.push(...parser.feed(reply.slice(at, at + length)));
    at += length;
  }
  return [...found, ...parser.end()];
}

const texts = (sentences: readonly ParsedSentence[]): string[] => sentences.map(({ text }) => text);
const words = (reply: string): string[] => texts(parse(reply)).filter((text) => text !== "");
const moved = (reply: string): unknown[] =>
  parse(reply).map(({ text, wishes }) => ({ text, wishes }));

describe("reply parser", () => {
  it("splits sentences, not numbers and titles", () => {
    assert.deepEqual(words("Hello there! It costs 3.50 today. Dr. Smith said so. Bye"), [
      "Hello there!",
      "It costs 3.50 today.",
      "Dr. Smith said so.",
      "Bye",
    ]);
    assert.deepEqual(words("What?! Really... yes."), ["What?!", "Really...", "yes."]);
    assert.deepEqual(words("你好。我很好！"), ["你好。", "我很好！"]);
    assert.deepEqual(words("मैं ठीक हूँ। आप कैसे हैं? كيف حالك؟ بخير."), [
      "मैं ठीक हूँ।",
      "आप कैसे हैं?",
      "كيف حالك؟",
      "بخير.",
    ]);
    assert.deepEqual(
      words("Am 3. Oktober, d. h. bald bzw. demnächst. Gut. M. Durand et Mme. Petit."),
      ["Am 3. Oktober, d. h. bald bzw. demnächst.", "Gut.", "M. Durand et Mme. Petit."],
    );
  });

  it("gives the first sentence as soon as something follows its full stop", () => {
    const parser = new ReplyParser();
    assert.deepEqual(parser.feed("See example."), [], "it may become example.com");
    assert.deepEqual(texts(parser.feed(" ")), ["See example."]);
    const careful = new ReplyParser();
    assert.deepEqual(careful.feed("It costs about 3."), [], "3. may become 3.5");
  });

  it("takes an action that is called as a function for a wish, however it is cut, and words for words", () => {
    const reply =
      'Sure, nod(2) I agree. express("content") Look( at that: shake(9) see look(ahead).';
    for (const size of [1, 2, 5, reply.length]) {
      const found = parse(reply, () => size);
      assert.deepEqual(
        found.flatMap(({ wishes }) => wishes),
        ["nod:2", "express:content", "shake:9"],
      );
      const said = found.map(({ text }) => text).join(" ");
      assert.equal(said, "Sure, I agree. Look( at that: see look(ahead).");
    }
  });

  it("takes tags out, gives them to their sentence, and keeps the last ones", () => {
    assert.deepEqual(moved("[nod:2] Yes, of course. [express:content] It is nice here. [sigh]"), [
      { text: "Yes, of course.", wishes: ["nod:2"] },
      { text: "It is nice here.", wishes: ["express:content"] },
      { text: "", wishes: ["sigh"] },
    ]);
  });

  it("is the same however the stream is cut (seeded, 300 cuts)", () => {
    const reply =
      "<think>Hm, [nod] maybe</think>[nod:2] **Yes**, see [the page](http://x.y/z) or http://a.b. " +
      "1. First point here. 2 < 3 and [unknown tag] so on. A [tag that does not close and goes on for very long indeed, yes] end.";
    const whole = parse(reply);
    for (let seed = 1; seed <= 300; seed++) {
      const chance = seededChance(seed);
      const cut = parse(reply, () => 1 + Math.floor(chance.next() * 9));
      assert.equal(
        cut.map(({ text }) => text).join(" "),
        whole.map(({ text }) => text).join(" "),
        `seed ${seed}`,
      );
      assert.deepEqual(
        cut.flatMap(({ wishes }) => wishes),
        whole.flatMap(({ wishes }) => wishes),
        `seed ${seed}`,
      );
    }
    const text = whole.map((sentence) => sentence.speech).join(" ");
    assert.doesNotMatch(text, /think|\*|http|unknown tag/);
    assert.match(text, /2 < 3/);
    const shown = whole.map((sentence) => sentence.text).join(" ");
    assert.match(shown, /http:\/\/a\.b/, "what is not spoken is shown");
  });

  it("thoughts and tool calls that a server left in the text are not spoken", () => {
    const call = '{"name": "robot_action", "arguments": {"action": "nod:2"}}';
    assert.deepEqual(words(`Sure, here.\n<tool_call>\n${call}\n</tool_call>`), ["Sure, here."]);
    assert.deepEqual(words("<thinking>A plan. Yes.</thinking>Hello there."), ["Hello there."]);
    assert.deepEqual(words("<reasoning>No.</reasoning>1 <2, </b> is text."), [
      "1 <2, </b> is text.",
    ]);
    // Where the template of the model has opened the thought, only its end is sent.
    assert.deepEqual(words("I say hello.\n</think>\n\nHello there."), ["Hello there."]);
    const parser = new ReplyParser();
    const cut = [..."<tool_call>{}</tool_call>Done now."].flatMap((char) => parser.feed(char));
    assert.deepEqual(
      [...cut, ...parser.end()],
      [{ text: "Done now.", speech: "Done now.", wishes: [] }],
    );
  });

  it("a thought that never ends is never spoken and never grows", () => {
    const parser = new ReplyParser();
    for (let i = 0; i < 1000; i++)
      assert.deepEqual(parser.feed(`<think>thought ${i} `.slice(i ? 7 : 0)), []);
    assert.deepEqual(parser.end(), []);
  });

  it("cuts a sentence that does not end, and a reply that does not", () => {
    const [first] = words(`${"word ".repeat(80)}end.`);
    assert.ok((first?.length ?? 999) <= 241);
    const parser = new ReplyParser();
    for (let i = 0; i < 400 && parser.limit === undefined; i++)
      parser.feed(`Sentence number ${i} is here. `);
    assert.equal(parser.limit, "long");
  });

  it("recognises a model that says the same for ever, not laughter", () => {
    assert.equal(isRepeating("I am a teapot. ".repeat(6)), true);
    assert.equal(isRepeating("a".repeat(100)), true);
    assert.equal(isRepeating("Ha ha ha ha! That is a good one."), false);
    assert.equal(
      isRepeating("No no no no, I did not say that at all, I said something else."),
      false,
    );
    const parser = new ReplyParser();
    for (let i = 0; i < 100 && parser.limit === undefined; i++) parser.feed("never ending story ");
    assert.equal(parser.limit, "repeats");
  });
});
