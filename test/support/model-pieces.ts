/**
 * What model services put on the wire: pieces of streams, tool calls and errors.
 */
import type { ServerResponse } from "node:http";

export function json(response: ServerResponse, status: number, body: unknown): void {
  response.statusCode = status;
  response.setHeader("content-type", "application/json");
  response.end(JSON.stringify(body));
}

export function chunk(choice: Record<string, unknown>): string {
  const body = { id: "c1", object: "chat.completion.chunk", created: 1, model: "double" };
  return `data: ${JSON.stringify({ ...body, choices: [{ index: 0, finish_reason: null, ...choice }] })}\n\n`;
}

export function delta(content: string, role?: string): string {
  return chunk({ delta: { ...(role !== undefined && { role }), content } });
}

export function finish(): string {
  return chunk({ delta: {}, finish_reason: "stop" });
}

export function toolCall(action: string): string {
  const call = {
    index: 0,
    id: "call1",
    type: "function",
    function: { name: "robot_action", arguments: JSON.stringify({ action }) },
  };
  return (
    chunk({ delta: { tool_calls: [call] } }) + chunk({ delta: {}, finish_reason: "tool_calls" })
  );
}

/** Google's form: no header, but RetryInfo in the body. */
export function googleRate(seconds: number): unknown {
  const retry = { "@type": "type.googleapis.com/google.rpc.RetryInfo", retryDelay: `${seconds}s` };
  return { error: { code: 429, message: "quota", status: "RESOURCE_EXHAUSTED", details: [retry] } };
}
