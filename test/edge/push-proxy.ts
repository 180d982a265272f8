/** Stands between a home and its edge, and notes when pushes came and were taken; it may be a slow way too. */
import { once } from "node:events";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { systemClock } from "../../src/time/clock.js";

export interface SeenPush {
  readonly beganMs: number;
  readonly endedMs: number;
  readonly status: number;
}

export interface PushProxy {
  readonly url: string;
  /** All that were answered, in order. */
  readonly seen: SeenPush[];
  close(): Promise<void>;
}

/** @param delayMs before each is handed on. */
export async function startPushProxy(edgeUrl: string, delayMs = 0): Promise<PushProxy> {
  const seen: SeenPush[] = [];
  const handOn = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    await systemClock.sleep(delayMs);
    const beganMs = Date.now();
    const headers = Object.fromEntries(
      Object.entries(request.headers).filter(([name]) => name.startsWith("x-buddy-")),
    ) as Record<string, string>;
    const answer = await fetch(new URL(request.url ?? "", edgeUrl), {
      method: request.method ?? "POST",
      headers,
      body: Buffer.concat(chunks),
    });
    const text = await answer.text();
    seen.push({ beganMs, endedMs: Date.now(), status: answer.status });
    response.writeHead(answer.status).end(text);
  };
  const server = createServer((request, response) => {
    handOn(request, response).catch((error: unknown) => {
      console.error(`push proxy: ${String(error)}`);
      response.destroy();
    });
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}/`,
    seen,
    close: async () => {
      server.closeAllConnections();
      server.close();
      await once(server, "close");
    },
  };
}

/** The pushes that the edge took. */
export function taken(seen: readonly SeenPush[]): SeenPush[] {
  return seen.filter(({ status }) => status === 204);
}
