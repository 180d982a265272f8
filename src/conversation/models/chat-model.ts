/**
 * One model of the list: its client, its breaker, and whether it may be asked now. A model that asked to be left alone
 * (429) is left alone for that long; one whose breaker is open is not called at all.
 */
import type { LanguageModel } from "ai";
import type { Clock } from "../../time/clock.js";
import {
  attempt,
  type AttemptEnd,
  type AttemptEvents,
  type AttemptLimits,
  type AttemptRequest,
} from "./attempt.js";
import {
  PROBE,
  type ModelCalls,
  type ModelPrompt,
  type ModelRules,
  type ModelView,
  type ReplyEnd,
  type ReplyEvents,
} from "./model-calls.js";
import { actionTools, clientOf } from "./model-client.js";
import { asFinal, isAnswer, isBlocked, ModelError } from "./model-error.js";
import { isLocal, type ModelRef, type ModelServices } from "./model-refs.js";
import { BlockedWords, linesOf, shapeMessages } from "./request-messages.js";
import {
  firstForm,
  FormSearch,
  thinkOptions,
  withThoughts,
  type RequestForm,
} from "./request-form.js";
import { ThoughtStyle } from "./thought-style.js";

/** Hangs in a row after which it rests; the first may be a loading. */
const HANGS_MAX = 2;
/**
 * Buddy's own shares a machine that may be starved, and a process that does nothing is ended by its supervisor after 10 s: a
 * silence that is longer than that is its own.
 */
const OWN_STALL_FACTOR = 3;

export interface ChatModelDeps {
  readonly services: ModelServices;
  readonly rules: ModelRules;
  readonly clock: Clock;
  readonly calls: ModelCalls;
  /** It gave no word in the time for that; it may not be loaded. */
  readonly onSilent?: () => void;
  /** It gave a word: nobody need load it any more. */
  readonly onWord?: () => void;
  /** It hung again and again, and rests until a probe finds it well. */
  readonly onHung?: () => void;
}

export class ChatModel {
  private readonly client: LanguageModel;
  private restUntilMs = Number.NEGATIVE_INFINITY;
  private hangs = 0;
  private readonly blocked = new BlockedWords();
  private readonly thoughts: ThoughtStyle;
  /** What this service was found to take. */
  private form: RequestForm;

  constructor(
    readonly ref: ModelRef,
    private readonly deps: ChatModelDeps,
  ) {
    this.form = firstForm(ref);
    this.thoughts = new ThoughtStyle(ref.model);
    this.client = clientOf(ref, deps.services, () => this.form);
  }

  get canSee(): boolean {
    return this.form.hasPictures;
  }

  /** Why it is not asked now, or undefined when it is. */
  whyNot(): string | undefined {
    const away = this.isOwn ? this.deps.services.local.whyNot() : undefined;
    if (away !== undefined) return away;
    if (this.isHung) return "it gave no word again and again; it is probed until it does";
    const restMs = this.restUntilMs - this.deps.clock.nowMs();
    if (restMs > 0) return `it asked to be left alone for ${Math.ceil(restMs / 1000)} s more`;
    const { state, retryInMs } = this.deps.calls.breaker.view();
    if (state === "open") {
      return `it failed again and again; tried again in ${Math.ceil((retryInMs ?? 0) / 1000)} s`;
    }
    return state === "isolated" ? "a person has switched it off" : undefined;
  }

  /** Whether it rests because it hung; probes go on. */
  get isHung(): boolean {
    return this.hangs >= HANGS_MAX;
  }

  /** Buddy's own, on its way: what it cannot answer yet is no failure. */
  get isLoading(): boolean {
    return this.isOwn && this.deps.services.local.isLoading;
  }

  private get isOwn(): boolean {
    return this.ref.provider === "local";
  }

  view(): ModelView {
    const { name } = this.ref;
    const why = this.whyNot();
    if (this.isLoading) return { name, state: "loading", text: `${why}.` };
    const { state, lastError } = this.deps.calls.breaker.view();
    if (why === undefined) {
      if (state === "halfOpen") return { name, state: "trying", text: "It is being tried again." };
      const figures = this.isOwn ? ` ${this.deps.services.local.figures}` : "";
      return { name, state: "ready", text: `It answers.${figures.trimEnd()}` };
    }
    const isResting = this.restUntilMs > this.deps.clock.nowMs();
    const last = lastError === undefined ? "" : ` Last error: ${lastError}.`;
    return { name, state: isResting ? "resting" : "down", text: `Not used: ${why}.${last}` };
  }

  /** Asks for one word. @returns whether one came in its time. */
  async probe(signal: AbortSignal): Promise<boolean> {
    // Another prompt would cost Buddy's own what it has read of the conversation; whether it lives its supervisor knows.
    if (this.isOwn) return this.deps.services.local.whyNot() === undefined;
    const { firstTokenMs } = this.deps.rules;
    const waitMs = firstTokenMs * 2;
    const limits = { firstTokenMs: waitMs, stallMs: firstTokenMs, totalMs: waitMs };
    let hasWord = false;
    const events: AttemptEvents = {
      text: () => "enough",
      firstToken: () => (hasWord = true),
      isInThought: () => false,
      usage: () => undefined,
    };
    try {
      const request = { ...this.request(PROBE, SILENT), tools: undefined };
      await attempt(request, limits, this.deps.clock, signal, events);
    } catch (error) {
      // A word is what was asked for; a refusal is an answer, too: it is the next turn's to read.
      return hasWord || isAnswer(error);
    }
    return true;
  }

  /** The service was seen to be well: it may be asked at once. */
  recovered(): void {
    this.restUntilMs = Number.NEGATIVE_INFINITY;
    this.hangs = 0;
    const { breaker } = this.deps.calls;
    if (breaker.view().state === "open") breaker.reset("the service answers again");
  }

