/**
 * The door of the model: what of the OpenAI protocol Buddy's own client uses, on loopback, for who shows the token of this run.
 * It is a door and no pipe, because the conversation then asks this model as it asks every other: the same client,
 * policies, deadlines and forms, and a connection that is closed ends the work behind it.
 *
 * | request                    | answer                                                                  |
 * | -------------------------- | ----------------------------------------------------------------------- |
 * | GET /v1/models             | the one model                                                           |
 * | POST /v1/chat/completions  | a stream of events, or one object; also takes `grammar`, as llama.cpp's  |
 */
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { z } from "zod";
import { isSameSecret } from "../doors/secret.js";
import { reasonOf } from "../host/reason.js";
import type { CancelTimer, Clock } from "../time/clock.js";
import { ContextError, type Writer, type Written } from "./writer.js";

const BODY_BYTES_MAX = 512 * 1024;
const BODY_MS_MAX = 10_000;
/** The one that is written, and one that waits for its end: the next turn, while the last one stops. */
const REQUESTS_MAX = 2;
const TOKENS_MAX = 1000;
const MESSAGES_MAX = 400;
const TEMPERATURE = 0.7;
/** What was ended stops within a piece; after this long the runtime is stuck. */
const STOP_MS_MAX = 20_000;

const content = z.union([
  z.string(),
  // Pictures have been left out by the client: this model cannot see.
  z
    .array(z.object({ type: z.literal("text"), text: z.string() }))
    .transform((parts) => parts.map(({ text }) => text).join("")),
]);
const bodySchema = z.object({
  model: z.string().max(200),
  messages: z
    .array(z.object({ role: z.enum(["system", "user", "assistant"]), content }))
    .min(1)
    .max(MESSAGES_MAX),
  max_tokens: z
    .int()
    .min(1)
    .default(200)
    .transform((tokens) => Math.min(tokens, TOKENS_MAX)),
  temperature: z.number().min(0).max(2).default(TEMPERATURE),
  seed: z.int().optional(),
  grammar: z.string().max(20_000).optional(),
  stream: z.boolean().default(false),
});
type Body = z.output<typeof bodySchema>;

export interface DoorDeps {
  readonly name: string;
  readonly token: string;
  readonly writer: Pick<Writer, "write">;
  readonly clock: Clock;
  /** A reply of so many words was written, to its end. */
  onWritten(written: Written, words: number): void;
  /** The runtime failed. */
  onFailed(why: string): void;
  /** What was ended did not stop. */
  onStuck(): void;
}

export class BrainDoor {
  private readonly server: Server;
  private readonly closing = new AbortController();
  private requests = 0;
  /** The end of the reply that is written now. */
  private last: Promise<void> = Promise.resolve();

  constructor(private readonly deps: DoorDeps) {
    this.server = createServer((request, response) => {
      this.serve(request, response).catch((error: unknown) => {
        deps.onFailed(reasonOf(error));
        response.destroy();
      });
    });
    this.server.requestTimeout = BODY_MS_MAX;
  }

  /** @returns the door as host:port. */
  async open(port: number): Promise<string> {
    await new Promise<void>((resolve, reject) => {
      this.server.once("error", reject).listen(port, "127.0.0.1", resolve);
    });
    return `127.0.0.1:${(this.server.address() as AddressInfo).port}`;
  }

  async close(): Promise<void> {
    this.closing.abort(new Error("the door is closing"));
    this.server.closeAllConnections();
    await new Promise<void>((resolve) => this.server.close(() => resolve()));
    await this.last;
  }

