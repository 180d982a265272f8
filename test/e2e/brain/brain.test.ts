// The real runtime with a real small model, as a supervised part (G10, G4, A3, C3): ready when it is loaded, little read anew,
// tags of the list only, what is ended stops, back after a kill, and refused without a restart when its file is no model.
// Where there is no model it says NOT RUN; `npm run brain:get` fetches one, `npm run brain:long` goes on for longer.
import assert from "node:assert/strict";
import { writeFileSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, describe, it } from "node:test";
import { BRAIN_PART, brainPart, newBrainToken } from "../../../src/brain/part.js";
import { BrainPlace } from "../../../src/brain/place.js";
import { ACTION_GRAMMAR } from "../../../src/conversation/reply/action-grammar.js";
import { parseAction } from "../../../src/conversation/reply/actions.js";
import type { PartMessage } from "../../../src/child/messages.js";
import { Supervisor } from "../../../src/supervisor/supervisor.js";
import { until } from "../../../src/time/until.js";
import { realBrain } from "../../support/real-brain.js";

const real = realBrain("a real model behind its door (G10)");
const READY_MS_MAX = 180_000;
const READ_TOKENS_MAX = 120;
const SYSTEM = {
  role: "system",
  content:
    "You are Buddy, a small robot on a desk. Answer in one short sentence. Begin with a tag such as [nod] or [shake].",
};

describe("a real model behind its door", { skip: real === undefined }, () => {
  const token = newBrainToken();
  const folder = mkdtempSync(join(tmpdir(), "buddy-brain-e2e-"));
  const messages: PartMessage[] = [];
  let file = real?.file ?? "";
  let supervisor: Supervisor;
  before(async () => {
    const place = new BrainPlace(real?.dataDir ?? "");
    const model = (): { file: string; name: string } => ({ file, name: "smollm2" });
    supervisor = new Supervisor({ parts: [brainPart({ model, place, token, hasGpu: false })] });
    supervisor.listen({ message: (_, message) => messages.push(message) });
    supervisor.start();
    assert.ok(await supervisor.waitUntilReady(READY_MS_MAX), "it is loaded");
  });
  after(async () => {
    await supervisor.stop();
    rmSync(folder, { recursive: true });
  });

  interface Answer {
    readonly choices: { readonly message: { readonly content: string } }[];
    readonly usage: {
      readonly prompt_tokens: number;
      readonly prompt_tokens_details: { readonly cached_tokens: number };
    };
  }
  const ask = (
    said: readonly string[],
    more: object = {},
    signal?: AbortSignal,
  ): Promise<Response> => {
    const turns = said.map((content, i) => ({ role: i % 2 ? "assistant" : "user", content }));
    return fetch(`http://${supervisor.doorsOf(BRAIN_PART)?.["http"]}/v1/chat/completions`, {
      method: "POST",
      headers: { authorization: `Bearer ${token}` },
      body: JSON.stringify({
        model: "smollm2",
        max_tokens: 24,
        grammar: ACTION_GRAMMAR,
        messages: [SYSTEM, ...turns],
        ...more,
      }),
      ...(signal && { signal }),
    });
  };

  it("G4: from the second turn on little is read anew, and every tag is one of the list", async () => {
    const said: string[] = [];
    for (const [turn, words] of ["Hello!", "Do you like the sea?", "Say no."].entries()) {
      said.push(words);
      const response = await ask(said, { seed: turn });
      const answer = (await response.json()) as Answer;
      const reply = answer.choices[0]?.message.content ?? "";
      const { prompt_tokens: prompt, prompt_tokens_details: details } = answer.usage;
      if (turn > 0) assert.ok(prompt - details.cached_tokens <= READ_TOKENS_MAX, reply);
      for (const [, tag = ""] of reply.matchAll(/\[([^\]]*)\]/g))
        assert.ok(parseAction(tag), reply);
      said.push(reply);
    }
  });

  it("A3: one that is ended stops, and the next one is answered", async () => {
    const owner = new AbortController();
    const response = await ask(
      ["Tell me a long story."],
      { stream: true, max_tokens: 900 },
      owner.signal,
    );
    await response.body?.getReader().read();
    owner.abort();
    const next = await ask(["Hello!"]);
    assert.equal(next.status, 200);
  });

  it("C3: it is back after a kill, at the same door", async () => {
    const view = (): ReturnType<Supervisor["view"]>[number] | undefined => supervisor.view()[0];
    const { pid, doors, generation = 0 } = view() ?? {};
    process.kill(pid as number, "SIGKILL");
    await until("a new process", READY_MS_MAX, () => {
      const now = view();
      return now !== undefined && now.generation > generation && now.ready;
    });
    assert.deepEqual(view()?.doors, doors);
    assert.equal((await ask(["Hello!"])).status, 200);
  });

  it("G10: a file that is no model ends the part with a reason, and no restart", async () => {
    file = join(folder, "no-model.gguf");
    writeFileSync(file, "this is no model");
    supervisor.restart(BRAIN_PART);
    await until("its end", READY_MS_MAX, () => supervisor.view()[0]?.phase === "ended");
    const refused = messages.find(({ type }) => type === "refused");
    assert.equal(refused?.["code"], "BRAIN_FILE");
    assert.equal(supervisor.view()[0]?.restarts, 0, "it was not tried again");
  });
});
