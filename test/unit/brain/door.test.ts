// A model of one's own behind its door (G10, A3): what a request shares with the one before is not read again; one that is
// ended stops; whatever a model or a client does wrong is named and ends. The runtime is a double.
import assert from "node:assert/strict";
import { after, before, beforeEach, describe, it } from "node:test";
import { BrainDoor } from "../../../src/brain/door.js";
import { threadsFor } from "../../../src/brain/load.js";
import type { Written } from "../../../src/brain/writer.js";
import { FakeClock } from "../../../src/time/fake-clock.js";
import { systemClock } from "../../../src/time/clock.js";
import { until } from "../../../src/time/until.js";
import { fakeRuntime, type FakeRuntime } from "../../support/fake-runtime.js";

const TOKEN = "the token of this run";
const SYSTEM = { role: "system", content: "You are a small robot that answers in few words." };

describe("the door of one's own model", () => {
  let runtime: FakeRuntime;
  let door: BrainDoor;
  let url: string;
  const written: Written[] = [];
  const failures: string[] = [];
  let stuck = 0;
  const clock = new FakeClock();

  const open = async (contextSize?: number): Promise<void> => {
    runtime = fakeRuntime(contextSize);
    door = new BrainDoor({
      name: "tiny",
      token: TOKEN,
      writer: runtime.writer,
      clock,
      onWritten: (one) => written.push(one),
      onFailed: (why) => failures.push(why),
      onStuck: () => stuck++,
    });
    url = `http://${await door.open(0)}/v1`;
    written.splice(0);
    failures.splice(0);
  };
  before(() => open());
  after(() => door.close());
  beforeEach(async () => {
    await door.close();
    await open();
  });

  const post = (body: unknown, init: RequestInit = {}): Promise<Response> =>
    fetch(`${url}/chat/completions`, {
      method: "POST",
      headers: { authorization: `Bearer ${TOKEN}` },
      body: typeof body === "string" ? body : JSON.stringify(body),
      ...init,
    });
  const ask = (...said: readonly string[]): Promise<Response> => {
    const messages = said.map((content, i) => ({ role: i % 2 ? "assistant" : "user", content }));
    return post({ model: "tiny", messages: [SYSTEM, ...messages] });
  };
  const textOf = async (response: Response): Promise<string> =>
    ((await response.json()) as { choices: { message: { content: string } }[] }).choices[0]?.message
      .content ?? "";
  const reasonOf = async (response: Response): Promise<string> =>
    ((await response.json()) as { error: { message: string } }).error.message;

  it("G10: without the token of this run nothing is answered", async () => {
    for (const authorization of ["", "Bearer of bad news", "Bearer "]) {
      const response = await post({}, { headers: { authorization } });
      assert.equal(response.status, 401);
    }
    assert.equal(runtime.begun, 0);
  });

  it("G10: answers whole and as a stream, with the figures of its tokens", async () => {
    assert.equal(await textOf(await ask("Hello")), "Hello.");
    runtime.replies = [() => "Ça va 👋."];
    const stream = await post({ model: "tiny", stream: true, messages: [SYSTEM] });
    const events = (await stream.text()).trim().split("\n\n");
    assert.equal(events.at(-1), "data: [DONE]");
    const chunks = events.slice(0, -1).map(
      (event) =>
        JSON.parse(event.slice("data: ".length)) as {
          choices: { delta: { content?: string }; finish_reason: string | null }[];
          usage?: Record<string, unknown>;
        },
    );
    assert.equal(
      chunks.map(({ choices }) => choices[0]?.delta.content ?? "").join(""),
      "Ça va 👋.",
    );
    assert.equal(chunks.at(-2)?.choices[0]?.finish_reason, "stop");
    assert.equal(chunks.at(-1)?.usage?.["completion_tokens"], 8);
    const list = await fetch(`${url}/models`, { headers: { authorization: `Bearer ${TOKEN}` } });
    assert.match(await list.text(), /"id":"tiny"/);
  });

  it("G4: what a request shares with the one before is not read again", async () => {
    await ask("Hello");
    const first = written.at(-1) as Written;
    assert.equal(first.keptTokens, 0);
    await ask("Hello", "Hello.", "How are you?");
    const second = written.at(-1) as Written;
    assert.equal(second.keptTokens, first.promptTokens + "Hello.".length, "the reply as well");
    assert.equal(second.promptTokens - second.keptTokens, "user:How are you?\nB:".length);
    await ask("Hello", "Hello.", "How are you?");
    const again = written.at(-1) as Written;
    assert.equal(again.promptTokens - again.keptTokens, 1, "the last one always is");
  });

  it("G10: the beginning is not put there twice", async () => {
    await ask("Hello");
    const laidOut = `system:${SYSTEM.content}\nuser:Hello\nB:`;
    assert.equal(written.at(-1)?.promptTokens, laidOut.length + 1);
  });

  it("A3: a request that is ended stops, and the next one is taken", async () => {
    let words = 0;
    runtime.replies = [
      function* () {
        for (;;) yield String.fromCharCode(97 + (words++ % 26));
      },
      () => "Yes.",
    ];
    const owner = new AbortController();
    const messages = [SYSTEM, { role: "user", content: "Tell me all" }];
    const response = await post(
      { model: "tiny", stream: true, max_tokens: 1000, messages },
      { signal: owner.signal },
    );
    const reader = response.body?.getReader();
    await reader?.read();
    owner.abort();
    await until("the end of the work", 5000, () => runtime.ended === 1);
    assert.ok(words <= 1000);
    assert.equal(await textOf(await ask("And now?")), "Yes.");
    assert.deepEqual(failures, []);
  });

  it("A3: one that is ended while it reads stops between two pieces", async () => {
    let pieces = 0;
    let go = (): void => undefined;
    runtime.onRead = () =>
      ++pieces === 2 ? new Promise((resolve) => (go = resolve)) : Promise.resolve();
    const owner = new AbortController();
    const response = post(
      { model: "tiny", messages: [SYSTEM, { role: "user", content: "x".repeat(1500) }] },
      { signal: owner.signal },
    );
    await until("the second piece", 5000, () => pieces === 2);
    owner.abort();
    await assert.rejects(response);
    // The door learns of it by its own connection.
    await clockTurns();
    go();
    assert.equal(await textOf(await ask("Hello")), "Hello.");
    assert.equal(pieces > 2, true);
    assert.equal(runtime.begun, 1, "the first one never came to its words");
  });

  it("A3: a runtime that does not stop is told to its owner", async () => {
    const hung = new BrainDoor({
      name: "tiny",
      token: TOKEN,
      clock,
      writer: { write: () => new Promise(() => undefined) },
      onWritten: () => undefined,
      onFailed: () => undefined,
      onStuck: () => stuck++,
    });
    const at = await hung.open(0);
    const leaving = new AbortController();
    const asked = fetch(`http://${at}/v1/chat/completions`, {
      method: "POST",
      headers: { authorization: `Bearer ${TOKEN}` },
      body: JSON.stringify({ model: "tiny", messages: [SYSTEM] }),
      signal: leaving.signal,
    });
    await clockTurns();
    leaving.abort();
    await assert.rejects(asked);
    stuck = 0;
    await until("it is told", 5000, async () => {
      await clock.advance(20_000);
      return stuck === 1;
    });
    void hung.close();
  });

  it("A3: a model that writes for ever, the same for ever, or nothing, ends", async () => {
    runtime.replies = [
      function* () {
        for (let i = 0; ; i++) yield String.fromCharCode(97 + (i % 26));
      },
    ];
    const long = await post({ model: "tiny", max_tokens: 100_000, messages: [SYSTEM] });
    assert.match(await long.text(), /"finish_reason":"length"/);
    assert.equal(written.at(-1)?.tokens, 1000, "however many were asked for");
    runtime.replies = [
      function* () {
        for (;;) yield "a";
      },
    ];
    assert.equal((await textOf(await ask("Hello"))).length, 12);
    assert.equal(written.at(-1)?.finish, "loop");
    runtime.replies = [() => ""];
    assert.equal(await textOf(await ask("Hello")), "");
  });

  it("A3: a runtime that fails is named, and what it had read is read anew", async () => {
    runtime.replies = [
      function* () {
        yield "H";
        throw new Error("logits are NaN");
      },
      () => "Yes.",
    ];
    const failed = await ask("Hello");
    assert.equal(failed.status, 500);
    assert.equal(await reasonOf(failed), "logits are NaN");
    assert.deepEqual(failures, ["logits are NaN"]);
    assert.equal(await textOf(await ask("Hello")), "Yes.");
    assert.equal(written.at(-1)?.keptTokens, 0);
  });

  it("A3: more than the context holds is refused with the figures; a reply is cut to what is left", async () => {
    await door.close();
    await open(300);
    const long = await ask("x".repeat(300));
    assert.equal(long.status, 400);
    assert.match(await long.text(), /the context holds 300.*"code":"context_length_exceeded"/);
    runtime.replies = [
      function* () {
        for (let i = 0; ; i++) yield String.fromCharCode(97 + (i % 26));
      },
    ];
    await ask("x".repeat(100));
    const { promptTokens, tokens } = written.at(-1) as Written;
    assert.equal(promptTokens + tokens, 300);
  });

  it("A3: a third request at once, and what is no request, are refused by name", async () => {
    let go = (): void => undefined;
    runtime.onRead = () => new Promise((resolve) => (go = resolve));
    const first = ask("one");
    const second = ask("two");
    await clockTurns();
    const third = await until("a refusal", 5000, async () => {
      const response = await ask("three", "", "four");
      return response.status === 429 ? response : undefined;
    });
    assert.equal(third.headers.get("retry-after"), "1");
    runtime.onRead = () => Promise.resolve();
    go();
    assert.equal((await first).status, 200);
    assert.equal((await second).status, 200);
    assert.match(await reasonOf(await post("{")), /not JSON/);
    assert.match(await reasonOf(await post({ model: "tiny" })), /messages/);
    assert.equal((await post("x".repeat(600_000))).status, 413);
    const headers = { authorization: `Bearer ${TOKEN}` };
    assert.equal((await fetch(`${url}/embeddings`, { headers })).status, 404);
  });

  it("G10: a grammar is made once and held to", async () => {
    const grammar = 'root ::= "yes" | "no"';
    for (let i = 0; i < 2; i++) await post({ model: "tiny", grammar, messages: [SYSTEM] });
    assert.deepEqual(runtime.grammars, [grammar]);
    assert.ok(runtime.options.every((options) => "grammarEvaluationState" in options));
  });

  it("G10: while the machine is late others are left half of the time", async () => {
    let slept = 0;
    let now = 0;
    const own = {
      ...systemClock,
      // Each look at the clock costs a millisecond: work that is done.
      nowMs: () => now++,
      sleep: (ms: number) => Promise.resolve(void (slept += ms)),
    };
    const late = fakeRuntime(2000, own, () => true);
    await late.writer.write(
      { messages: [], tokensMax: 100, temperature: 0, seed: 1, grammar: undefined },
      new AbortController().signal,
      () => undefined,
    );
    assert.ok(slept >= "Hello.".length, `slept ${slept} ms of ${now}`);
    assert.equal(threadsFor(1), 1);
    assert.equal(threadsFor(2), 1);
    assert.equal(threadsFor(8), 7);
    assert.equal(threadsFor(64), 8);
  });
});

/** Lets what has come by the network be taken. */
async function clockTurns(): Promise<void> {
  for (let i = 0; i < 20; i++) await new Promise((resolve) => setImmediate(resolve));
}
