/**
 * Which models are wanted, in which order, and where they are. Environment variables are read as the services' own
 * clients read them.
 *
 * | variable                        | meaning                                                                  |
 * | ------------------------------- | ------------------------------------------------------------------------ |
 * | BUDDY_MODELS                    | `provider/model` in order of preference, separated by commas; `local/…`: Buddy's own |
 * | OLLAMA_HOST                     | `host`, `host:port` or URL; default 127.0.0.1:11434                      |
 * | OPENAI_BASE_URL, OPENAI_API_KEY | any OpenAI-compatible service; default https://api.openai.com/v1         |
 * | GOOGLE_GENERATIVE_AI_API_KEY, …_BASE_URL | Gemini; default https://generativelanguage.googleapis.com/v1beta |
 */
import { NO_LOCAL_MODEL, type LocalModel } from "../../brain/local-model.js";
import { bareHost, isLoopback } from "../../host/loopback.js";

export const PROVIDERS = ["ollama", "openai", "google", "local"] as const;
export type Provider = (typeof PROVIDERS)[number];

export interface ModelRef {
  /** `provider/model`, as in BUDDY_MODELS. */
  readonly name: string;
  readonly provider: Provider;
  readonly model: string;
}

interface Service {
  readonly baseUrl: string;
  /** `Authorization: Basic …` of an address with `user:password@`, which `fetch` does not take. */
  readonly basic: string | undefined;
}

export interface ModelServices {
  readonly ollama: Service & { readonly isAsked: boolean };
  readonly openai: Service & { readonly apiKey: string | undefined };
  readonly google: Service & { readonly apiKey: string | undefined };
  /** The model of Buddy's own. */
  readonly local: LocalModel;
  /** Passwords of the addresses, never to be shown. */
  readonly secrets: readonly string[];
}

type Environment = Readonly<Record<string, string | undefined>>;

const MODELS_MAX = 8;
const OPENAI_URL = "https://api.openai.com/v1";
const GOOGLE_URL = "https://generativelanguage.googleapis.com/v1beta";
const OLLAMA_PORT = 11_434;

/** @returns the models, and one line for each entry that is none. */
export function parseModels(text: string): { models: ModelRef[]; wrong: string[] } {
  const models: ModelRef[] = [];
  const wrong: string[] = [];
  for (const entry of text.split(",").map((part) => part.trim())) {
    if (entry === "") continue;
    const slash = entry.indexOf("/");
    const provider = PROVIDERS.find((name) => name === entry.slice(0, slash));
    const model = entry.slice(slash + 1);
    if (provider === undefined || !isModelName(provider, model)) {
      wrong.push(`expected ${PROVIDERS.join("/…, ")}/…, got "${entry.slice(0, 80)}"`);
    } else if (models.length < MODELS_MAX && !models.some(({ name }) => name === entry)) {
      models.push({ name: entry, provider, model });
    }
  }
  return { models, wrong };
}

/** A name becomes a part of an address: nothing in it may lead elsewhere. */
function isModelName(provider: Provider, model: string): boolean {
  if (!/^[\w.:@/+-]{1,120}$/.test(model)) return false;
  const parts = model.split("/");
  if (parts.some((part) => part === "" || /^\.+$/.test(part))) return false;
  return provider !== "google" || parts.length === 1 || /^(?:tuned)?models\/[^/]+$/i.test(model);
}

/** Variables that decide about models; some hold keys. */
export const MODEL_VARIABLES = [
  "BUDDY_MODELS",
  "OLLAMA_HOST",
  "OPENAI_BASE_URL",
  "OPENAI_API_KEY",
  "GOOGLE_GENERATIVE_AI_BASE_URL",
  "GOOGLE_GENERATIVE_AI_API_KEY",
] as const;

/** Where the services are. Secrets given in the settings come before those of the environment. */
export function servicesOf(
  environment: Environment,
  secrets: { readonly openaiApiKey?: string; readonly googleApiKey?: string } = {},
  local: LocalModel = NO_LOCAL_MODEL,
): ModelServices {
  const set = (name: string): string | undefined => environment[name]?.trim() || undefined;
  const ollama = plainService(ollamaUrl(set("OLLAMA_HOST")));
  const openai = plainService(set("OPENAI_BASE_URL") ?? OPENAI_URL);
  const google = plainService(set("GOOGLE_GENERATIVE_AI_BASE_URL") ?? GOOGLE_URL);
  return {
    ollama: { ...ollama.service, isAsked: set("OLLAMA_HOST") !== undefined },
    openai: { ...openai.service, apiKey: secrets.openaiApiKey ?? set("OPENAI_API_KEY") },
    google: {
      ...google.service,
      apiKey: secrets.googleApiKey ?? set("GOOGLE_GENERATIVE_AI_API_KEY"),
    },
    local,
    secrets: [ollama, openai, google].flatMap(({ secrets: own }) => own),
  };
}

/** An address without the user and the password in it; they go into a header. */
function plainService(address: string): { readonly service: Service; readonly secrets: string[] } {
  const bare = { baseUrl: address.replace(/\/+$/, ""), basic: undefined };
  if (!URL.canParse(address)) return { service: bare, secrets: [] };
  const url = new URL(address);
  if (url.username === "" && url.password === "") return { service: bare, secrets: [] };
  const [user, password] = [decoded(url.username), decoded(url.password)];
  const token = Buffer.from(`${user}:${password}`).toString("base64");
  const secrets = [password, url.password, token].filter((secret) => secret !== "");
  url.username = "";
  url.password = "";
  const service = { baseUrl: url.href.replace(/\/+$/, ""), basic: `Basic ${token}` };
  return { service, secrets };
}

function decoded(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    // A percent sign of the password's own.
    return part;
  }
}

/**
 * OLLAMA_HOST as Ollama's own clients read it: scheme and port may be missing, and the server's wildcard address means
 * this machine.
 */
export function ollamaUrl(host: string | undefined): string {
  if (host === undefined) return `http://127.0.0.1:${OLLAMA_PORT}`;
  const hasScheme = /^https?:\/\//i.test(host);
  const bare = host.startsWith(":") ? `127.0.0.1${host}` : host;
  const text = hasScheme ? host : `http://${bare}`;
  if (!URL.canParse(text)) return `http://127.0.0.1:${OLLAMA_PORT}`;
  const url = new URL(text);
  if (url.hostname === "0.0.0.0" || url.hostname === "[::]") url.hostname = "127.0.0.1";
  const hasPort = /:\d+(\/|$)/.test(text.replace(/^https?:\/\//i, ""));
  if (!hasPort && !hasScheme) url.port = String(OLLAMA_PORT);
  return url.href.replace(/\/+$/, "");
}

/** Models that are known to take pictures, by their names. */
const SEEING =
  /llava|vision|[-_.]vl\b|vl:|gemini|gpt-4o|gpt-4\.1|gpt-5|gemma3|pixtral|moondream|minicpm-v|bakllava|llama4|claude/i;

export function canSee({ model }: ModelRef): boolean {
  return SEEING.test(model);
}

/**
 * A model on one's own machine may be loading for a long time and write slowly: any Ollama, and another server, such as
 * llama.cpp's, at an address of this machine.
 */
export function isLocal({ provider }: ModelRef, { openai }: ModelServices): boolean {
  if (provider !== "openai") return provider === "ollama" || provider === "local";
  if (!URL.canParse(openai.baseUrl)) return false;
  return isLoopback(bareHost(new URL(openai.baseUrl)));
}
