// A key is tried with one real request (B3). Properties that must hold: what the service answered, or why it did not, is told in
// its own words; the key stands in no answer; a trial asks once and says nothing of the key that is in use.
import assert from "node:assert/strict";
import { afterEach, beforeEach, describe, it } from "node:test";
import { ChosenModels } from "../../../../src/conversation/models/chosen-models.js";
import { tryModel } from "../../../../src/conversation/models/key-trial.js";
import { parseModels, servicesOf } from "../../../../src/conversation/models/model-refs.js";
import { Resilience } from "../../../../src/resilience/resilience.js";
import { FakeClock } from "../../../../src/time/fake-clock.js";
import { ModelServer } from "../../../support/model-server.js";
import { policiesOf } from "../../../support/policies.js";

const KEY = "sk-0123456789abcdef";
const [MODEL] = parseModels("openai/gpt-4o-mini").models;

describe("the trial of a key", () => {
  let server: ModelServer;
  beforeEach(async () => {
    server = new ModelServer();
    await server.start();
  });
  afterEach(() => server.stop());

  const services = (): ReturnType<typeof servicesOf> =>
    servicesOf({ OPENAI_BASE_URL: `${server.url}/v1` }, { openaiApiKey: KEY });

  it("asks the service once, with that key, and tells what it answered", async () => {
    assert.ok(MODEL);
    const { ok, model, words } = await tryModel(MODEL, services(), new FakeClock());
    assert.deepEqual([ok, model], [true, "openai/gpt-4o-mini"]);
    assert.match(words, /Hello there/);
    assert.equal(server.chats.length, 1);
    assert.equal(server.chats[0]?.headers.authorization, `Bearer ${KEY}`);
  });

  it("tells why it was not taken in the service's own words, without the key", async () => {
    assert.ok(MODEL);
    for (const mode of ["badKey", "error500", "rateBare", "unknown", "reset", "html"] as const) {
      server.mode = mode;
      server.requests.length = 0;
      const trial = await tryModel(MODEL, services(), new FakeClock());
      assert.equal(trial.ok, false, mode);
      assert.ok(trial.words.length > 0, mode);
      assert.ok(!JSON.stringify(trial).includes(KEY), `${mode}: ${trial.words}`);
      assert.equal(server.chats.length, 1, mode);
      if (mode === "badKey") assert.match(trial.words, /^status 401: bad key …$/);
    }
  });

  it("of a key that is typed nothing is kept, and from then on it is never shown", async () => {
    const clock = new FakeClock();
    const hidden: string[] = [];
    const resilience = new Resilience({ clock, chance: { next: () => 0.5 } });
    const models = new ChosenModels({
      clock,
      policies: policiesOf(resilience),
      environment: { OPENAI_BASE_URL: `${server.url}/v1`, OPENAI_API_KEY: "the-old-key" },
      choice: () => ({}),
      log: () => undefined,
      hide: (secret) => void hidden.push(secret),
      onChange: () => undefined,
    });
    const trial = await models.tryKey("openai", KEY);
    assert.equal(trial.ok, true, trial.words);
    assert.deepEqual(hidden, [KEY]);
    assert.equal(models.services().openai.apiKey, "the-old-key");
    await models.tryKey("openai", undefined);
    assert.equal(server.chats.at(-1)?.headers.authorization, "Bearer the-old-key");
    models.close();
  });
});
