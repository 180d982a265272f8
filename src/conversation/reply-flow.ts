/** One reply on its way from a model to the turn: parsed, bounded, and taken back where it turns out to be a thought. */
import type { TextVerdict, TokenUsage } from "./models/attempt.js";
import type { ReplyEvents } from "./models/model-calls.js";
import { parseAction } from "./reply/actions.js";
import { ReplyBounds, sentencesOf, wantsLong } from "./reply/reply-bounds.js";
import { ReplyParser, type ParsedSentence } from "./reply/reply-parser.js";
import type { ThinkEvents, ThinkRequest } from "./thinker.js";

type FlowRequest = Pick<ThinkRequest, "said" | "speaker" | "lastReply">;

export class ReplyFlow implements ReplyEvents {
  private parser = new ReplyParser();
  private bounds: ReplyBounds | undefined;
  private hasSentence = false;
  private hasToken = false;
  private recants = 0;
  private isEnough = false;

  /** @param request undefined for words of Buddy's own, which have no bounds. */
  constructor(
    private readonly events: ThinkEvents,
    private readonly request?: FlowRequest,
  ) {}

  /** It ran on until it was stopped: that is said. */
  get isTooLong(): boolean {
    return this.parser.limit === "long";
  }

  began(opensInThought: boolean): void {
    if (this.hasToken) this.events.reset();
    this.hasToken = false;
    this.isEnough = false;
    this.recants = 0;
    const { request } = this;
    this.parser = new ReplyParser({ ...request?.speaker, opensInThought });
    this.bounds =
      request && new ReplyBounds(wantsLong(request.said), sentencesOf(request.lastReply));
  }

  firstToken(): void {
    this.hasToken = true;
    this.events.firstToken();
  }

  text(piece: string): TextVerdict {
    if (!this.hasToken) this.firstToken();
    this.pass(this.parser.feed(piece));
    const { limit } = this.parser;
    if (this.isEnough || limit === "ended" || limit === "long") return "enough";
    if (limit === undefined) return "more";
    // Something was said before it got stuck: that is the reply.
    return this.hasSentence ? "enough" : "stuck";
  }

  wish(wish: string): void {
    this.parser.wish(wish);
  }

  isCommitted(): boolean {
    return this.hasSentence;
  }

  usage(usage: TokenUsage): void {
    this.events.usage(usage);
  }

  end(): void {
    this.pass(this.parser.end());
  }

  private pass(sentences: readonly ParsedSentence[]): void {
    if (this.parser.recants > this.recants) {
      this.recants = this.parser.recants;
      if (this.hasSentence) this.events.recant();
      if (this.hasToken) this.events.reset();
      this.hasSentence = false;
    }
    const shown = this.parser.takeShown();
    if (shown !== "") this.events.words(shown);
    for (const sentence of sentences) {
      if (this.isEnough) return;
      if (this.bounds?.admit(sentence.speech) === false) {
        this.isEnough = true;
        return;
      }
      const { text, wishes } = sentence;
      // A wish that cannot be granted is counted, but is no reply.
      if (text !== "" || wishes.some((wish) => parseAction(wish) !== undefined)) {
        this.hasSentence = true;
      }
      this.events.sentence(sentence);
    }
  }
}
