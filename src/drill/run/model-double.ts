/** A language model's server as OpenAI's clients know it, on loopback, with the faults that real ones show. */
import { once } from "node:events";
import { createServer, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { systemClock } from "../../time/clock.js";

/**
 * ok: answers · hung: takes the request and says nothing · slow: a word each 700 ms, without end ·
 * full: 429, come back in 2 s · lying: what it streams is no answer of a model.
 */
export type ModelMode = "ok" | "hung" | "slow" | "full" | "lying";

const NAME = "double";
const RETRY_AFTER_S = 2;
const SLOW_MS = 700;
/** Said by it and by nothing else. */
export const MODEL_WORDS = "The double has thought of this.";

export class ModelDouble {
  mode: ModelMode = "ok";
  /** Requests for a reply that are not answered to the end and whose line is open. */
  openCount = 0;
  /** Replies that were given to the end. */
  answered = 0;
  private readonly server = createServer((request, response) => {
    request.resume();
    request.on("end", () => this.answer(request.url ?? "", response));
  });

  async start(): Promise<void> {
    this.server.listen(0, "127.0.0.1");
    await once(this.server, "listening");
  }

  /** What a Buddy needs to ask it and nobody else. */
  get env(): Record<string, string> {
    const { port } = this.server.address() as AddressInfo;
    return {
      BUDDY_MODELS: `openai/${NAME}`,
      OPENAI_BASE_URL: `http://127.0.0.1:${port}/v1`,
      OPENAI_API_KEY: "no-key-needed",
    };
  }

  async stop(): Promise<void> {
    this.server.closeAllConnections();
    this.server.close();
    await once(this.server, "close");
  }

  private answer(path: string, response: ServerResponse): void {
    // One who hangs up is what is wanted of the asker.
    response.on("error", () => undefined);
    if (path.endsWith("/models")) return json(response, 200, { data: [{ id: NAME }] });
    this.openCount++;
    response.on("close", () => this.openCount--);
    switch (this.mode) {
      case "hung":
        return;
      case "full":
        response.setHeader("retry-after", RETRY_AFTER_S);
        return json(response, 429, { error: { message: "too many requests" } });
      case "lying":
        response.writeHead(200, { "content-type": "text/event-stream" });
        response.end('data: {"choices":"none"}\n\ndata: <html>\n\n');
        return;
      case "slow":
        return drip(response);
      case "ok":
        response.writeHead(200, { "content-type": "text/event-stream" });
        response.end(`${delta(MODEL_WORDS)}${finish()}data: [DONE]\n\n`);
        this.answered++;
    }
  }
}

function drip(response: ServerResponse): void {
  response.writeHead(200, { "content-type": "text/event-stream" });
  const cancel = systemClock.every(SLOW_MS, () => response.write(delta("well ")));
  response.on("close", cancel);
}

function json(response: ServerResponse, status: number, body: unknown): void {
  response.statusCode = status;
  response.setHeader("content-type", "application/json");
  response.end(JSON.stringify(body));
}

function chunk(choice: Record<string, unknown>): string {
  const body = { id: "c1", object: "chat.completion.chunk", created: 1, model: NAME };
  return `data: ${JSON.stringify({ ...body, choices: [{ index: 0, finish_reason: null, ...choice }] })}\n\n`;
}

const delta = (content: string): string => chunk({ delta: { role: "assistant", content } });
const finish = (): string => chunk({ delta: {}, finish_reason: "stop" });
