// A first of two models that hangs (A3, C2). Properties that must hold: its silence is waited for twice and no more; it is probed
// while nobody waits, used again soon after its recovery, and nothing is left open.
import assert from "node:assert/strict";
import { afterEach, beforeEach, describe, it } from "node:test";
import { modelCalls } from "../../../../src/conversation/models/model-calls.js";
import { parseModels, servicesOf } from "../../../../src/conversation/models/model-refs.js";
import { ModelWatch } from "../../../../src/conversation/models/model-watch.js";
import { Resilience } from "../../../../src/resilience/resilience.js";
import type { FakeClock } from "../../../../src/time/fake-clock.js";
import { testConversation, type TestConversation } from "../../../support/conversation.js";
import { MODEL_STREAM, openaiEvents } from "../../../support/model-bytes.js";
import { policiesOf } from "../../../support/policies.js";

const BUDGET_LOCAL_MS = 60_000;

describe("a first model that hangs", () => {
  const realFetch = globalThis.fetch;
  let hangs = true;
  let open = 0;
  let probes = 0;
  let resilience: Resilience;
  let watch: ModelWatch;
  let rig: TestConversation;

  beforeEach(async () => {
    hangs = true;
    open = 0;
    probes = 0;
    globalThis.fetch = (input, init) => {
      const { body, signal } = init ?? {};
      const text = typeof body === "string" ? body : "";
      if (!/completions$/.test(String(input))) return Promise.resolve(new Response("{}"));
      if (text.includes('"first"') && text.includes("with one word")) probes++;
      if (text.includes('"first"') && hangs) return hang(signal ?? undefined);
      const name = text.includes('"first"') ? "first" : "second";
      return Promise.resolve(
        new Response(openaiEvents(`I am the ${name} one.`), { headers: MODEL_STREAM }),
      );
    };
    const chain = (clock: FakeClock) => {
      resilience = new Resilience({ clock });
      const policies = policiesOf(resilience);
      watch = new ModelWatch(parseModels("openai/first,openai/second").models, {
        clock,
        services: servicesOf({ OPENAI_BASE_URL: "http://127.0.0.1:9/v1" }),
        callsOf: (ref) => modelCalls(ref, policies),
        log: () => undefined,
        onChange: () => undefined,
      });
      return watch.chain;
    };
    rig = await testConversation({ chain });
    rig.settings = { ...rig.settings, budgetMs: BUDGET_LOCAL_MS };
  });

  afterEach(() => {
    globalThis.fetch = realFetch;
    rig.mind.close();
    watch.close();
    resilience.close();
  });

  /** As a server that accepts and says nothing. */
  function hang(signal: AbortSignal | undefined): Promise<Response> {
    open++;
    return new Promise((_resolve, reject) => {
      signal?.addEventListener("abort", () => {
        open--;
        reject(signal.reason as Error);
      });
    });
  }

  /** @returns ms until its first sentence was begun, on the clock, and what was said. */
  async function turn(): Promise<{ ms: number; reply: string }> {
    const startMs = rig.clock.nowMs();
    let reply: string | undefined;
    void rig.mind.say("Who are you?", { source: "api" }).then((report) => (reply = report.reply));
    const firstMs = (): number | undefined => rig.mind.turns.at(-1)?.firstSentenceMs;
    while (reply === undefined && rig.clock.nowMs() - startMs < 2 * BUDGET_LOCAL_MS) {
      await rig.clock.advance(100);
    }
    const ms = firstMs() ?? Number.POSITIVE_INFINITY;
    return { ms, reply: reply ?? "" };
  }

  it("A3, C2: costs its wait twice, rests, and is back within a minute of its recovery", async () => {
    const times: number[] = [];
    for (let i = 0; i < 4; i++) {
      const { ms, reply } = await turn();
      assert.match(reply, /I am the second one/);
      times.push(ms);
    }
    const [first = 0, , third = 0, fourth = 0] = times;
    assert.ok(first <= 21_000, `first turn after ${first} ms`);
    assert.ok(third <= 2000 && fourth <= 2000, `third and fourth after ${third}, ${fourth} ms`);
    const [view] = watch.view();
    assert.equal(view?.state, "down");
    assert.match(view?.text ?? "", /again and again; it is probed/);
    await rig.clock.advance(10 * 60_000);
    assert.ok(probes >= 5, `${probes} probes in ten minutes`);
    assert.ok((await turn()).ms <= 2000, "also after many probes nobody waits for it");

    hangs = false;
    const recoveredMs = rig.clock.nowMs();
    while (watch.view()[0]?.state !== "ready") {
      assert.ok(rig.clock.nowMs() - recoveredMs <= 60_000, "it is back within a minute");
      await rig.clock.advance(1000);
    }
    assert.match((await turn()).reply, /I am the first one/);
    await rig.clock.advance(2000);
    assert.equal(open, 0, "nothing is left open");
  });

  it("A3: one bad moment is forgiven", async () => {
    await turn();
    hangs = false;
    assert.match((await turn()).reply, /I am the first one/);
    hangs = true;
    const { ms } = await turn();
    assert.ok(ms > 15_000, "the next hang is the first again, and waited for");
  });

  it("C2: whoever closes the models ends probes and requests", async () => {
    await turn();
    await turn();
    await rig.clock.advance(30_500);
    assert.equal(open, 1, "a probe is under way");
    watch.close();
    await rig.clock.advance(2000);
    assert.equal(open, 0);
    const before = probes;
    await rig.clock.advance(5 * 60_000);
    assert.equal(probes, before);
  });
});
