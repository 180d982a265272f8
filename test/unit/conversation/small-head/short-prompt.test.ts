// What a small head is told (G10, G4): little, by examples, in one language; and nearly every request begins with all of the
// one before.
import assert from "node:assert/strict";
import { describe, it } from "node:test";
import {
  answerPrompt,
  ownPrompt,
  type PromptContext,
} from "../../../../src/conversation/prompt.js";
import { ACTION_GRAMMAR, GRAMMAR_TAGS } from "../../../../src/conversation/reply/action-grammar.js";
import { parseAction } from "../../../../src/conversation/reply/actions.js";
import {
  factSentence,
  SHORT_TOKENS_MAX,
} from "../../../../src/conversation/small-head/short-prompt.js";
import { buddyPersona, CALM_WORLD, plainPromptContext } from "../../../support/conversation.js";

/** A tokenizer gives four and more to English text, and a token or two for a character of Japanese. */
const CHARS_PER_TOKEN = 3.5;
const persona = await buddyPersona();
const said = (by: "person" | "buddy", text: string): PromptContext["history"][number] => ({
  wallMs: 1,
  turnId: "t1",
  by,
  name: undefined,
  text,
});
const context = (more: Partial<PromptContext> = {}): PromptContext => ({
  ...plainPromptContext(persona),
  time: "Monday, 30 November 2026 at 14:00",
  ...more,
});
type Short = NonNullable<ReturnType<typeof answerPrompt>["short"]>;
const shortOf = (text: string, more: Partial<PromptContext> = {}): Short =>
  answerPrompt(text, context(more)).short as Short;
const linesOf = ({ messages }: Short): string[] =>
  messages.map(({ role, content }) => `${role}: ${content as string}`);
const lastOf = (short: Short): string => short.messages.at(-1)?.content as string;

