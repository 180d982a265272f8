/**
 * The answers of model services as one form, before any client reads them. A plain JSON body where a stream was asked for
 * becomes the stream it should have been; an error object within a good stream, and what a service blocked without an
 * error, become the failure they are.
 */
import { isFields, shapedChunk } from "./answer-shape.js";
import { limitedFetch } from "./limited-fetch.js";
import { ModelError } from "./model-error.js";
import { errorIn, serviceErrorOf, serviceFailure, type ServiceError } from "./service-words.js";

/** `fetch` for clients of models. */
export async function modelFetch(
  input: string | URL | Request,
  init?: RequestInit,
): Promise<Response> {
  const response = await limitedFetch(input, init);
  if (!response.ok || response.body === null) return response;
  const { status, statusText, headers } = response;
  const body = response.body.pipeThrough(answerStream());
  const kept = new Headers(headers);
  kept.set("content-type", "text/event-stream");
  kept.delete("content-length");
  return new Response(body, { status, statusText, headers: kept });
}

/** @returns bytes in, bytes of server-sent events out; fails where the service says that it failed. */
export function answerStream(): TransformStream<Uint8Array, Uint8Array> {
  const decoder = new TextDecoder();
  const encoder = new TextEncoder();
  /** json: one value, or one a line; events: a stream. */
  let form: "unknown" | "json" | "events" = "unknown";
  /** What has no end of a line yet, in the pieces it came in: a line may be megabytes long. */
  let rest: string[] = [];
  const events = new EventLines();
  const taken = (): string => {
    const text = rest.join("");
    rest = [];
    return text;
  };
  const pass = (controller: TransformStreamDefaultController<Uint8Array>, out: string): void => {
    if (out !== "") controller.enqueue(encoder.encode(out));
  };
  return new TransformStream({
    transform(chunk, controller) {
      const piece = decoder.decode(chunk, { stream: true });
      rest.push(piece);
      if (form === "unknown") {
        const first = rest.join("").trimStart()[0];
        if (first === undefined) return;
        form = first === "{" || first === "[" || first === "<" ? "json" : "events";
      }
      const end = Math.max(piece.lastIndexOf("\n"), piece.lastIndexOf("\r"));
      if (form === "json" || end < 0) return;
      const text = taken();
      const length = text.length - (piece.length - end - 1);
      if (length < text.length) rest.push(text.slice(length));
      pass(controller, events.take(text.slice(0, length)));
    },
    flush(controller) {
      rest.push(decoder.decode());
      const text = taken();
      if (form === "json") pass(controller, asEvents(text));
      // The last line may have no end, and the last event no empty line after it.
      else pass(controller, events.take(`${text}\n`) + events.end());
    },
  });
}

/** Lines of server-sent events, each event in the shape that clients read. */
class EventLines {
  private data: string[] = [];
  private name = "";
  private endedWithCr = false;

  /** @param text whole lines. @returns the events that ended in them. */
  take(text: string): string {
    // A line's end may have come in two pieces.
    const lines = this.endedWithCr && text.startsWith("\n") ? text.slice(1) : text;
    this.endedWithCr = text.endsWith("\r");
    if (lines === "") return "";
    return lines
      .split(/\r\n|\n|\r/)
      .slice(0, -1)
      .map((line) => this.line(line))
      .join("");
  }

  /** @returns the event that the connection's end left open, if it is a whole one. */
  end(): string {
    const isWhole = isDone(this.data.join("\n")) || parsed(this.data.join("\n")) !== undefined;
    return isWhole ? this.line("") : "";
  }

  private line(line: string): string {
    if (line === "") {
      const out = this.data.length === 0 ? "" : shapedEvent(this.data.join("\n"), this.name);
      this.data = [];
      this.name = "";
      return out;
    }
    const [, field = "", value = ""] = /^([^:]*):? ?(.*)$/s.exec(line.replace(/^\ufeff/, "")) ?? [];
    if (field === "data") this.data.push(value);
    if (field === "event") this.name = value.trim();
    // Older llama.cpp servers.
    if (field === "error") shapedEvent(value, field);
    return "";
  }
}

function isDone(data: string): boolean {
  return data.trim() === "[DONE]";
}

/** @returns undefined when it is no JSON. */
function parsed(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined;
  }
}

/** @throws ModelError when the event says that the service failed. */
function shapedEvent(data: string, name: string): string {
  if (data.trim() === "") return "";
  if (isDone(data)) return "data: [DONE]\n\n";
  const value = parsed(data);
  if (name === "error") {
    throwFailure(errorIn(value) ?? { sentence: data, status: undefined, names: "" });
  }
  // Whoever reads the stream says what it thinks of what is no JSON.
  if (value === undefined) return `data: ${data.replaceAll("\n", "\ndata: ")}\n\n`;
  fail(value);
  return `data: ${JSON.stringify(shapedChunk(value))}\n\n`;
}

function fail(value: unknown): void {
  if (!isFields(value)) return;
  const { error, object, promptFeedback, choices, x_groq: groq } = value;
  const inChoices = Array.isArray(choices) ? choices.filter(isFields) : [];
  const sources = [value, ...inChoices, ...(isFields(groq) ? [groq] : [])];
  const failed = sources.find((source) => isError(source["error"]));
  if (failed !== undefined) throwFailure(errorIn({ error: failed["error"] }));
  if (object === "error") throwFailure(errorIn(isError(error) ? { error } : value));
  const reason = isFields(promptFeedback) ? promptFeedback["blockReason"] : undefined;
  if (typeof reason === "string") {
    throw new ModelError("MODEL_BLOCKED", "permanent", `the service blocked it: ${reason}`);
  }
}

/** Some services send the field with nothing in it. */
function isError(error: unknown): boolean {
  return isFields(error) ? Object.keys(error).length > 0 : Boolean(error);
}

function throwFailure(said: ServiceError | undefined): void {
  if (said !== undefined) throw serviceFailure(said, said.status);
}

/** A whole answer as events: OpenAI's object, Gemini's object or list of them, or one object a line. */
function asEvents(text: string): string {
  const whole = parsed(text.replace(/^\ufeff/, ""));
  const lines = text.split("\n").filter((line) => line.trim() !== "");
  const value = whole ?? lines.map(parsed);
  const parts: unknown[] = Array.isArray(value) ? value : [value];
  if (parts.includes(undefined)) {
    const page = serviceErrorOf(text);
    const what = page === undefined ? "" : `: ${page.sentence}`;
    throw new ModelError("MODEL_GARBAGE", "permanent", `neither a stream nor JSON came${what}`);
  }
  for (const part of parts) fail(part);
  const shaped = parts.map(shapedChunk);
  const isAnswer = shaped.every(
    (part) =>
      isFields(part) && ("choices" in part || "candidates" in part || "usageMetadata" in part),
  );
  if (!isAnswer) throwFailure(errorIn(value));
  return shaped.map((part) => `data: ${JSON.stringify(part)}\n\n`).join("");
}
