/**
 * The answers of model services as one form, before any client reads them. A plain JSON body where a stream was asked for
 * becomes the stream it should have been; an error object within a good stream, and what a service blocked without an
 * error, become the failure they are.
 */
import { limitedFetch } from "./limited-fetch.js";
import { ModelError } from "./model-error.js";
import { errorIn, serviceFailure } from "./service-words.js";

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
  /** json: the whole body is one value; events: a stream. */
  let form: "unknown" | "json" | "events" = "unknown";
  /** What has no end of a line yet, in the pieces it came in: a line may be megabytes long. */
  let rest: string[] = [];
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
        const first = rest
          .join("")
          .trimStart()
          .replace(/^\ufeff/, "")[0];
        if (first === undefined) return;
        form = first === "{" || first === "[" ? "json" : "events";
      }
      const end = Math.max(piece.lastIndexOf("\n"), piece.lastIndexOf("\r"));
      if (form === "json" || end < 0) return;
      const text = taken();
      const length = text.length - (piece.length - end - 1);
      if (length < text.length) rest.push(text.slice(length));
      const lines = text.slice(0, length);
      for (const line of lines.split(/\r\n|\n|\r/)) judge(line);
      pass(controller, lines);
    },
    flush(controller) {
      rest.push(decoder.decode());
      const text = taken();
      if (form === "json") pass(controller, asEvents(text));
      else if (text !== "") {
        judge(text);
        pass(controller, text);
      }
    },
  });
}

/** @throws ModelError when the line says that the service failed. */
function judge(line: string): void {
  if (!line.startsWith("data:")) return;
  const data = line.slice("data:".length).trim();
  // Nearly all lines are words of the reply.
  if (!/"error"|"blockReason"|"object"\s*:\s*"error"/.test(data)) return;
  let value: unknown;
  try {
    value = JSON.parse(data);
  } catch {
    // Whoever reads the stream says what it thinks of it.
    return;
  }
  fail(value);
}

function fail(value: unknown): void {
  const { error, object, promptFeedback } = (value ?? {}) as Record<string, unknown>;
  const isError = (error !== undefined && error !== null) || object === "error";
  const found = isError ? errorIn(value) : undefined;
  if (found !== undefined) throw serviceFailure(found, found.status);
  const reason = (promptFeedback as Record<string, unknown> | null | undefined)?.["blockReason"];
  if (typeof reason === "string") {
    throw new ModelError("MODEL_BLOCKED", "permanent", `the service blocked it: ${reason}`);
  }
}

/** A whole answer as events: OpenAI's object, or Gemini's object or list of them. */
function asEvents(text: string): string {
  let value: unknown;
  try {
    value = JSON.parse(text.replace(/^\ufeff/, ""));
  } catch {
    throw new ModelError("MODEL_GARBAGE", "permanent", "the answer is neither a stream nor JSON");
  }
  const parts: unknown[] = Array.isArray(value) ? value : [value];
  for (const part of parts) fail(part);
  const said = errorIn(value);
  const isAnswer = parts.every(
    (part) =>
      typeof part === "object" &&
      part !== null &&
      ("choices" in part || "candidates" in part || "usageMetadata" in part),
  );
  if (!isAnswer && said !== undefined) throw serviceFailure(said, said.status);
  return `${parts.map((part) => `data: ${JSON.stringify(streamed(part))}\n\n`).join("")}`;
}

/** OpenAI's `message` as the `delta` that a stream would have had. */
function streamed(part: unknown): unknown {
  const { choices } = part as { choices?: unknown };
  if (!Array.isArray(choices)) return part;
  return {
    ...(part as object),
    object: "chat.completion.chunk",
    choices: choices.map((choice: Record<string, unknown>) => {
      const { message, text, ...rest } = choice;
      const { tool_calls: calls, ...delta } = (message ?? { content: text }) as Record<
        string,
        unknown
      >;
      const indexed = Array.isArray(calls)
        ? { tool_calls: calls.map((call: object, index) => ({ index, ...call })) }
        : {};
      return { ...rest, delta: { ...delta, ...indexed } };
    }),
  };
}
