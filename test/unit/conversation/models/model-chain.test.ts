// Whose turn it is, and for how long. Property that must hold: however small the turn's budget, a silent model leaves time
// for the next one that can be asked, and the last one may use all that is left.
import assert from "node:assert/strict";
import { afterEach, beforeEach, describe, it } from "node:test";
import { ChatModel } from "../../../../src/conversation/models/chat-model.js";
import {
  MODEL_RULES,
  modelCalls,
  type ReplyEvents,
} from "../../../../src/conversation/models/model-calls.js";
import { ModelChain } from "../../../../src/conversation/models/model-chain.js";
import { parseModels, servicesOf } from "../../../../src/conversation/models/model-refs.js";
import { defaultModels } from "../../../../src/conversation/models/model-watch.js";
import { Resilience } from "../../../../src/resilience/resilience.js";
import { FakeClock } from "../../../../src/time/fake-clock.js";
import { ModelServer } from "../../../support/model-server.js";
import { policiesOf } from "../../../support/policies.js";

const PROMPT = { system: "s", messages: [{ role: "user", content: "hi" }], tokensMax: 50 } as const;

describe("model chain", () => {
  const server = new ModelServer();
  let clock: FakeClock;

  beforeEach(async () => {
    clock = new FakeClock();
    server.mode = "noHeaders";
    await server.start();
  });
  afterEach(() => server.stop());

  it("a silent model has half of what is left while another follows, the last one all of it", async () => {
    // Budget, and when each model was asked and when the turn was over, all on the clock.
    const cases: readonly (readonly [number, string, readonly number[]])[] = [
      [6000, "openai/a", [0, 6000]],
      [6000, "openai/a,openai/b", [0, 3000, 6000]],
      [6000, "openai/a,openai/b,openai/c", [0, 3000, 4500, 6000]],
      [60_000, "google/a,google/b", [0, 8000, 16_000]],
      // Of this machine: it may have to be loaded first.
      [60_000, "openai/a,openai/b", [0, 20_000, 40_000]],
    ];
    for (const [budgetMs, names, expected] of cases) {
      assert.deepEqual(await times(names, budgetMs), expected, `${names} in ${budgetMs} ms`);
    }
  });

  it("no time is left for a model that cannot be asked", async () => {
    assert.deepEqual(await times("openai/a,openai/b", 6000, "openai/b"), [0, 6000]);
  });

  async function times(names: string, budgetMs: number, resting?: string): Promise<number[]> {
    const resilience = new Resilience({ clock });
    const policies = policiesOf(resilience);
    const services = servicesOf({
      OPENAI_BASE_URL: `${server.url}/v1`,
      GOOGLE_GENERATIVE_AI_BASE_URL: server.url,
      GOOGLE_GENERATIVE_AI_API_KEY: "k",
    });
    const models = parseModels(names).models.map((ref) => {
      const calls = modelCalls(ref, policies);
      if (ref.name === resting) calls.breaker.isolate("for the test");
      return new ChatModel(ref, { services, rules: MODEL_RULES, clock, calls });
    });
    const nothing = (): void => undefined;
    const chain = new ModelChain(models, clock, nothing, nothing);
    const startMs = clock.nowMs();
    const seen: number[] = [];
    const note = (): void => void seen.push(clock.nowMs() - startMs);
    const { signal } = new AbortController();
    let isOver = false;
    const reply = chain
      .reply(PROMPT, startMs + budgetMs, signal, SILENT, note)
      .finally(() => (isOver = true));
    while (!isOver) await clock.advance(100);
    assert.equal((await reply).kind, "none");
    note();
    resilience.close();
    return seen;
  }
});

const SILENT: ReplyEvents = {
  began: () => undefined,
  firstToken: () => undefined,
  text: () => "more",
  usage: () => undefined,
  wish: () => undefined,
  isCommitted: () => false,
};

describe("models that nobody chose", () => {
  it("the newest model of Ollama that can talk, then the services with a key", async () => {
    const server = new ModelServer();
    await server.start();
    try {
      server.installed = ["nomic-embed-text:latest", "bge-m3:latest", "qwen3:8b", "llama3:8b"];
      const keys = { GOOGLE_GENERATIVE_AI_API_KEY: "k" };
      const services = servicesOf({ OLLAMA_HOST: server.url, ...keys });
      const found = await defaultModels(services, new AbortController().signal);
      assert.deepEqual(found, ["ollama/qwen3:8b", "google/gemini-2.5-flash"]);
      server.installed = ["mxbai-embed-large:latest"];
      assert.deepEqual(await defaultModels(services, new AbortController().signal), found.slice(1));
    } finally {
      await server.stop();
    }
  });
});
