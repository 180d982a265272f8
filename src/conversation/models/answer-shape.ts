/**
 * One piece of a service's stream in the shape that its client reads. Servers that call themselves compatible differ in what
 * they leave out, set to null or write as another type; strict clients take the whole reply for garbage then. Pure.
 */

type Fields = Record<string, unknown>;

/** @param value parsed JSON of one event, or of a whole answer. @returns it in OpenAI's shape, or as it came: Gemini's, or nobody's. */
export function shapedChunk(value: unknown): unknown {
  if (!isFields(value)) return value;
  if (typeof value["done"] === "boolean" && !("choices" in value)) return fromOllama(value);
  const { choices, usage, id, created, error: _none, ...rest } = value;
  const isChat = Array.isArray(choices) || choices === null || isFields(usage);
  if (!isChat) return value;
  return {
    ...rest,
    ...(typeof id === "string" && { id }),
    ...(Number.isInteger(created) && { created }),
    ...(isUsage(usage) && { usage }),
    object: "chat.completion.chunk",
    choices: (Array.isArray(choices) ? choices : []).filter(isFields).map(shapedChoice),
  };
}

function shapedChoice(choice: Fields): Fields {
  const { delta, message, text, finish_reason: reason, ...rest } = choice;
  const said = [delta, message].find(isFields) ?? { content: text };
  return { ...rest, finish_reason: reason === "" ? null : reason, delta: shapedDelta(said) };
}

function shapedDelta(delta: Fields): Fields {
  const { tool_calls: calls, function_call: call, refusal, content, ...rest } = delta;
  // The only words of such a reply.
  const words = typeof refusal === "string" && !content ? refusal : content;
  const all = Array.isArray(calls) ? calls : isFields(call) ? [fromFunctionCall(call)] : [];
  const shaped = all.filter(isFields).map(shapedCall);
  return {
    ...rest,
    ...(words !== undefined && { content: words }),
    ...(shaped.length > 0 && { tool_calls: shaped }),
  };
}

/** The older form of a call, which has no id; its later pieces have no name. */
function fromFunctionCall(call: Fields): Fields {
  const id = typeof call["name"] === "string" ? { id: "call_0", type: "function" } : {};
  return { index: 0, ...id, function: call };
}

function shapedCall(call: Fields, index: number): Fields {
  const { function: named, ...rest } = call;
  if (!isFields(named)) return { index, ...call };
  const { arguments: given } = named;
  const text = isFields(given) ? JSON.stringify(given) : given;
  return { index, ...rest, function: { ...named, ...(text !== undefined && { arguments: text }) } };
}

/** Ollama's own protocol, at an address that was meant to speak OpenAI's. */
function fromOllama(value: Fields): Fields {
  const { message, response, done, done_reason: reason } = value;
  const delta = isFields(message) ? message : { content: response };
  const { thinking, ...words } = delta;
  return {
    object: "chat.completion.chunk",
    choices: [
      {
        index: 0,
        delta: shapedDelta({ ...words, ...(thinking !== undefined && { reasoning: thinking }) }),
        finish_reason: done === true ? (reason ?? "stop") : null,
      },
    ],
  };
}

function isUsage(usage: unknown): boolean {
  if (!isFields(usage)) return false;
  const counts = [usage["prompt_tokens"], usage["completion_tokens"], usage["total_tokens"]];
  return counts.every((count) => count === undefined || count === null || Number.isInteger(count));
}

export function isFields(value: unknown): value is Fields {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
