/**
 * How a model is asked: what services of one protocol take differently. A request that is refused is made again in the
 * next simpler form, and the form that worked is kept; one that is refused in every form was refused for another reason,
 * and then nothing is left out. Pure.
 *
 * | left out, or put differently | who refuses it                                                                    |
 * | ---------------------------- | --------------------------------------------------------------------------------- |
 * | the wish not to think        | models that always do                                                              |
 * | tools                        | 400 of Ollama and vLLM, 500 of llama.cpp without `--jinja`; tags do the same       |
 * | pictures                     | 400 or 500 of models that cannot see                                               |
 * | `max_tokens`                 | OpenAI's newer models: `max_completion_tokens`                                     |
 * | older words                  | a context that is too small for them                                               |
 * | the system's role            | templates of Gemma 2, some Mistrals: it goes into the first words of the person     |
 * | the wish for figures         | `stream_options`, which old servers do not know                                     |
 */
import type { ModelError } from "./model-error.js";
import { canSee, type ModelRef } from "./model-refs.js";

export interface RequestForm {
  /** Asked not to think before it answers: thoughts are not heard, take seconds and use up the tokens of the reply. */
  readonly asksNotToThink: boolean;
  readonly hasTools: boolean;
  readonly hasPictures: boolean;
  readonly lengthName: "max_tokens" | "max_completion_tokens";
  readonly hasSystemRole: boolean;
  /** Asked for the figures of its tokens. */
  readonly hasUsage: boolean;
  /** Only the last words that were said. */
  readonly isShort: boolean;
  /** Tokens beyond those of the reply, for a model that thinks whatever it is asked. */
  readonly thoughtTokens: number;
}

/** Room for the thoughts of a model that cannot do without them. */
const THOUGHT_TOKENS = 2000;

export function firstForm(ref: ModelRef): RequestForm {
  return {
    asksNotToThink: thinkOptions(ref) !== undefined,
    // Ollama answers 400 for most models; tags in the text work with all of them.
    hasTools: ref.provider !== "ollama" && ref.provider !== "local",
    hasPictures: canSee(ref),
    lengthName: "max_tokens",
    hasSystemRole: true,
    hasUsage: ref.provider !== "google",
    isShort: false,
    thoughtTokens: 0,
  };
}

/** It used up its tokens before it had said anything whole. @returns undefined when it has room already. */
export function withThoughts(form: RequestForm): RequestForm | undefined {
  return form.thoughtTokens > 0 ? undefined : { ...form, thoughtTokens: THOUGHT_TOKENS };
}

/** @returns the form to try next, or undefined when the refusal has nothing to do with the form. */
export function simplerForm(
  form: RequestForm,
  { code, message }: ModelError,
): RequestForm | undefined {
  if (code === "MODEL_CONTEXT") return form.isShort ? undefined : { ...form, isShort: true };
  const isRefused = code === "MODEL_REFUSED";
  if (!isRefused && code !== "MODEL_FAILED") return undefined;
  if (form.lengthName === "max_tokens" && isRefused && /max_completion_tokens/.test(message)) {
    return { ...form, lengthName: "max_completion_tokens" };
  }
  // What the service names goes first; a 4xx that names nothing takes one thing after the other.
  if (form.hasUsage && /stream_options|include_usage/i.test(message)) {
    return { ...form, hasUsage: false };
  }
  if (form.hasSystemRole && SYSTEM_ROLE.test(message)) return { ...form, hasSystemRole: false };
  if (form.asksNotToThink && /think|reason/i.test(message)) return withoutWish(form);
  if (form.hasTools && /\btools?\b|function.?call|jinja/i.test(message)) {
    return { ...form, hasTools: false };
  }
  if (form.hasPictures && /image|picture|vision|multimodal|mmproj/i.test(message)) {
    return { ...form, hasPictures: false };
  }
  if (!isRefused) return undefined;
  if (form.hasTools) return { ...form, hasTools: false };
  if (form.hasPictures) return { ...form, hasPictures: false };
  return form.asksNotToThink ? withoutWish(form) : undefined;
}

const SYSTEM_ROLE =
  /system (?:role|message|prompt|instruction)|developer instruction|roles must alternate|unexpected message role|role[^.]{0,20}system/i;

function withoutWish(form: RequestForm): RequestForm {
  return { ...form, asksNotToThink: false };
}

/** How a service is told not to think, by the name of its client; undefined where it has no word for it. */
export function thinkOptions({ provider, model }: ModelRef): ThinkOptions | undefined {
  if (provider === "ollama") return { ollama: { reasoningEffort: "none" } };
  if (provider !== "google") return undefined;
  const known = GOOGLE_THINKING.find(([name]) => name.test(model));
  return known && { google: { thinkingConfig: known[1] } };
}

type ThinkOptions = Record<string, Record<string, string | Record<string, string | number>>>;

/** The least that each will do; others answer 400 to being asked. */
const GOOGLE_THINKING: readonly (readonly [RegExp, Record<string, string | number>])[] = [
  [/^gemini-2\.5-flash/, { thinkingBudget: 0 }],
  [/^gemini-2\.5-pro/, { thinkingBudget: 128 }],
  [/^gemini-[3-9]/, { thinkingLevel: "low" }],
];
