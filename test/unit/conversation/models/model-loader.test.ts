// A model that Ollama needs longer to load than a turn may wait. Properties that must hold: it is there for a later turn
// although each turn breaks its own request off; it is asked to load once, not with each turn.
import assert from "node:assert/strict";
import { once } from "node:events";
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { afterEach, beforeEach, describe, it } from "node:test";
import { modelCalls } from "../../../../src/conversation/models/model-calls.js";
import { parseModels, servicesOf } from "../../../../src/conversation/models/model-refs.js";
import { ModelWatch } from "../../../../src/conversation/models/model-watch.js";
import { Resilience } from "../../../../src/resilience/resilience.js";
import { systemClock } from "../../../../src/time/clock.js";
import { policiesOf } from "../../../support/policies.js";
import { writtenReply } from "../../../support/replies.js";

/** A slow machine must be able to answer from a loaded model within it. */
const FIRST_TOKEN_MS = 400;
/** Longer than two turns of two attempts each. */
const LOAD_MS = 8 * FIRST_TOKEN_MS;
const PROMPT = { system: "s", messages: [{ role: "user", content: "hi" }], tokensMax: 20 } as const;

/** As Ollama: the request that finds the model not loaded loads it, and when it is gone the loading is, too. */
class LoadingOllama {
  readonly loads: string[] = [];
  private readonly server: Server;
  private readonly waiting = new Map<ServerResponse, () => void>();
  private timer: NodeJS.Timeout | undefined;
  /** Never answers a request that only loads, as an Ollama that has lost it. */
  forgetsLoads = false;
  openLoads = 0;
  private isLoaded = false;
  private loader: ServerResponse | undefined;

  constructor() {
    this.server = createServer((request, response) => void this.answer(request, response));
  }

  async start(): Promise<string> {
    this.server.listen(0, "127.0.0.1");
    await once(this.server, "listening");
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}`;
  }

  async stop(): Promise<void> {
    this.server.closeAllConnections();
    this.server.close();
    await once(this.server, "close");
  }

  private async answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    let body = "";
    for await (const piece of request) body += String(piece);
    if (request.url === "/api/generate") {
      this.loads.push(body);
      this.openLoads++;
      response.on("close", () => this.openLoads--);
      if (this.forgetsLoads) return;
    }
    if (!this.isLoaded) await this.untilLoaded(response);
    if (request.url === "/api/generate") {
      response.end('{"model":"big","response":"","done":true,"done_reason":"load"}');
      return;
    }
    response.writeHead(200, { "content-type": "text/event-stream" });
    const delta = {
      choices: [{ index: 0, delta: { content: "Here I am." }, finish_reason: "stop" }],
    };
    response.end(`data: ${JSON.stringify(delta)}\n\ndata: [DONE]\n\n`);
  }

  private untilLoaded(response: ServerResponse): Promise<void> {
    return new Promise((resolve) => {
      this.waiting.set(response, resolve);
      response.on("close", () => {
        this.waiting.delete(response);
        if (this.loader !== response) return;
        clearTimeout(this.timer);
        this.loader = undefined;
        this.loadForNext();
      });
      this.loadForNext();
    });
  }

  /** It is there at once. */
  load(): void {
    this.isLoaded = true;
    for (const go of this.waiting.values()) go();
  }

  private loadForNext(): void {
    const [first] = this.waiting.keys();
    if (first === undefined || this.loader !== undefined || this.isLoaded) return;
    this.loader = first;
    this.timer = setTimeout(() => this.load(), LOAD_MS);
  }
}

describe("a model that loads for longer than a turn waits", () => {
  let ollama: LoadingOllama;
  let resilience: Resilience;
  let watch: ModelWatch;
  const logs: string[] = [];

  beforeEach(async () => {
    ollama = new LoadingOllama();
    resilience = new Resilience();
    const policies = policiesOf(resilience);
    watch = new ModelWatch(parseModels("ollama/big").models, {
      clock: systemClock,
      services: servicesOf({ OLLAMA_HOST: await ollama.start() }),
      rules: { firstTokenLocalMs: FIRST_TOKEN_MS },
      callsOf: (ref) => modelCalls(ref, policies),
      log: (_level, message) => void logs.push(message),
      onChange: () => undefined,
    });
  });

  afterEach(async () => {
    watch.close();
    resilience.close();
    await ollama.stop();
  });

  async function turn(): Promise<string> {
    const reply = writtenReply();
    const endMs = systemClock.nowMs() + 3 * FIRST_TOKEN_MS;
    const { signal } = new AbortController();
    const result = await watch.chain.reply(PROMPT, endMs, signal, reply.events, () => undefined);
    return result.kind === "done" ? reply.text : result.kind;
  }

  it("C2: is there for a later turn, and was asked to load once", { timeout: 30_000 }, async () => {
    assert.equal(await turn(), "none");
    assert.match(watch.view()[0]?.text ?? "", /Ollama is loading it/);
    assert.equal(await turn(), "none", "a turn meanwhile does not disturb it");
    while (watch.view()[0]?.text !== "It answers.") await systemClock.sleep(20);
    assert.equal(await turn(), "Here I am.", logs.join("\n"));
    assert.deepEqual(ollama.loads, ['{"model":"big","stream":false}']);
  });

  it(
    "C2: the request that loads it is let go as soon as it answers",
    { timeout: 30_000 },
    async () => {
      ollama.forgetsLoads = true;
      assert.equal(await turn(), "none");
      while (ollama.openLoads === 0) await systemClock.sleep(20);
      ollama.load();
      assert.equal(await turn(), "Here I am.", logs.join("\n"));
      const endMs = systemClock.nowMs() + 2000;
      while (ollama.openLoads > 0 && systemClock.nowMs() < endMs) await systemClock.sleep(20);
      assert.equal(ollama.openLoads, 0, "nothing is in flight two seconds after");
    },
  );
});
