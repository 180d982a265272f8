/**
 * A model service as OpenAI, Ollama and Gemini speak it, with the faults that real ones show. For tests only. It counts
 * what is open, so that a request that was left open is seen.
 */
import { once } from "node:events";
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { json, chunk, delta, finish, toolCall, googleRate } from "./model-pieces.js";

export type ModelMode =
  | "ok"
  | "noHeaders"
  | "hangMid"
  | "slow"
  | "rateAfter"
  | "rateBare"
  | "error500"
  | "reset"
  | "resetMid"
  | "garbage"
  | "html"
  | "errorInStream"
  | "noDone"
  | "empty"
  | "repeat"
  | "repeatWords"
  | "huge"
  | "hugeLine"
  | "unknown"
  | "badKey"
  | "refused"
  | "noTools"
  /** llama.cpp's way of refusing tools and pictures. */
  | "noTools500"
  | "noPictures500"
  /** OpenAI's newer models. */
  | "newLimit"
  | "smallContext"
  /** Its thoughts count as tokens of the reply; it can be asked not to think. */
  | "thinks"
  | "thinksAlways"
  /** The same, with its thoughts in the text. */
  | "thinksAloud";

export interface ModelRequest {
  readonly path: string;
  readonly body: string;
  readonly headers: IncomingMessage["headers"];
  /** When its connection or answer was over, performance.now(); undefined while it is open. */
  closedMs: number | undefined;
}

const MIB = 1024 * 1024;
const HUGE_BYTES = 64 * MIB;
/** More than the reply of any character. */
const THOUGHT_TOKENS = 1200;

/** Who refuses what, as the services say it. */
const REFUSALS = {
  noTools500: {
    status: 500,
    answer: { error: { code: 500, message: "tools param requires --jinja flag" } },
    isMeant: (body: string) => body.includes('"tools"'),
  },
  noPictures500: {
    status: 500,
    answer: { error: { code: 500, message: "image input is not supported, provide the mmproj" } },
    isMeant: (body: string) => body.includes("image_url"),
  },
  newLimit: {
    status: 400,
    answer: {
      error: { message: "'max_tokens' is not supported. Use 'max_completion_tokens' instead." },
    },
    isMeant: (body: string) => body.includes('"max_tokens"'),
  },
  smallContext: {
    status: 400,
    answer: { error: { message: "the request exceeds the available context size" } },
    isMeant: (body: string) => (JSON.parse(body) as { messages: unknown[] }).messages.length > 4,
  },
} as const;

export class ModelServer {
  mode: ModelMode = "ok";
  /** Pieces of the reply, as a model streams them. */
  reply: readonly string[] = ["[nod] Hello", " there.", " I am", " the model."];
  /** Between two pieces. */
  pieceMs = 5;
  retryAfterS = 1;
  /** A tool call before the words. */
  toolAction: string | undefined;
  installed = ["double:latest"];
  readonly requests: ModelRequest[] = [];
  private readonly server: Server;
  private isClosed = false;

  constructor() {
    this.server = createServer((request, response) => void this.serve(request, response));
  }

  async start(): Promise<void> {
    this.server.listen(0, "127.0.0.1");
    await once(this.server, "listening");
  }