  /** Calls back when the model becomes unusable and when it works again. */
  onDownChange(listener: (isDown: boolean, why: string) => void): () => void {
    return this.deps.calls.breaker.onChange(({ to, reason }) => {
      if (to === "open") listener(true, reason);
      if (to === "closed") listener(false, reason);
    });
  }

  /**
   * Streams one reply.
   * @param leftMs time that the turn has left.
   * @param hasNext another model can be asked after this one: it must be left time.
   * @throws ModelError, ResilienceError, or the signal's reason.
   */
  async reply(
    prompt: ModelPrompt,
    leftMs: number,
    signal: AbortSignal,
    events: ReplyEvents,
    hasNext: boolean,
  ): Promise<ReplyEnd> {
    const endMs = this.deps.clock.nowMs() + leftMs;
    try {
      return await this.deps.calls.policy.run(async ({ signal: own }) => {
        events.began(this.thoughts.opensInThought);
        return this.once(prompt, endMs, own, events, hasNext);
      }, signal);
    } catch (error) {
      const askedMs = error instanceof ModelError ? error.retryAfterMs : undefined;
      if (askedMs !== undefined) this.restUntilMs = this.deps.clock.nowMs() + askedMs;
      throw error;
    }
  }

  private async once(
    whole: ModelPrompt,
    endMs: number,
    signal: AbortSignal,
    events: ReplyEvents,
    hasNext: boolean,
  ): Promise<ReplyEnd> {
    const isShort = this.isOwn && this.deps.services.local.isSmall;
    const prompt = (isShort ? whole.short : undefined) ?? whole;
    const before = this.form;
    let search = new FormSearch(before);
    let isAnswered = false;
    /** Asked without the older words, to learn whether one of them is what it blocks. */
    let asked = prompt;
    const heard: AttemptEvents = {
      usage: (usage) => events.usage(usage),
      isInThought: () => this.thoughts.isInThought,
      text: (piece) => {
        this.thoughts.saw(piece);
        return events.text(piece);
      },
      firstToken: () => {
        isAnswered = true;
        this.hangs = 0;
        this.deps.onWord?.();
        events.firstToken();
      },
    };
    const again = (): void => events.began(this.thoughts.opensInThought);
    for (;;) {
      const limits = this.limits(endMs - this.deps.clock.nowMs(), hasNext);
      this.thoughts.begin();
      try {
        const request = this.request(asked, events);
        const end = await attempt(request, limits, this.deps.clock, signal, heard);
        this.thoughts.end();
        if (asked !== prompt) this.blocked.add(prompt.messages.slice(0, -1).flatMap(linesOf));
        if (end === "whole") return "whole";
        if (end === "cut" || !this.makeRoom(end, events)) return "cut";
        search = new FormSearch(this.form);
        again();
      } catch (error) {
        if (!signal.aborted) this.noteHang(error);
        if (events.isCommitted()) throw asFinal(error);
        const next = error instanceof ModelError ? search.next(error) : undefined;
        if (next !== undefined && asked === prompt) {
          this.form = next;
          again();
          continue;
        }
        // Refused in every form: it was not the form, and nothing is left out the next time.
        if (!isAnswered) this.form = before;
        if (!isBlocked(error)) throw error;
        if (asked === prompt && prompt.messages.length > 1) {
          asked = { ...prompt, messages: prompt.messages.slice(-1) };
          again();
          continue;
        }
        this.blocked.add(linesOf(prompt.messages.at(-1)));
        throw error;
      }
    }
  }

  /** A model that gives no word is asked in vain: after the second time it rests, and nobody waits for it. */
  private noteHang(error: unknown): void {
    if (!(error instanceof ModelError)) return;
    const { code } = error;
    if (code === "MODEL_SILENT") this.deps.onSilent?.();
    if (code !== "MODEL_SILENT" && code !== "MODEL_STALLED") return;
    this.hangs++;
    if (this.hangs === HANGS_MAX) this.deps.onHung?.();
  }

  private request(
    { system, messages, tokensMax }: ModelPrompt,
    events: Pick<ReplyEvents, "wish">,
  ): AttemptRequest {
    const { asksNotToThink, hasTools, thoughtTokens } = this.form;
    return {
      model: this.client,
      ...shapeMessages(system, messages, this.form, this.blocked),
      tools: hasTools ? actionTools((wish) => events.wish(wish)) : undefined,
      tokensMax: tokensMax + thoughtTokens,
      providerOptions: asksNotToThink ? thinkOptions(this.ref) : undefined,
    };
  }

  /** It has thought away the tokens of its reply. @returns whether it is to be asked once more. */
  private makeRoom(end: AttemptEnd, events: ReplyEvents): boolean {
    const next = withThoughts(this.form);
    if (next !== undefined) this.form = next;
    if (events.isCommitted()) return false;
    if (next !== undefined) return true;
    if (end === "outOfTokens") return false;
    throw new ModelError("MODEL_EMPTY", "permanent", "it thought until no words were left to it");
  }

  private limits(leftMs: number, hasNext: boolean): AttemptLimits {
    const { firstTokenMs, firstTokenLocalMs, stallMs } = this.deps.rules;
    const totalMs = Math.max(1, leftMs);
    const wordMs = isLocal(this.ref, this.deps.services) ? firstTokenLocalMs : firstTokenMs;
    return {
      // A silent model never uses up the time of the next one.
      firstTokenMs: Math.min(wordMs, hasNext ? totalMs / 2 : totalMs),
      stallMs: Math.min(this.isOwn ? stallMs * OWN_STALL_FACTOR : stallMs, totalMs),
      totalMs,
    };
  }
}

const SILENT: Pick<ReplyEvents, "wish"> = { wish: () => undefined };
