/** What the long runs ask a running Buddy, by its page. */
import { until } from "../../src/time/until.js";

export interface Reply {
  readonly outcome: string;
  readonly reply: string;
  readonly safeMode: boolean;
  readonly ms: number;
  readonly turn: string;
}

export interface Turn {
  readonly id: string;
  readonly firstTokenMs?: number;
  readonly promptTokens?: number;
  readonly cachedTokens?: number;
  readonly why?: string;
}

export async function say(page: string, text: string): Promise<Reply> {
  const response = await fetch(`http://${page}/api/say`, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify({ text }),
    signal: AbortSignal.timeout(180_000),
  });
  return (await response.json()) as Reply;
}

export async function turnsOf(page: string): Promise<Turn[]> {
  const { turns } = (await json(page, "/api/turns")) as { turns: Turn[] };
  return turns;
}

export interface Process {
  readonly name: string;
  readonly pid?: number;
  readonly rssBytes: number;
  readonly phase: string;
}

export async function brainOf(page: string): Promise<Process | undefined> {
  const { processes } = (await json(page, "/api/health")) as { processes: Process[] };
  return processes.find(({ name }) => name === "brain");
}

/** Waits until the model serves. @returns its process. */
export async function serving(page: string, limitMs = 180_000): Promise<Process> {
  return until(
    "the model",
    limitMs,
    async () => {
      const process = await brainOf(page);
      return process?.phase === "running" ? process : undefined;
    },
    250,
  );
}

export async function post(page: string, path: string): Promise<void> {
  await fetch(`http://${page}${path}`, { method: "POST" });
}

async function json(page: string, path: string): Promise<unknown> {
  const response = await fetch(`http://${page}${path}`, { signal: AbortSignal.timeout(20_000) });
  return response.json();
}
