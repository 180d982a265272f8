// A model of Buddy's own among the others (G10, B3): it comes last by itself, is asked with the short prompt, held to the list of
// tags, passed over while it loads, and used again as soon as it serves. Its door is the real one, its runtime a double.
import assert from "node:assert/strict";
import { after, before, beforeEach, describe, it } from "node:test";
import { BrainDoor } from "../../../../src/brain/door.js";
import { NO_LOCAL_MODEL, type LocalModel } from "../../../../src/brain/local-model.js";
import { ChosenModels } from "../../../../src/conversation/models/chosen-models.js";
import { modelCalls } from "../../../../src/conversation/models/model-calls.js";
import {
  isLocal,
  parseModels,
  servicesOf,
  type ModelServices,
} from "../../../../src/conversation/models/model-refs.js";
import { defaultModels, ModelWatch } from "../../../../src/conversation/models/model-watch.js";
import { OfflineCharacter } from "../../../../src/conversation/offline.js";
import { answerPrompt } from "../../../../src/conversation/prompt.js";
import { ACTION_GRAMMAR } from "../../../../src/conversation/reply/action-grammar.js";
import { Thinker } from "../../../../src/conversation/thinker.js";
import { Resilience } from "../../../../src/resilience/resilience.js";
import { seededChance } from "../../../../src/time/chance.js";
import { systemClock } from "../../../../src/time/clock.js";
import { until } from "../../../../src/time/until.js";
import { buddyPersona, CALM_WORLD, plainPromptContext } from "../../../support/conversation.js";
import { fakeRuntime, type FakeRuntime } from "../../../support/fake-runtime.js";
import { policiesOf } from "../../../support/policies.js";
import { writtenReply } from "../../../support/replies.js";

const TOKEN = "the token of this run";
const persona = await buddyPersona();
const TOM = { name: "Tom", facts: ["like sailing"] };
const PROMPT = answerPrompt("Do you like the sea, my friend?", {
  ...plainPromptContext(persona),
  known: TOM,
  begun: TOM,
  ...TOM,
});

/** A model that a test lets come and go. */
class Own implements LocalModel {
  readonly name = "tiny";
  readonly token = TOKEN;
  readonly figures = "First word after 0.4 s.";
  isSmall = true;
  isAsked = false;
  wants = 0;
  isLoading = false;
  why: string | undefined;
  at: string | undefined;
  private readonly listeners = new Set<() => void>();
  private readonly modelListeners = new Set<() => void>();
  want(): void {
    this.wants++;
  }
  door(): string | undefined {
    return this.at;
  }
  whyNot(): string | undefined {
    return this.why;
  }
  onReady(listener: () => void): () => void {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  }
  onModel(listener: () => void): () => void {
    this.modelListeners.add(listener);
    return () => this.modelListeners.delete(listener);
  }
  change(): void {
    for (const listener of this.modelListeners) listener();
  }
  serve(): void {
    this.why = undefined;
    this.isLoading = false;
    for (const listener of this.listeners) listener();
  }
}

/** What BUDDY_MODELS says, where no Ollama runs. */
function chosenModels(
  models: string,
  more: Partial<ConstructorParameters<typeof ChosenModels>[0]>,
): ChosenModels {
  return new ChosenModels({
    clock: systemClock,
    policies: policiesOf(new Resilience({ clock: systemClock })),
    environment: { OLLAMA_HOST: "127.0.0.1:9", BUDDY_MODELS: models },
    choice: () => ({}),
    log: () => undefined,
    hide: () => undefined,
    onChange: () => undefined,
    ...more,
  });
}

