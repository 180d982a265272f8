/**
 * Asks a model service, without using it, whether it is there and knows the model; says in plain words which command
 * or setting helps when it does not.
 */
import { limitedFetch } from "./limited-fetch.js";
import type { ModelRef, ModelServices } from "./model-refs.js";

export type ModelSight =
  | { readonly kind: "there" }
  /** A sentence with the command or setting that helps. */
  | { readonly kind: "missing"; readonly fix: string }
  /** It may come back by itself. */
  | { readonly kind: "away"; readonly fix: string };

const LOOK_MS_MAX = 3000;
/** Names listed when the wanted one is not there. */
const NAMED_MAX = 5;
const OPENAI_HOST = "api.openai.com";

export async function lookAtModel(
  ref: ModelRef,
  services: ModelServices,
  signal: AbortSignal,
): Promise<ModelSight> {
  // How it is it tells by itself, at once.
  if (ref.provider === "local") return { kind: "there" };
  if (ref.provider === "ollama") return lookAtOllama(ref, services.ollama, signal);
  if (ref.provider === "openai") return lookAtOpenai(ref, services.openai, signal);
  return lookAtGoogle(ref, services.google, signal);
}

/** Names of the models that an Ollama has installed; undefined when there is none. */
export async function ollamaModels(
  { baseUrl, basic }: ModelServices["ollama"],
  signal: AbortSignal,
): Promise<string[] | undefined> {
  const answer = await ask(`${baseUrl}/api/tags`, authorization(basic), signal);
  return answer?.status === 200 ? names(answer.body, "models", "name") : undefined;
}

async function lookAtOllama(
  { model }: ModelRef,
  service: ModelServices["ollama"],
  signal: AbortSignal,
): Promise<ModelSight> {
  const { baseUrl } = service;
  const installed = await ollamaModels(service, signal);
  if (installed === undefined) {
    const fix = `Ollama does not answer at ${baseUrl}: start it with "ollama serve", or set OLLAMA_HOST`;
    return { kind: "away", fix };
  }
  const isThere = installed.some((name) => name === model || name === `${model}:latest`);
  if (isThere) return { kind: "there" };
  const fix = `the model ${model} is not installed in Ollama at ${baseUrl}: run "ollama pull ${model}"`;
  return { kind: "missing", fix };
}

async function lookAtOpenai(
  { model }: ModelRef,
  { baseUrl, apiKey, basic }: ModelServices["openai"],
  signal: AbortSignal,
): Promise<ModelSight> {
  if (apiKey === undefined && new URL(baseUrl).hostname === OPENAI_HOST) {
    return { kind: "missing", fix: "there is no key for OpenAI: set OPENAI_API_KEY" };
  }
  const bearer = apiKey === undefined ? undefined : `Bearer ${apiKey}`;
  const headers = authorization(basic ?? bearer);
  const answer = await ask(`${baseUrl}/models`, headers, signal);
  if (answer === undefined) {
    return { kind: "away", fix: `nothing answers at ${baseUrl}: look at OPENAI_BASE_URL` };
  }
  if (answer.status === 401 || answer.status === 403) {
    return { kind: "missing", fix: `${baseUrl} does not take the key: set OPENAI_API_KEY` };
  }
  const listed = answer.status === 200 ? names(answer.body, "data", "id") : [];
  // Servers of one model answer to any name, and some list nothing: only a list without it is worth a word.
  if (listed.length === 0 || listed.includes(model)) return { kind: "there" };
  const some = listed.slice(0, NAMED_MAX).join(", ");
  const fix = `${baseUrl} does not list the model ${model}; it has ${some}: set BUDDY_MODELS`;
  return { kind: "missing", fix };
}

async function lookAtGoogle(
  { model }: ModelRef,
  { baseUrl, apiKey, basic }: ModelServices["google"],
  signal: AbortSignal,
): Promise<ModelSight> {
  if (apiKey === undefined) {
    const fix = "there is no key for Gemini: set GOOGLE_GENERATIVE_AI_API_KEY";
    return { kind: "missing", fix };
  }
  const url = `${baseUrl}/models/${encodeURIComponent(model)}`;
  const answer = await ask(url, { "x-goog-api-key": apiKey, ...authorization(basic) }, signal);
  if (answer === undefined) return { kind: "away", fix: `nothing answers at ${baseUrl}` };
  if (answer.status === 404) {
    return { kind: "missing", fix: `Gemini does not know the model ${model}: set BUDDY_MODELS` };
  }
  const isRefused = [400, 401, 403].includes(answer.status);
  return isRefused
    ? { kind: "missing", fix: "Gemini does not take the key: set GOOGLE_GENERATIVE_AI_API_KEY" }
    : { kind: "there" };
}

function authorization(value: string | undefined): Record<string, string> {
  return value === undefined ? {} : { authorization: value };
}

/** @returns undefined when nothing answered; a body that is not JSON is `undefined` in its place. */
async function ask(
  url: string,
  headers: Readonly<Record<string, string>>,
  signal: AbortSignal,
): Promise<{ readonly status: number; readonly body: unknown } | undefined> {
  const limit = AbortSignal.any([signal, AbortSignal.timeout(LOOK_MS_MAX)]);
  let response: Response;
  try {
    response = await limitedFetch(url, { headers, signal: limit });
  } catch {
    // Nobody there, or too slow: that is the answer.
    return undefined;
  }
  try {
    return { status: response.status, body: await response.json() };
  } catch {
    // The status says enough.
    return { status: response.status, body: undefined };
  }
}

function names(body: unknown, list: string, key: string): string[] {
  const entries: unknown = (body as Record<string, unknown> | null | undefined)?.[list];
  if (!Array.isArray(entries)) return [];
  return entries
    .map((entry: unknown) => (entry as Record<string, unknown> | null)?.[key])
    .filter((name) => typeof name === "string")
    .map((name) => name.slice(0, 120));
}
