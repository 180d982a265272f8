/**
 * Tries a key of a model service with one real request, as a turn would make it, before anybody relies on it. It has a breaker
 * of its own: what is typed wrong says nothing of the key that is in use. The key stands in no answer and no line.
 */
import { CircuitBreaker } from "../../resilience/breaker.js";
import { kindOf } from "../../resilience/errors.js";
import { Policy } from "../../resilience/policy.js";
import { systemChance } from "../../time/chance.js";
import type { Clock } from "../../time/clock.js";
import { ChatModel } from "./chat-model.js";
import { MODEL_RULES, PROBE, type ReplyEvents } from "./model-calls.js";
import { ModelError } from "./model-error.js";
import type { ModelRef, ModelServices } from "./model-refs.js";

/** The services that take a key. */
export const KEY_PROVIDERS = ["google", "openai"] as const;
export type KeyProvider = (typeof KEY_PROVIDERS)[number];

export interface KeyTrial {
  readonly ok: boolean;
  /** `provider/model` that was asked. */
  readonly model: string;
  readonly ms: number;
  /** What it answered; when it did not, why, in the service's own words. */
  readonly words: string;
}

/** A person waits for it. */
const TRIAL_MS_MAX = 20_000;
const WORDS_MAX = 120;

/** Asks for one word. Never rejects. @param services with the key that is tried */
export async function tryModel(
  ref: ModelRef,
  services: ModelServices,
  clock: Clock,
): Promise<KeyTrial> {
  const calls = {
    policy: new Policy(
      { operation: "key trial", attemptMs: TRIAL_MS_MAX, retry: "never" },
      clock,
      systemChance,
    ),
    breaker: new CircuitBreaker("key-trial", { clock }),
  };
  const chat = new ChatModel(ref, { services, rules: MODEL_RULES, clock, calls });
  let words = "";
  const events: ReplyEvents = {
    began: () => (words = ""),
    firstToken: () => undefined,
    text: (piece) => ((words += piece).length < WORDS_MAX ? "more" : "enough"),
    wish: () => undefined,
    isCommitted: () => false,
    usage: () => undefined,
  };
  const startMs = clock.nowMs();
  const done = (ok: boolean, said: string): KeyTrial => ({
    ok,
    model: ref.name,
    ms: Math.round(clock.nowMs() - startMs),
    words: withoutKeys(said.trim(), services),
  });
  try {
    await chat.reply(PROBE, TRIAL_MS_MAX, new AbortController().signal, events, false);
    return done(true, words.slice(0, WORDS_MAX));
  } catch (error) {
    if (kindOf(error) === "bug") throw error;
    // A refusal of the words is an answer: the key was taken.
    const isTaken = error instanceof ModelError && error.code === "MODEL_BLOCKED";
    return done(isTaken, (error as Error).message);
  }
}

/** Services send keys back, also in part: "Incorrect API key provided: sk-abc***wxyz". */
function withoutKeys(text: string, { openai, google }: ModelServices): string {
  const keys = [openai.apiKey, google.apiKey].filter((key) => key !== undefined);
  return keys.reduce((left, key) => left.replaceAll(key, "…"), text);
}
