/**
 * From what was said to sentences: the models in their order, and when none of them gives a word, Buddy's own small
 * head. Always gives an answer, an error only for a bug, and ends at once when its signal is aborted.
 */
import type { Clock } from "../time/clock.js";
import type { TokenUsage } from "./models/attempt.js";
import type { ModelPrompt } from "./models/model-calls.js";
import type { ModelChain } from "./models/model-chain.js";
import type { OfflineCharacter, OfflineContext } from "./offline.js";
import { ReplyFlow } from "./reply-flow.js";
import type { ParsedSentence } from "./reply/reply-parser.js";

export interface ThinkRequest {
  readonly said: string;
  /** The robot's own reason to speak, when nobody said anything. */
  readonly trigger: string | undefined;
  /** A line that is to be said instead of thinking: the answer to "forget today". */
  readonly line: string | undefined;
  readonly prompt: ModelPrompt;
  /** What the robot is called, whom it talks to, and what it speaks (BCP 47). */
  readonly speaker: {
    readonly self: string;
    readonly person: string | undefined;
    readonly language: string;
  };
  /** Its last reply, as it was heard; "" for none. */
  readonly lastReply: string;
  readonly offline: OfflineContext;
  /** When the turn's time is over, on the clock. */
  readonly endMs: number;
}

export interface ThinkEvents {
  model(name: string): void;
  firstToken(): void;
  /** Words as they come, for showing only. */
  words(text: string): void;
  /** What was shown of this reply is void: another attempt begins. */
  reset(): void;
  sentence(sentence: ParsedSentence): void;
  /** All sentences so far were a thought: they are taken back. */
  recant(): void;
  usage(usage: TokenUsage): void;
}

export interface ThinkResult {
  /** `provider/model`, or "offline". */
  readonly model: string;
  readonly isSafeMode: boolean;
  /** The reply was cut short or is a stand-in: the turn's budget holds for its speech too. */
  readonly isBounded: boolean;
  /** For the trace: why it is not the preferred model's whole reply. */
  readonly why: string | undefined;
  /** False when the time was over before anything could be said. */
  readonly hasWords: boolean;
}

/** With less than this left, a stand-in would not be heard in time either. */
const STAND_IN_MS_MIN = 1000;

export class Thinker {
  /** "My language model does not answer" is said once an outage. */
  private isOutageTold = false;
  /** And once a start that its own is on its way. */
  private isLoadingTold = false;

  constructor(
    /** The models of now; settings may change them. */
    private readonly models: () => ModelChain,
    private readonly character: OfflineCharacter,
    private readonly clock: Clock,
  ) {}

  get chain(): ModelChain {
    return this.models();
  }

  /** @throws the signal's reason when it was aborted. */
  async think(
    request: ThinkRequest,
    signal: AbortSignal,
    events: ThinkEvents,
  ): Promise<ThinkResult> {
    if (request.line !== undefined) return this.say(request.line, events, undefined, false);
    const { chain } = this;
    if (chain.models.length === 0) return this.offline(request, events, undefined);
    const flow = new ReplyFlow(events, request);
    const result = await chain.reply(
      request.prompt,
      request.endMs,
      signal,
      flow,
      events.model.bind(events),
    );
    if (result.kind === "done") {
      this.isOutageTold = false;
      flow.end();
      // Thoughts without a word, or nothing but tags that mean nothing.
      if (!flow.isCommitted()) return this.offline(request, events, "its reply has no words");
      const { model, end } = result;
      const isCut = end === "cut" || flow.isTooLong;
      if (isCut) {
        const text = this.character.line(request.offline.lines.cut, request.offline);
        events.sentence({ text, speech: text, wishes: [] });
      }
      const why = isCut ? "the reply was cut off before its end" : undefined;
      return { model, isSafeMode: false, isBounded: false, why, hasWords: true };
    }
    if (result.kind === "broken") {
      const { lines } = request.offline;
      const { model, why } = result;
      const apology = this.character.line(lines.broken, request.offline);
      this.say(apology, events, why, true, model);
      return { model, isSafeMode: false, isBounded: true, why, hasWords: true };
    }
    if (request.endMs - this.clock.nowMs() < STAND_IN_MS_MIN) {
      const { why } = result;
      return { model: "none", isSafeMode: true, isBounded: true, why, hasWords: false };
    }
    events.reset();
    return this.offline(request, events, result.why);
  }

  private offline(
    request: ThinkRequest,
    events: ThinkEvents,
    why: string | undefined,
  ): ThinkResult {
    const { offline, trigger, said } = request;
    if (trigger !== undefined) {
      const own = this.character.own(trigger, offline);
      return this.say(own, events, why, why !== undefined);
    }
    const { text, isOwnLanguage } = this.character.answer(said, offline);
    const { isLoading } = this.chain;
    const isTold = isLoading ? this.isLoadingTold : this.isOutageTold;
    const isFirst = why !== undefined && !isTold && isOwnLanguage;
    if (isFirst && isLoading) this.isLoadingTold = true;
    else if (isFirst) this.isOutageTold = true;
    const lines = isLoading ? offline.lines.loading : offline.lines.away;
    const before = isFirst ? `${this.character.line(lines, offline)} ` : "";
    return this.say(`${before}${text}`, events, why, why !== undefined);
  }

  private say(
    text: string,
    events: ThinkEvents,
    why: string | undefined,
    isBounded: boolean,
    model = "offline",
  ): ThinkResult {
    const flow = new ReplyFlow(events);
    flow.began(false);
    events.model(model);
    flow.text(text);
    flow.end();
    return { model, isSafeMode: true, isBounded, why, hasWords: true };
  }
}
