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

/**
 * The forms that a request is tried in, until one is taken. What the service names is left out at once. When it names
 * nothing, each suspect is left out alone, then all of them: whatever was innocent stays.
 */
export class FormSearch {
  private suspects: RequestForm[] | undefined;

  constructor(private form: RequestForm) {}

  /** @returns the form to try next, or undefined when the refusal has nothing to do with the form. */
  next(error: ModelError): RequestForm | undefined {
    const named = withoutNamed(this.form, error);
    if (named !== undefined) {
      this.suspects = undefined;
      this.form = named;
      return named;
    }
    if (error.code !== "MODEL_REFUSED") return undefined;
    this.suspects ??= suspectsOf(this.form);
    const next = this.suspects.shift();
    if (next !== undefined) this.form = next;
    return next;
  }
}

/** The form without what the service names. */
function withoutNamed(form: RequestForm, { code, about }: ModelError): RequestForm | undefined {
  if (code === "MODEL_CONTEXT") return form.isShort ? undefined : { ...form, isShort: true };
  const isRefused = code === "MODEL_REFUSED";
  if (!isRefused && code !== "MODEL_FAILED") return undefined;
  if (form.lengthName === "max_tokens" && isRefused && /max_completion_tokens/.test(about)) {
    return { ...form, lengthName: "max_completion_tokens" };
  }
  if (form.hasUsage && USAGE.test(about)) return { ...form, hasUsage: false };
  if (form.hasPictures && PICTURES.test(about)) return { ...form, hasPictures: false };
  if (form.hasSystemRole && SYSTEM_ROLE.test(about)) return { ...form, hasSystemRole: false };
  if (form.asksNotToThink && /think|reason/i.test(about)) return withoutWish(form);
  return form.hasTools && TOOLS.test(about) ? { ...form, hasTools: false } : undefined;
}

const USAGE = /stream[_ ]?options|include_usage/i;
const TOOLS =
  /\btools?\b|\btool_|tools_|functions?[ _.](?:call|schema|declaration|definition)|call a function|jinja/i;
/** A picture makes a list of the words: who takes only words says so. */
const PICTURES =
  /image|picture|vision|multimodal|mmproj|content\W[^.]{0,30}(?:must be|should be|expected)[^.]{0,9} string/i;
const SYSTEM_ROLE =
  /system (?:role|message|prompt|instruction)|developer instruction|roles must alternate|only user[^.]{0,30} roles|unexpected message role|role[^.]{0,20}system|'system' is not|system[^.]{0,60}role|first message must be|(?:should|must) be 'user'/i;

/** Each thing that some service refuses left out alone, then all of them. */
function suspectsOf(form: RequestForm): RequestForm[] {
  const without: readonly Partial<RequestForm>[] = [
    { hasTools: false },
    { hasPictures: false },
    { asksNotToThink: false },
    { hasSystemRole: false },
    { hasUsage: false },
  ];
  const own = without.filter((part) =>
    Object.keys(part).every((name) => form[name as keyof RequestForm] === true),
  );
  const alone = own.map((part) => ({ ...form, ...part }));
  return own.length > 1 ? [...alone, Object.assign({}, form, ...own) as RequestForm] : alone;
}

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
