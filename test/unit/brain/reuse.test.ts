// What a model of one's own need not read again (A3, G10), and what it is kept from saying again: pure functions of tokens.
import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { repeatingTokens, reusable } from "../../../src/brain/reuse.js";
import type { Token } from "../../../src/brain/runtime-api.js";
import { type FakeBias, fakeRuntime } from "../../support/fake-runtime.js";

/** Tokens `from` to `to`, all different. */
const run = (from: number, to: number): Token[] =>
  Array.from({ length: to - from }, (_, i) => (from + i) as Token);

describe("A3, G10: what stays in the context", () => {
  const character = run(0, 100);
  const old = run(100, 180);
  const rest = run(200, 260);

  it("all that is the same, up to the first difference", () => {
    const held = [...character, ...old];
    assert.deepEqual(reusable(held, [...held, ...run(300, 320)]), {
      gap: { start: 180, end: 180 },
      end: 180,
    });
    const changed = reusable(held, [...character, ...run(300, 390)]);
    assert.deepEqual(changed, { gap: { start: 100, end: 100 }, end: 100 });
  });

  it("old turns leave in the middle: what stands behind them is moved, not read again", () => {
    const held = [...character, ...old, ...rest, ...run(500, 520)];
    const found = reusable(held, [...character, ...rest, ...run(600, 640)]);
    assert.deepEqual(found, { gap: { start: 100, end: 180 }, end: 240 });
  });

  it("what was said twice is taken where most of the rest stands behind it", () => {
    const said = run(200, 240);
    const held = [...character, ...old, ...said, ...run(300, 310), ...said, ...run(400, 450)];
    const found = reusable(held, [...character, ...said, ...run(400, 450), ...run(600, 640)]);
    assert.deepEqual(found, { gap: { start: 100, end: 230 }, end: 320 });
  });

  it("a few tokens in common are an accident", () => {
    const held = [...character, ...old, ...rest.slice(0, 31)];
    const found = reusable(held, [...character, ...rest]);
    assert.deepEqual(found, { gap: { start: 100, end: 100 }, end: 100 });
  });

  it("an empty context and an empty prompt keep nothing", () => {
    assert.equal(reusable([], character).end, 0);
    assert.equal(reusable(character, []).end, 0);
  });
});

describe("G10: words of the last replies are not said again", () => {
  const earlier = [run(0, 20)];

  it("the fourth token in a row makes the next one less likely, and each more of them still less", () => {
    assert.deepEqual([...repeatingTokens(earlier, run(0, 3))], []);
    const logits = [4, 6, 8, 16].map((said) =>
      repeatingTokens(earlier, run(0, said)).get(said as Token),
    );
    assert.ok((logits[0] as number) > 0.5, String(logits));
    assert.deepEqual(
      logits,
      [...logits].sort((a, b) => (a as number) - (b as number)),
    );
    assert.equal(logits.at(-1), 15);
  });

  it("wherever in the earlier reply it stood; with the longest run when there are several", () => {
    const twice = [[...run(10, 16), ...run(0, 8)] as Token[], run(2, 8)];
    const disliked = repeatingTokens(twice, [99 as Token, ...run(0, 6)]);
    assert.deepEqual([...disliked.keys()], [6]);
    assert.equal(disliked.get(6 as Token), repeatingTokens([run(0, 8)], run(0, 6)).get(6 as Token));
  });

  it("another word frees it", () => {
    assert.equal(repeatingTokens(earlier, [...run(0, 6), 99 as Token]).size, 0);
  });

  it("so a small model goes on with other words than in its last reply", async () => {
    const runtime = fakeRuntime();
    runtime.replies = [() => "You are my"];
    const messages = [
      { role: "user", content: "Hello" },
      { role: "assistant", content: "You are my friend." },
      { role: "user", content: "How are you?" },
    ] as const;
    const rest = { tokensMax: 90, temperature: 1, seed: 1, grammar: undefined };
    await runtime.writer.write(
      { messages, ...rest },
      new AbortController().signal,
      () => undefined,
    );
    const bias = runtime.options.at(-1)?.["tokenBias"] as () => FakeBias;
    const [[token, logit] = [], ...others] = bias().logits;
    assert.equal(String.fromCodePoint(token ?? 0), " ", "what stood behind it then");
    assert.ok((logit ?? 0) < -1, String(logit));
    assert.deepEqual(others, []);
  });
});