describe("a model of Buddy's own among the others", () => {
  let runtime: FakeRuntime;
  let door: BrainDoor;
  let own: Own;
  let services: ModelServices;
  let watch: ModelWatch;
  before(async () => {
    runtime = fakeRuntime(8000);
    door = new BrainDoor({
      name: "tiny",
      token: TOKEN,
      writer: runtime.writer,
      clock: systemClock,
      onWritten: () => undefined,
      onFailed: () => undefined,
      onStuck: () => undefined,
    });
    own = new Own();
    own.at = await door.open(0);
  });
  after(() => door.close());
  beforeEach(() => {
    watch?.close();
    own.why = undefined;
    own.isSmall = true;
    services = servicesOf({ OLLAMA_HOST: "127.0.0.1:9" }, {}, own);
    const policies = policiesOf(new Resilience({ clock: systemClock }));
    watch = new ModelWatch(parseModels("local/tiny").models, {
      clock: systemClock,
      services,
      callsOf: (ref) => modelCalls(ref, policies),
      log: () => undefined,
      onChange: () => undefined,
    });
  });
  after(() => watch.close());

  const ask = async (): Promise<{ kind: string; text: string; usage: unknown }> => {
    const reply = writtenReply();
    const endMs = systemClock.nowMs() + 120_000;
    const { signal } = new AbortController();
    const result = await watch.chain.reply(PROMPT, endMs, signal, reply.events, () => undefined);
    return { kind: result.kind, text: reply.text, usage: reply.usage };
  };

  it("G10: it comes after everything that was set up, and only where there is one", async () => {
    const { signal } = new AbortController();
    assert.deepEqual(await defaultModels(services, signal), ["local/tiny"]);
    const keys = servicesOf({ OLLAMA_HOST: "127.0.0.1:9" }, { googleApiKey: "a key" }, own);
    assert.deepEqual(await defaultModels(keys, signal), ["google/gemini-2.5-flash", "local/tiny"]);
    own.isAsked = true;
    const named = await defaultModels(keys, signal);
    own.isAsked = false;
    assert.deepEqual(named, ["local/tiny", "google/gemini-2.5-flash"], "--brain FILE comes first");
    const none = servicesOf({ OLLAMA_HOST: "127.0.0.1:9" });
    assert.equal(none.local, NO_LOCAL_MODEL);
    assert.deepEqual(await defaultModels(none, signal), []);
    const [ref] = parseModels("local/tiny").models;
    assert.equal(ref && isLocal(ref, services), true, "a turn has the time of a model at home");
  });

  it("G10: it is asked with the short prompt and held to the list of tags", async () => {
    const answer = await ask();
    assert.equal(answer.kind, "done");
    assert.equal(answer.text, "Hello.");
    assert.deepEqual(runtime.grammars, [ACTION_GRAMMAR]);
    const { promptTokens } = answer.usage as { promptTokens: number };
    const short = PROMPT.short?.messages.map(({ content }) => content as string).join("") ?? "";
    assert.ok(promptTokens < short.length + (PROMPT.short?.system.length ?? 0) + 200);
    own.isSmall = false;
    const whole = (await ask()).usage as { promptTokens: number };
    assert.ok(whole.promptTokens > promptTokens + 300, "a large head is told all");
  });

  it("G10: who has not said which models is told how many there are; who has is not asked", async () => {
    const found: number[] = [];
    const choose = (models: string, local?: LocalModel): ChosenModels =>
      chosenModels(models, { local, onFound: (count) => found.push(count) });
    const unsaid = [choose(""), choose("", own)];
    for (const models of unsaid) models.search();
    await until("both", 10_000, () => found.length === 2);
    assert.deepEqual(found.toSorted(), [0, 1]);
    const said = ["none", "local/tiny"].map((models) => choose(models, own));
    for (const models of said) models.search();
    await until("the one that was named", 10_000, () => said[1]?.watch.view().length === 1);
    own.change();
    await until("it is looked for again", 10_000, () => found.length === 3);
    assert.deepEqual(found.at(-1), 1, "of those who have not said which");
    for (const models of [...unsaid, ...said]) models.close();
  });

  it("G10: it starts where it is asked, and not where BUDDY_MODELS does not name it", async () => {
    const rows = [
      ["local/tiny", 1],
      ["google/gemini-2.5-flash,local/tiny", 1],
      ["", 1],
      ["none", 0],
      ["google/gemini-2.5-flash", 0],
    ] as const;
    for (const [models, wants] of rows) {
      own.wants = 0;
      let looks = 0;
      const chosen = chosenModels(models, { local: own, onChange: () => looks++ });
      chosen.search();
      await until("they are looked for", 20_000, () => looks > 0);
      assert.equal(own.wants, wants, models);
      chosen.close();
    }
  });

  it("B3: while it loads it is passed over and says so, and it answers as soon as it serves", async () => {
    own.why = "It is being loaded";
    own.isLoading = true;
    assert.equal((await ask()).kind, "none");
    assert.deepEqual(watch.view(), [
      { name: "local/tiny", state: "loading", text: "It is being loaded." },
    ]);
    assert.equal(watch.chain.isLoading, true);
    own.serve();
    assert.equal((await ask()).text, "Hello.");
    assert.equal(watch.view()[0]?.text, "It answers. First word after 0.4 s.");
  });

  it("B3: failures of a process that is gone are forgotten when it is back", async () => {
    const there = own.at;
    own.at = undefined;
    for (let i = 0; i < 6; i++) assert.equal((await ask()).kind, "none");
    assert.equal(watch.view()[0]?.state, "down", "nobody waits for it");
    own.at = there;
    own.serve();
    assert.equal(watch.view()[0]?.state, "ready");
    assert.equal((await ask()).text, "Hello.");
  });

  it("G10: safe mode says once that its own head is on its way", async () => {
    own.why = "It is being loaded";
    own.isLoading = true;
    const character = new OfflineCharacter(seededChance(1));
    const thinker = new Thinker(() => watch.chain, character, systemClock);
    const spoken: string[][] = [];
    for (let i = 0; i < 2; i++) {
      const sentences: string[] = [];
      spoken.push(sentences);
      const result = await thinker.think(
        {
          said: "How are you?",
          trigger: undefined,
          line: undefined,
          prompt: PROMPT,
          speaker: { self: "Buddy", person: undefined, language: "en" },
          lastReply: "",
          offline: {
            world: CALM_WORLD,
            lines: persona.lines,
            time: "now",
            follow: { wholeOf: (said: string) => said },
            sinceMs: undefined,
            self: "Buddy",
            language: "en",
            wallMs: 0,
            name: undefined,
            facts: [],
          },
          endMs: systemClock.nowMs() + 120_000,
        },
        new AbortController().signal,
        {
          model: () => undefined,
          firstToken: () => undefined,
          words: () => undefined,
          reset: () => undefined,
          sentence: ({ text }) => sentences.push(text),
          recant: () => undefined,
          usage: () => undefined,
        },
      );
      assert.equal(result.isSafeMode, true);
    }
    assert.match(spoken[0]?.[0] ?? "", /still waking up/);
    assert.doesNotMatch(spoken[1]?.join(" ") ?? "", /waking up/);
  });
});