  private async serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    if (!this.isAllowed(request.headers.authorization)) {
      return refuse(response, 401, "the token of this run is missing");
    }
    const { name } = this.deps;
    if (request.method === "GET" && request.url === "/v1/models") {
      return send(response, 200, { object: "list", data: [{ id: name, object: "model" }] });
    }
    if (request.method !== "POST" || request.url !== "/v1/chat/completions") {
      return refuse(response, 404, "there are GET /v1/models and POST /v1/chat/completions");
    }
    const text = await bodyOf(request);
    if (text === undefined) return refuse(response, 413, `more than ${BODY_BYTES_MAX} bytes`);
    const body = readBody(text);
    if ("why" in body) return refuse(response, 400, body.why);
    if (this.requests >= REQUESTS_MAX) {
      response.setHeader("retry-after", "1");
      return refuse(response, 429, "another reply is being written");
    }
    this.requests++;
    try {
      await this.inTurn(body, response);
    } finally {
      this.requests--;
    }
  }

  private isAllowed(authorization: string | undefined): boolean {
    return isSameSecret(authorization ?? "", `Bearer ${this.deps.token}`);
  }

  /** One after the other; whoever went away meanwhile is passed over. */
  private async inTurn(body: Body, response: ServerResponse): Promise<void> {
    const gone = new AbortController();
    response.on("close", () => gone.abort(new Error("the client is gone")));
    const signal = AbortSignal.any([gone.signal, this.closing.signal]);
    const before = this.last;
    const work = before.then(() =>
      signal.aborted ? undefined : this.write(body, response, signal),
    );
    this.last = work.catch(() => undefined);
    let watch: CancelTimer = () => undefined;
    const onAbort = (): void => {
      // It may be the one that waits: its time begins when the one before has ended.
      void before.then(
        () => (watch = this.deps.clock.after(STOP_MS_MAX, () => this.deps.onStuck())),
      );
    };
    signal.addEventListener("abort", onAbort, { once: true });
    try {
      await work;
    } catch (error) {
      if (!signal.aborted) this.failed(error, response);
    } finally {
      signal.removeEventListener("abort", onAbort);
      watch();
    }
  }

  private async write(body: Body, response: ServerResponse, signal: AbortSignal): Promise<void> {
    const { name, writer, onWritten } = this.deps;
    const request = {
      messages: body.messages,
      tokensMax: body.max_tokens,
      temperature: body.temperature,
      seed: body.seed,
      grammar: body.grammar,
    };
    let text = "";
    const written = await writer.write(request, signal, (piece) => {
      text += piece;
      if (!body.stream) return;
      if (!response.headersSent) response.writeHead(200, { "content-type": "text/event-stream" });
      put(response, chunk(name, { content: piece }, null));
    });
    onWritten(written, text.split(/\s+/).filter(Boolean).length);
    const finish = written.finish === "length" ? "length" : "stop";
    if (!body.stream) {
      const message = { role: "assistant", content: text };
      const choices = [{ index: 0, message, finish_reason: finish }];
      return send(response, 200, { model: name, choices, usage: usageOf(written) });
    }
    if (!response.headersSent) response.writeHead(200, { "content-type": "text/event-stream" });
    put(response, chunk(name, {}, finish));
    put(response, {
      model: name,
      object: "chat.completion.chunk",
      choices: [],
      usage: usageOf(written),
    });
    response.end("data: [DONE]\n\n");
  }

  private failed(error: unknown, response: ServerResponse): void {
    if (error instanceof ContextError) {
      return refuse(response, 400, error.message, "context_length_exceeded");
    }
    this.deps.onFailed(reasonOf(error));
    if (!response.headersSent) return refuse(response, 500, reasonOf(error));
    // In the middle of a reply: the connection that breaks tells it.
    response.destroy();
  }
}

function usageOf({ promptTokens, keptTokens, tokens }: Written): Record<string, unknown> {
  return {
    prompt_tokens: promptTokens,
    completion_tokens: tokens,
    total_tokens: promptTokens + tokens,
    prompt_tokens_details: { cached_tokens: keptTokens },
  };
}

function chunk(model: string, delta: object, finish: string | null): object {
  const choices = [{ index: 0, delta, finish_reason: finish }];
  return { id: "reply", object: "chat.completion.chunk", created: 0, model, choices };
}

function put(response: ServerResponse, event: object): void {
  response.write(`data: ${JSON.stringify(event)}\n\n`);
}

function send(response: ServerResponse, status: number, body: object): void {
  response.writeHead(status, { "content-type": "application/json" }).end(JSON.stringify(body));
}

function refuse(response: ServerResponse, status: number, message: string, code?: string): void {
  send(response, status, { error: { message, ...(code !== undefined && { code }) } });
}

/** @returns undefined for one that is too long. */
async function bodyOf(request: IncomingMessage): Promise<string | undefined> {
  const parts: Buffer[] = [];
  let bytes = 0;
  for await (const part of request) {
    bytes += (part as Buffer).length;
    if (bytes <= BODY_BYTES_MAX) parts.push(part as Buffer);
  }
  return bytes > BODY_BYTES_MAX ? undefined : Buffer.concat(parts).toString("utf8");
}

function readBody(text: string): Body | { readonly why: string } {
  let raw: unknown;
  try {
    raw = JSON.parse(text);
  } catch (error) {
    return { why: `the body is not JSON: ${reasonOf(error)}` };
  }
  const parsed = bodySchema.safeParse(raw);
  return parsed.success ? parsed.data : { why: z.prettifyError(parsed.error) };
}
