/**
 * Voice and ears of an OpenAI-compatible server: `/audio/speech` and `/audio/transcriptions`. Each call has a
 * deadline that closes its connection, and takes no more bytes than sound or words can have.
 */
import { z } from "zod";
import { parseRetryAfter } from "../resilience/errors.js";
import { withDeadline } from "../resilience/deadline.js";
import { BREAKER_RULES } from "../resilience/breaker-core.js";
import type { Backend, Policies } from "../resilience/policies.js";
import type { Policy } from "../resilience/policy.js";
import type { Clock } from "../time/clock.js";
import type { HearingEndpoint, SpeechEndpoint } from "./options.js";

const SPEECH_MS_MAX = 8000;
const HEARING_MS_MAX = 15_000;
const SPEECH_BYTES_MAX = 8 * 1024 * 1024;
const WORDS_BYTES_MAX = 64 * 1024;
/** Longest transcript that is believed: half a minute of speech has a few hundred characters. */
const WORDS_CHARS_MAX = 2000;
const ERROR_CHARS_MAX = 200;
/** What Whisper writes of sounds that are no words: [BLANK_AUDIO], (coughs), *music*, ♪. Nobody speaks brackets. */
const NOTES = /\[[^\]]*\]|\([^)]*\)|\*[^*]*\*|[♪♫]/g;

const EARS: Backend = {
  id: "ears",
  title: "Speech to text",
  remedy: "Look at the server of BUDDY_STT_URL; typing works meanwhile.",
  // Each failed recording counts twice (it is tried again), and somebody is speaking: four of them, and a short rest.
  rules: { ...BREAKER_RULES, failuresMax: 8, openMs: 5000 },
};

/** The server's refusal, with what a retry needs to know. */
class HttpError extends Error {
  constructor(
    readonly status: number,
    message: string,
    readonly retryAfterMs: number | undefined,
  ) {
    super(message);
  }
}

export class OnlineVoice {
  constructor(
    private readonly endpoint: SpeechEndpoint,
    private readonly clock: Clock,
  ) {}

  /**
   * No second attempt: the next way of speaking is sooner than a retry, and its breaker is the way's own.
   * @returns a WAV file. @throws what the server or the network had against it.
   */
  speech(text: string, signal: AbortSignal): Promise<Buffer> {
    const { url, key, model, voice } = this.endpoint;
    const body = JSON.stringify({ model, voice, input: text, response_format: "wav" });
    const headers = { "content-type": "application/json", ...authorization(key) };
    const { clock } = this;
    return withDeadline(
      async (own) => {
        const response = await post(url, { headers, body }, own.signal, clock);
        return read(response, SPEECH_BYTES_MAX);
      },
      { clock, operation: "online voice", ms: SPEECH_MS_MAX },
      signal,
    );
  }
}

export class OnlineEars {
  private readonly policy: Policy;

  constructor(
    private readonly endpoint: HearingEndpoint,
    policies: Policies,
    private readonly clock: Clock,
  ) {
    this.policy = policies.policy("speech to text", {
      backend: EARS,
      attemptMs: HEARING_MS_MAX,
      totalMs: HEARING_MS_MAX + 5000,
      retry: "model",
      bulkhead: { slots: 2, queueMax: 2 },
    });
  }

  /** @returns the words, trimmed; empty when there were none. @throws what was against it. */
  words(wav: Uint8Array, language: string | undefined, signal: AbortSignal): Promise<string> {
    const { url, key, model } = this.endpoint;
    return this.policy.run(async (call) => {
      const form = new FormData();
      form.set("file", new Blob([new Uint8Array(wav)], { type: "audio/wav" }), "speech.wav");
      form.set("model", model);
      form.set("response_format", "json");
      if (language !== undefined) form.set("language", language.split("-")[0] ?? language);
      const headers = authorization(key);
      const response = await post(url, { headers, body: form }, call.signal, this.clock);
      return wordsOf(await read(response, WORDS_BYTES_MAX));
    }, signal);
  }
}

const answer = z.object({ text: z.string() });

function wordsOf(body: Buffer): string {
  const json = z.string().transform((text, context) => {
    try {
      return JSON.parse(text) as unknown;
    } catch {
      context.addIssue({ code: "custom", message: "not JSON" });
      return z.NEVER;
    }
  });
  const parsed = json.pipe(answer).safeParse(body.toString("utf8"));
  if (!parsed.success) throw new HttpError(502, "its answer is not understood", undefined);
  // eslint-disable-next-line no-control-regex -- control characters are exactly what is removed
  const text = parsed.data.text.replace(/[\u0000-\u001f\u007f]+/g, " ");
  const words = text.replace(NOTES, " ").replace(/\s+/g, " ").trim();
  return /[\p{L}\p{N}]/u.test(words) ? words.slice(0, WORDS_CHARS_MAX) : "";
}

function authorization(key: string | undefined): Record<string, string> {
  return key === undefined ? {} : { authorization: `Bearer ${key}` };
}

async function post(
  url: string,
  request: { readonly headers: Record<string, string>; readonly body: string | FormData },
  signal: AbortSignal,
  clock: Clock,
): Promise<Response> {
  // A redirect could take the key to another server.
  const response = await fetch(url, { ...request, method: "POST", signal, redirect: "error" });
  if (response.ok) return response;
  const text = (await read(response, WORDS_BYTES_MAX)).toString("utf8").slice(0, ERROR_CHARS_MAX);
  const wait = parseRetryAfter(response.headers.get("retry-after"), clock.wallMs());
  throw new HttpError(response.status, `${response.status} ${text.trim()}`, wait);
}

/** Reads a body that may not be longer than it says or than it should be. */
async function read(response: Response, bytesMax: number): Promise<Buffer> {
  const pieces: Uint8Array[] = [];
  let bytes = 0;
  // Leaving the loop closes the connection.
  for await (const piece of (response.body ?? []) as AsyncIterable<Uint8Array>) {
    bytes += piece.length;
    if (bytes > bytesMax)
      throw new HttpError(502, `it sent more than ${bytesMax} bytes`, undefined);
    pieces.push(piece);
  }
  return Buffer.concat(pieces);
}
