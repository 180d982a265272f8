/** Signed calls to the edge, one attempt each; a home whose clock is wrong learns the edge's time from a refusal. */
import type { ErrorKind } from "../resilience/errors.js";
import type { Clock } from "../time/clock.js";
import { edgeRefusal, PUSH_PATH, type EdgePush } from "./push.js";
import { sign, SIGNATURE_HEADER, TIME_HEADER } from "./signature.js";

/** A refusal is a few hundred characters; an edge that sends more is not ours. */
const REFUSAL_BYTES_MAX = 2000;

export class EdgeError extends Error {
  override readonly name = "EdgeError";

  constructor(
    readonly code: string,
    readonly kind: ErrorKind,
    message: string,
    /** Told by the edge to whom it knows: its own time and that of the last push it took, Unix ms. */
    readonly times: {
      readonly nowMs?: number | undefined;
      readonly lastMs?: number | undefined;
    } = {},
  ) {
    super(message);
  }
}

export class EdgeClient {
  /** Added to this machine's time; 0 until the edge has said that it is wrong. */
  private offsetMs = 0;
  private lastSignedMs = 0;

  constructor(
    private readonly url: string,
    private readonly key: string,
    private readonly clock: Clock,
  ) {}

  /** @throws EdgeError when the edge refused it, Error of `fetch` when it was not reached. */
  push(push: EdgePush, signal: AbortSignal): Promise<void> {
    return this.call("POST", JSON.stringify(push), signal);
  }

  /** Leaves nothing of this home at the edge. Throws as above. */
  erase(signal: AbortSignal): Promise<void> {
    return this.call("DELETE", "", signal);
  }

  private async call(method: string, text: string, signal: AbortSignal): Promise<void> {
    const body = new TextEncoder().encode(text);
    try {
      await this.once(method, body, signal);
    } catch (error) {
      if (!this.learnsTime(error)) throw error;
      await this.once(method, body, signal);
    }
  }

  private async once(
    method: string,
    body: Uint8Array<ArrayBuffer>,
    signal: AbortSignal,
  ): Promise<void> {
    // Each is later than the one before, also when this machine's clock was set back.
    const ownMs = Math.floor(this.clock.wallMs() + this.offsetMs);
    const timeMs = Math.max(ownMs, this.lastSignedMs + 1);
    this.lastSignedMs = timeMs;
    const response = await fetch(new URL(PUSH_PATH, this.url), {
      method,
      headers: {
        [TIME_HEADER]: String(timeMs),
        [SIGNATURE_HEADER]: await sign(this.key, { method, path: PUSH_PATH, timeMs, body }),
        ...(method === "POST" && { "content-type": "application/json" }),
      },
      ...(method === "POST" && { body }),
      // What is signed for one address is not carried to another.
      redirect: "error",
      signal,
    });
    if (response.status === 204) return;
    throw refusedBy(response.status, await headOf(response));
  }

  private learnsTime(error: unknown): boolean {
    if (!(error instanceof EdgeError)) return false;
    const { nowMs, lastMs } = error.times;
    if (error.code !== "EDGE_TIME" && error.code !== "EDGE_REPLAY") return false;
    if (nowMs === undefined || lastMs === undefined) return false;
    this.offsetMs = Math.max(nowMs, lastMs + 1) - this.clock.wallMs();
    this.lastSignedMs = 0;
    return true;
  }
}

function refusedBy(status: number, text: string): EdgeError {
  const told = readRefusal(text);
  const kind: ErrorKind = status >= 500 || status === 429 ? "transient" : "permanent";
  if (told === undefined) {
    return new EdgeError(
      "EDGE_ANSWER",
      kind,
      `the edge answered ${status}, which is no word of ours`,
    );
  }
  const { code, message, nowMs, lastMs } = told;
  return new EdgeError(code, kind, `${code}: ${message}`, { nowMs, lastMs });
}

function readRefusal(text: string): ReturnType<typeof edgeRefusal.parse> | undefined {
  try {
    return edgeRefusal.safeParse(JSON.parse(text)).data;
  } catch {
    return undefined; // The caller says that it is no word of ours.
  }
}

/** As much of a body as a refusal can be long. */
async function headOf(response: Response): Promise<string> {
  if (response.body === null) return "";
  const decoder = new TextDecoder();
  let text = "";
  for await (const chunk of response.body) {
    text += decoder.decode(chunk as Uint8Array, { stream: true });
    // Leaving the loop cancels the rest.
    if (text.length > REFUSAL_BYTES_MAX) break;
  }
  return text;
}
