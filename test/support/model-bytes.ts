/**
 * One turn of a conversation with a model service whose answers are bytes of the test's own: everything between `fetch` and
 * voice, robot and memory is the real thing, and time moves only as the test lets it.
 */
import { ChatModel } from "../../src/conversation/models/chat-model.js";
import { MODEL_RULES, modelCalls } from "../../src/conversation/models/model-calls.js";
import { ModelChain } from "../../src/conversation/models/model-chain.js";
import { parseModels, servicesOf } from "../../src/conversation/models/model-refs.js";
import type { TurnReport } from "../../src/conversation/turn/turn-trace.js";
import { Resilience } from "../../src/resilience/resilience.js";
import type { FakeClock } from "../../src/time/fake-clock.js";
import { testConversation, type TestConversation } from "./conversation.js";
import { policiesOf } from "./policies.js";

export const MODEL_STREAM = { "content-type": "text/event-stream" } as const;
export const JSON_BODY = { "content-type": "application/json" } as const;

export interface ServiceAnswer {
  readonly status?: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body: string;
}

export interface ServiceRequest {
  readonly url: string;
  readonly headers: Headers;
  readonly body: Record<string, unknown>;
  readonly text: string;
}

/** One for each request, the last one repeated; or what the service makes of each. */
export type ServiceAnswers =
  readonly ServiceAnswer[] | ((request: ServiceRequest) => ServiceAnswer);

export interface ServiceTurn {
  readonly report: TurnReport;
  readonly spoken: readonly string[];
  /** Robot commands of the reply. */
  readonly moved: readonly string[];
  readonly remembered: string;
  readonly asked: readonly ServiceRequest[];
}

export interface ServiceOptions {
  readonly model?: string;
  readonly answers: ServiceAnswers;
  readonly environment?: Readonly<Record<string, string>>;
  /** The body comes in pieces of so many bytes. */
  readonly bytesAtOnce?: number;
  readonly picture?: Uint8Array;
}

/** An OpenAI-compatible stream of the text, in words, with its end. */
export function openaiEvents(text: string, reason: string | null = "stop"): string {
  const pieces = text.match(/\s*\S+|\s+$/g) ?? [];
  const chunk = (choice: object): string =>
    `data: ${JSON.stringify({ id: "c", object: "chat.completion.chunk", created: 1, model: "m", choices: [{ index: 0, finish_reason: null, ...choice }] })}\n\n`;
  const words = pieces.map((content) => chunk({ delta: { content } })).join("");
  const end = reason === null ? "" : chunk({ delta: {}, finish_reason: reason });
  return `${words}${end}data: [DONE]\n\n`;
}

/** Gemini's stream of the text. */
export function geminiEvents(text: string, finishReason: string | null = "STOP"): string {
  const part = (candidate: object): string =>
    `data: ${JSON.stringify({ candidates: [{ index: 0, ...candidate }], usageMetadata: { promptTokenCount: 9 } })}\r\n\r\n`;
  const words = text === "" ? "" : part({ content: { role: "model", parts: [{ text }] } });
  return (
    words +
    (finishReason === null ? "" : part({ content: { role: "model", parts: [] }, finishReason }))
  );
}

export class ServiceRig {
  readonly asked: ServiceRequest[] = [];
  answers: ServiceAnswers;
  private readonly realFetch = globalThis.fetch;
  private readonly resilience: Resilience;

  private constructor(
    private readonly options: ServiceOptions,
    readonly rig: TestConversation,
    resilience: Resilience,
  ) {
    this.answers = options.answers;
    this.resilience = resilience;
    globalThis.fetch = (input, init) => this.serve(input, init);
  }

  static async open(options: ServiceOptions): Promise<ServiceRig> {
    let resilience: Resilience | undefined;
    const { model: name = "openai/m", environment = {}, picture } = options;
    const chain = (clock: FakeClock): ModelChain => {
      resilience = new Resilience({ clock });
      const policies = policiesOf(resilience);
      const services = servicesOf({
        OPENAI_BASE_URL: "http://models.test/v1",
        OLLAMA_HOST: "http://models.test",
        GOOGLE_GENERATIVE_AI_BASE_URL: "http://models.test/v1beta",
        GOOGLE_GENERATIVE_AI_API_KEY: "a-key-of-the-test",
        ...environment,
      });
      const models = parseModels(name).models.map(
        (ref) =>
          new ChatModel(ref, {
            services,
            rules: MODEL_RULES,
            clock,
            calls: modelCalls(ref, policies),
          }),
      );
      const nothing = (): void => undefined;
      return new ModelChain(models, clock, nothing, nothing);
    };
    const rig = await testConversation({ chain, ...(picture !== undefined && { picture }) });
    return new ServiceRig(options, rig, resilience as unknown as Resilience);
  }

  async say(said: string): Promise<ServiceTurn> {
    const { rig } = this;
    const heardBefore = rig.voice.heard.length;
    const askedBefore = this.asked.length;
    const saidBefore = rig.memory.export().said.length;
    let report: TurnReport | undefined;
    void rig.mind.say(said, { source: "api" }).then((found) => (report = found));
    for (let i = 0; i < 600 && report === undefined; i++) await rig.clock.advance(100);
    if (report === undefined) throw new Error(`the turn "${said}" did not end`);
    await rig.clock.advance(12_000);
    const trace = rig.mind.turns.at(-1);
    const kept = rig.memory.export().said.slice(saidBefore);
    return {
      report,
      spoken: rig.voice.heard.slice(heardBefore),
      moved: trace?.moves.filter((line) => line !== "ATTENTION:center") ?? [],
      remembered: kept
        .filter(({ by }) => by === "buddy")
        .map(({ text }) => text)
        .join(" "),
      asked: this.asked.slice(askedBefore),
    };
  }

  close(): void {
    globalThis.fetch = this.realFetch;
    this.rig.mind.close();
    this.resilience.close();
  }

  private async serve(input: string | URL | Request, init?: RequestInit): Promise<Response> {
    const text = typeof init?.body === "string" ? init.body : "{}";
    const url = input instanceof Request ? input.url : String(input);
    const request: ServiceRequest = {
      url,
      headers: new Headers(init?.headers),
      body: JSON.parse(text) as Record<string, unknown>,
      text,
    };
    this.asked.push(request);
    const { answers, asked } = this;
    const answer =
      typeof answers === "function"
        ? answers(request)
        : answers[Math.min(asked.length, answers.length) - 1];
    if (answer === undefined) throw new Error("the test has no answer");
    const { status = 200, headers = JSON_BODY, body } = answer;
    await Promise.resolve();
    return new Response(inPieces(body, this.options.bytesAtOnce), { status, headers });
  }
}

/** One conversation of one turn. */
export async function serviceTurn(
  options: ServiceOptions & { said: string },
): Promise<ServiceTurn> {
  const rig = await ServiceRig.open(options);
  try {
    return await rig.say(options.said);
  } finally {
    rig.close();
  }
}

function inPieces(body: string, bytesAtOnce: number | undefined): ReadableStream<Uint8Array> {
  const bytes = new TextEncoder().encode(body);
  const size = bytesAtOnce ?? bytes.length;
  let at = 0;
  return new ReadableStream({
    pull(controller) {
      if (at >= bytes.length) return controller.close();
      controller.enqueue(bytes.slice(at, at + size));
      at += size;
    },
  });
}