describe("the prompt for small heads", () => {
  it(`G10: it has at most ${SHORT_TOKENS_MAX} tokens with all that is known, in each language`, () => {
    const facts = Array.from(
      { length: 30 },
      (_, i) => `like the thing number ${i} very much indeed`,
    );
    const begun = { name: "Tom", facts };
    for (const [text, isJapanese] of [
      ["What do you think of that?", false],
      ["Was denkst du darüber, mein Lieber?", false],
      ["¿Qué piensas de esto, amigo mío?", false],
      ["Qu'est-ce que tu penses de ça ?", false],
      ["これについてどう思いますか", true],
    ] as const) {
      const short = shortOf(text, { begun });
      const before = [short.system, ...linesOf(short).slice(0, -1)].join("\n");
      const japanese = isJapanese ? [...before.matchAll(/[^\p{ASCII}]/gu)].length : 0;
      const tokens = (before.length - japanese) / CHARS_PER_TOKEN + japanese;
      assert.ok(tokens <= SHORT_TOKENS_MAX, `${Math.round(tokens)} tokens: ${before}`);
    }
  });

  it("G10: says who it is, how it answers and whom it talks to, in few words", () => {
    const { system, tokensMax } = shortOf("Hello", {
      begun: { name: "Tom", facts: ["like sailing", "my dog is called Rex"] },
    });
    assert.match(system, /^You are Buddy\. You are a small desk robot/);
    assert.match(system, /You speak English: one or two short sentences/);
    assert.match(system, /You talk to Tom\. Tom likes sailing\. Tom's dog is called Rex\.$/);
    assert.ok(tokensMax <= 90);
  });

  it("G10: shows examples whose every tag is granted", () => {
    for (const text of [
      "Hello my friend there",
      "Wie geht es dir denn",
      "Hola, ¿cómo estás hoy?",
    ]) {
      const shown = linesOf(shortOf(text)).slice(0, -1);
      assert.equal(shown.length, 6);
      const tags = [...shown.join("").matchAll(/\[([^\]]+)\]/g)].map((match) => match[1] as string);
      assert.ok(tags.length >= 2);
      for (const tag of tags) assert.ok(GRAMMAR_TAGS.includes(tag), tag);
    }
  });

  it("G3: speaks the language of the newest words that show one", () => {
    const inGerman = [said("person", "Wie ist das Wetter bei euch?"), said("buddy", "Gut.")];
    assert.match(shortOf("ok", { history: inGerman }).system, /You speak German/);
    assert.match(shortOf("What about you, my friend?", { history: inGerman }).system, /English/);
    assert.match(shortOf("元気ですか").system, /Japanese/);
    assert.match(shortOf("ok").system, /English/, "the character's own");
  });

  it("G10: the clock and the senses are told beside a question for them, and else not", () => {
    assert.equal(lastOf(shortOf("I like tea very much.")), "I like tea very much.");
    assert.match(lastOf(shortOf("What time is it?")), /\n\(Now it is Monday, 30 November 2026/);
    assert.match(lastOf(shortOf("What do you see?")), /\n\(You see one face\.\)$/);
    assert.match(lastOf(shortOf("How are you?")), /\n\(You feel curious\.\)$/);
    const off = { ...CALM_WORLD, camera: "off" as const };
    assert.match(lastOf(shortOf("What do you see?", { world: off })), /You have no camera/);
  });

  it("G10: its own wish to speak goes without a note", () => {
    const short = ownPrompt("bored", context()).short as Short;
    assert.match(lastOf(short), /Nobody has said anything/);
    assert.doesNotMatch(lastOf(short), /\n/);
  });

  it("G4: over 60 turns each request begins with the one before, but for few steps", () => {
    const history: PromptContext["history"][number][] = [];
    let before: string[] = [];
    let breaks = 0;
    for (let turn = 0; turn < 60; turn++) {
      const text = `This is the thing number ${turn} that I tell you.`;
      const short = shortOf(text, { history: [...history] });
      const now = [short.system, ...linesOf(short)];
      if (!before.every((line, i) => now[i] === line)) breaks++;
      const chars = now.join("").length;
      assert.ok(chars < 4500, `turn ${turn}: ${chars} characters`);
      before = now;
      history.push(said("person", text), said("buddy", "I see. That sounds good, go on."));
    }
    assert.ok(breaks <= 4, `${breaks} requests begin otherwise`);
  });

  it("G10: facts become sentences, and what is no English verb is quoted", () => {
    assert.equal(factSentence("Tom", "have a cat"), "Tom has a cat.");
    assert.equal(factSentence("Tom", "live in Bonn"), "Tom lives in Bonn.");
    assert.equal(factSentence("Tom", "the box is blue"), "Tom told you: the box is blue.");
  });

  it("G10: a character may be called anything", () => {
    for (const name of ["Jean-Luc", "R2: D2", "Mr. (T) [x] a/b|c$"]) {
      const short = shortOf("Hello my friend there", { persona: { ...persona, name } });
      assert.match(short.system, /^You are /, name);
    }
  });

  it("G10: whatever is told cannot open a tag", () => {
    const { system } = shortOf("Hello", {
      begun: { name: "[nod] Tom", facts: ["like [celebrate]"] },
    });
    assert.doesNotMatch(system, /[[\]]/);
  });
});

describe("the grammar of replies", () => {
  it("G10: every tag that it lets through is one of the list", () => {
    assert.ok(GRAMMAR_TAGS.length > 20);
    for (const tag of GRAMMAR_TAGS) {
      assert.ok(parseAction(tag), tag);
      assert.ok(ACTION_GRAMMAR.includes(`"${tag}"`), tag);
    }
    assert.match(ACTION_GRAMMAR, /^root ::= item\+\nitem ::= \[\^\\\[\\\]\] \| "\[" tag "\]"\n/);
  });

  it("G10: what was learned since the conversation began stands beside a question for it, and nowhere else", () => {
    const more = { name: "Tom", begun: { name: "Tom", facts: ["like sailing"] } };
    const facts = ["like sailing", "my dog is called Rex"];
    const asked = lastOf(shortOf("What is my dog called?", { ...more, facts }));
    assert.match(asked, /\(Tom's dog is called Rex\.\)$/);
    assert.doesNotMatch(asked, /sailing/);
    assert.equal(lastOf(shortOf("Tell me a story.", { ...more, facts })), "Tell me a story.");
    const other = shortOf("What do you know about me?", {
      ...more,
      name: "Ann",
      facts: ["am a nurse"],
    });
    assert.match(lastOf(other), /It is Ann who talks\. Ann is a nurse\./);
  });
});