  get url(): string {
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}`;
  }

  get openCount(): number {
    return this.requests.filter(({ closedMs }) => closedMs === undefined).length;
  }

  /** Requests for a reply; looks at the list of models do not count. */
  get chats(): readonly ModelRequest[] {
    return this.requests.filter(({ path }) => /chat\/completions|GenerateContent/.test(path));
  }

  async stop(): Promise<void> {
    this.isClosed = true;
    this.server.closeAllConnections();
    this.server.close();
    await once(this.server, "close");
  }

  private async serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    let body = "";
    for await (const chunk of request) body += String(chunk);
    const { url = "", headers } = request;
    const noted: ModelRequest = { path: url, body, headers, closedMs: undefined };
    this.requests.push(noted);
    response.on("close", () => (noted.closedMs = performance.now()));
    response.on("error", () => undefined); // A client that has gone is what is tested here.
    if (url.endsWith("/api/tags")) {
      return json(response, 200, { models: this.installed.map((name) => ({ name })) });
    }
    if (url.endsWith("/models")) {
      return json(response, 200, { data: this.installed.map((id) => ({ id })) });
    }
    await this.answer(response, noted);
  }

  private async answer(response: ServerResponse, request: ModelRequest): Promise<void> {
    switch (this.mode) {
      case "noHeaders":
        return;
      case "reset":
        response.socket?.resetAndDestroy();
        return;
      case "rateAfter":
        response.setHeader("retry-after", String(this.retryAfterS));
        return json(response, 429, { error: { message: "slow down" } });
      case "rateBare":
        return json(response, 429, googleRate(this.retryAfterS));
      case "error500":
        return json(response, 500, { error: { message: "it broke" } });
      case "unknown":
        return json(response, 404, { error: { message: "model not found" } });
      case "badKey":
        // Services send it back.
        return json(response, 401, { error: { message: `bad key ${keyOf(request)}` } });
      case "html":
        response.setHeader("content-type", "text/html");
        response.end("<html>It works!</html>");
        return;
      case "refused":
        return json(response, 400, { error: { message: "not today" } });
      case "noTools":
        if (request.body.includes('"tools"')) {
          return json(response, 400, { error: { message: "does not support tools" } });
        }
        break;
      case "noTools500":
      case "noPictures500":
      case "newLimit":
      case "smallContext": {
        const refusal = REFUSALS[this.mode];
        if (refusal.isMeant(request.body)) return json(response, refusal.status, refusal.answer);
        break;
      }
      default:
        break;
    }
    response.setHeader("content-type", "text/event-stream");
    await this.stream(response, request);
  }

  private async stream(response: ServerResponse, request: ModelRequest): Promise<void> {
    const isOpen = (): boolean => !this.isClosed && request.closedMs === undefined;
    const send = async (text: string): Promise<void> => {
      if (isOpen() && !response.write(text))
        await Promise.race([once(response, "drain"), once(response, "close")]);
    };
    if (this.mode === "huge" || this.mode === "hugeLine") {
      const piece =
        this.mode === "hugeLine" ? "x".repeat(MIB) : delta("y".repeat(1000)).repeat(900);
      for (let sent = 0; sent < HUGE_BYTES && isOpen(); sent += piece.length) await send(piece);
      response.end();
      return;
    }
    if (this.mode === "garbage") {
      response.end("data: {not json\n\ndata: \u0000\u0001\n\nnonsense\n\n");
      return;
    }
    if (this.mode === "empty") {
      response.end("data: [DONE]\n\n");
      return;
    }
    if (this.toolAction !== undefined && !request.body.includes('"tool_call_id"')) {
      await send(toolCall(this.toolAction));
      response.end("data: [DONE]\n\n");
      return;
    }
    await send(delta("", "assistant"));
    if (/^thinks/.test(this.mode) && !(await this.thought(send, request.body))) {
      response.end("data: [DONE]\n\n");
      return;
    }
    await this.pieces(send, isOpen);
    if (this.mode === "hangMid") return;
    if (this.mode === "resetMid") {
      response.socket?.resetAndDestroy();
      return;
    }
    if (this.mode === "errorInStream")
      await send('data: {"error":{"message":"out of memory"}}\n\n');
    if (this.mode !== "noDone" && this.mode !== "errorInStream") {
      await send(finish());
      await send("data: [DONE]\n\n");
    }
    response.end();
  }

  /** @returns whether tokens are left for the reply. */
  private async thought(send: (text: string) => Promise<void>, body: string): Promise<boolean> {
    const { max_tokens: tokensMax = Infinity, reasoning_effort: effort } = JSON.parse(body) as {
      max_tokens?: number;
      reasoning_effort?: string;
    };
    if (this.mode === "thinks" && effort === "none") return true;
    const isEnough = tokensMax > THOUGHT_TOKENS;
    const words = "hm, well ".repeat(8);
    if (this.mode === "thinksAloud") {
      await send(delta(`<think>${words}`));
      if (isEnough) await send(delta("</think>"));
    } else {
      await send(chunk({ delta: { content: "", reasoning: words } }));
    }
    if (!isEnough) await send(chunk({ delta: {}, finish_reason: "length" }));
    return isEnough;
  }

  private async pieces(
    send: (text: string) => Promise<void>,
    isOpen: () => boolean,
  ): Promise<void> {
    const isEndless = ["slow", "repeat", "repeatWords"].includes(this.mode);
    const pieces =
      this.mode === "repeat"
        ? ["I am a teapot. "]
        : this.mode === "repeatWords"
          ? ["never ", "ending ", "story "]
          : this.mode === "slow"
            ? ["word "]
            : this.reply;
    for (let i = 0; isOpen() && (isEndless || i < pieces.length); i++) {
      // Half of the reply, then the fault.
      const isHalf = i >= pieces.length / 2;
      if (isHalf && ["hangMid", "resetMid", "errorInStream"].includes(this.mode)) return;
      const piece = pieces[i % pieces.length] ?? "";
      await send(delta(this.mode === "slow" ? `${piece.trim()}${i} ` : piece));
      await new Promise((resolve) => setTimeout(resolve, this.pieceMs));
    }
  }
}

function keyOf({ headers }: ModelRequest): string {
  return String(headers.authorization).replace(/^Bearer /, "");
}
