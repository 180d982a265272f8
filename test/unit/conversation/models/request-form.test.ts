// How a model is asked, against a service that refuses as real ones do. Properties that must hold: what is refused is left
// out and the reply comes all the same; the form that worked is kept; a refusal for another reason takes nothing away;
// a model that thinks has tokens left for what it says.
import assert from "node:assert/strict";
import { after, before, beforeEach, describe, it } from "node:test";
import { ChatModel } from "../../../../src/conversation/models/chat-model.js";
import {
  MODEL_RULES,
  modelCalls,
  type ModelPrompt,
} from "../../../../src/conversation/models/model-calls.js";
import { ModelError } from "../../../../src/conversation/models/model-error.js";
import {
  parseModels,
  servicesOf,
  type ModelRef,
} from "../../../../src/conversation/models/model-refs.js";
import {
  firstForm,
  FormSearch,
  thinkOptions,
} from "../../../../src/conversation/models/request-form.js";
import { Resilience } from "../../../../src/resilience/resilience.js";
import { systemClock } from "../../../../src/time/clock.js";
import { ModelServer, type ModelMode } from "../../../support/model-server.js";
import { policiesOf } from "../../../support/policies.js";
import { writtenReply } from "../../../support/replies.js";

const PICTURE = { type: "image", image: new Uint8Array([1]), mediaType: "image/jpeg" } as const;
const PROMPT: ModelPrompt = {
  system: "s",
  messages: [
    { role: "user", content: "one" },
    { role: "assistant", content: "two" },
    { role: "user", content: "three" },
    { role: "assistant", content: "four" },
    { role: "user", content: [{ type: "text", text: "five" }, PICTURE] },
  ],
  tokensMax: 220,
};

const refOf = (name: string): ModelRef => parseModels(name).models[0] as ModelRef;

describe("the form of a request", () => {
  const server = new ModelServer();
  const resilience = new Resilience();
  before(() => server.start());
  after(() => server.stop());
  after(() => resilience.close());
  beforeEach(() => {
    server.mode = "ok";
    server.requests.splice(0);
  });

  const modelOf = (name: string): ChatModel => {
    const ref = refOf(name);
    const services = servicesOf({ OPENAI_BASE_URL: `${server.url}/v1`, OLLAMA_HOST: server.url });
    return new ChatModel(ref, {
      services,
      rules: MODEL_RULES,
      clock: systemClock,
      calls: modelCalls(ref, policiesOf(resilience)),
    });
  };
  const reply = async (model: ChatModel): Promise<string> => {
    const { signal } = new AbortController();
    const written = writtenReply();
    await model.reply(PROMPT, 10_000, signal, written.events, false);
    return written.text;
  };

  it("what is refused is left out, and not asked for a second time", async () => {
    const cases: readonly (readonly [ModelMode, string])[] = [
      ["noTools", "openai/llava"],
      ["noTools500", "openai/llava"],
      ["noPictures500", "openai/llava"],
      ["newLimit", "openai/gpt-5-mini"],
      ["smallContext", "openai/llava"],
      ["smallContext", "ollama/llava"],
    ];
    for (const [mode, name] of cases) {
      server.mode = mode;
      server.requests.splice(0);
      const model = modelOf(name);
      assert.match(await reply(model), /I am the model/, mode);
      assert.equal(server.chats.length, 2, mode);
      assert.match(await reply(model), /I am the model/, mode);
      assert.equal(server.chats.length, 3, `${mode}: the form that worked is kept`);
    }
  });

  it("a refusal that has nothing to do with the form takes nothing away", async () => {
    const model = modelOf("openai/llava");
    server.mode = "refused";
    await assert.rejects(reply(model), /status 400/);
    server.mode = "ok";
    server.requests.splice(0);
    await reply(model);
    assert.match(server.chats[0]?.body ?? "", /image_url/);
    assert.match(server.chats[0]?.body ?? "", /"tools"/);
  });

  it("a model that thinks away the tokens of its reply is heard all the same", async () => {
    for (const [mode, name, calls] of [
      ["thinks", "ollama/qwen3", 1],
      ["thinksAlways", "ollama/qwen3", 2],
      ["thinksAlways", "openai/qwen3", 2],
      ["thinksAloud", "openai/qwen3", 2],
    ] as const) {
      server.mode = mode;
      server.requests.splice(0);
      const model = modelOf(name);
      assert.match(await reply(model), /I am the model/, mode);
      assert.equal(server.chats.length, calls, mode);
      await reply(model);
      assert.equal(server.chats.length, calls + 1, `${mode}: it keeps its room`);
    }
  });

  it("asks each model of Gemini in its own words not to think, and no other service at all", () => {
    const told = (name: string): unknown => thinkOptions(refOf(name))?.["google"];
    assert.deepEqual(told("google/gemini-2.5-flash"), { thinkingConfig: { thinkingBudget: 0 } });
    assert.deepEqual(told("google/gemini-2.5-pro"), { thinkingConfig: { thinkingBudget: 128 } });
    assert.deepEqual(told("google/gemini-3-flash-preview"), {
      thinkingConfig: { thinkingLevel: "low" },
    });
    assert.equal(told("google/gemini-2.0-flash"), undefined);
    assert.equal(thinkOptions(refOf("openai/gpt-4o")), undefined);
  });

  it("leaves things out only for a refusal, and has an end", () => {
    const refused = new ModelError("MODEL_REFUSED", "permanent", "no");
    const full = firstForm(refOf("google/gemini-2.5-flash"));
    const search = new FormSearch(full);
    const left: string[] = [];
    for (let form = search.next(refused); form !== undefined; form = search.next(refused)) {
      const names = Object.keys(full) as (keyof typeof full)[];
      left.push(names.filter((name) => form?.[name] !== full[name]).join(" "));
    }
    const all = ["hasTools", "hasPictures", "asksNotToThink", "hasSystemRole"];
    assert.deepEqual(left.slice(0, 4), all, "each alone: what is innocent stays");
    assert.deepEqual(left.slice(4).join(" ").split(" ").toSorted(), all.toSorted());
    const nextOf = (error: ModelError) =>
      new FormSearch(firstForm(refOf("openai/llava"))).next(error);
    const crash = new ModelError("MODEL_FAILED", "transient", "status 500: out of memory");
    assert.equal(nextOf(crash), undefined);
    assert.equal(nextOf(new ModelError("MODEL_KEY", "permanent", "tools")), undefined);
  });
});
