/**
 * Writes replies with a loaded model: one at a time, over one context whose beginning is kept from request to request. What a
 * request shares with the one before is not read again.
 *
 * Reading goes in pieces that take about `PIECE_MS` of processor time, and writing word by word; between two of them a request that was ended
 * stops. So whoever ends one waits for a piece at most, and then the processor is free.
 */
import type { Clock } from "../time/clock.js";
import type {
  ChatItem,
  ChatWrapper,
  Context,
  Grammar,
  Llama,
  Model,
  RuntimeLibrary,
  Sequence,
  Token,
  TokenBias,
} from "./runtime-api.js";
import { repeatingTokens, reusable } from "./reuse.js";

export interface WriteRequest {
  readonly messages: readonly {
    readonly role: "system" | "user" | "assistant";
    readonly content: string;
  }[];
  readonly tokensMax: number;
  readonly temperature: number;
  /** The same seed and request give the same reply. */
  readonly seed: number | undefined;
  /** GBNF that every reply follows. */
  readonly grammar: string | undefined;
}

/** How a reply ended: `length` when its tokens were used up, `loop` when it wrote the same again and again. */
export type Finish = "stop" | "length" | "loop";

export interface Written {
  readonly finish: Finish;
  readonly promptTokens: number;
  /** Of them, those that were kept from the request before. */
  readonly keptTokens: number;
  readonly tokens: number;
  readonly firstMs: number;
  readonly totalMs: number;
}

/** More than the context holds, with the tokens of both. */
export class ContextError extends Error {
  constructor(
    readonly wanted: number,
    readonly has: number,
  ) {
    super(`the request has ${wanted} tokens with its reply, the context holds ${has}`);
    this.name = "ContextError";
  }
}

/** A reply that has less room than this is none. */
const REPLY_TOKENS_MIN = 64;
const PIECE_MS = 120;
const PIECE_TOKENS_MIN = 8;
const PIECE_TOKENS_MAX = 256;
/** The same token so often in a row is no speech. */
const SAME_MAX = 12;
/** Bytes of one character may come in so many tokens. */
const HELD_MAX = 8;
const TOP_K = 40;
const TOP_P = 0.9;
const MIN_P = 0.05;
const PENALTY = 1.1;
const PENALTY_TOKENS = 64;
const GRAMMARS_MAX = 4;
/** Its last replies, which it is not to say again. */
const EARLIER_MAX = 4;

export interface WriterDeps {
  readonly library: RuntimeLibrary;
  readonly llama: Llama;
  readonly model: Model;
  readonly context: Context;
  /** A model that tends to say its last replies again is kept from it. A larger one may be asked to. */
  readonly isSmall: boolean;
  readonly clock: Clock;
  /** Processor time that a thread of this process has had, ms: a starved machine makes no piece smaller. */
  cpuMs(): number;
  /** The machine is late: others are left half of the time. */
  isLate(): boolean;
}

export class Writer {
  private readonly sequence: Sequence;
  private readonly chat: ChatWrapper;
  private readonly grammars = new Map<string, Grammar>();
  /** Tokens read a ms, as far as is known. */
  private readPerMs = 0.05;

  constructor(private readonly deps: WriterDeps) {
    this.sequence = deps.context.getSequence();
    this.chat = deps.library.resolveChatWrapper(deps.model, { warningLogs: false });
  }

  get contextTokens(): number {
    return this.deps.context.contextSize;
  }

  /**
   * @param onText pieces of the reply as they come.
   * @throws ContextError; the signal's reason; whatever the runtime throws.
   */
  async write(
    request: WriteRequest,
    signal: AbortSignal,
    onText: (piece: string) => void,
  ): Promise<Written> {
    const { clock, context } = this.deps;
    const startMs = clock.nowMs();
    const prompt = this.tokensOf(request);
    const room = context.contextSize - prompt.length;
    if (room < Math.min(request.tokensMax, REPLY_TOKENS_MIN)) {
      throw new ContextError(prompt.length + REPLY_TOKENS_MIN, context.contextSize);
    }
    const bounded = { ...request, tokensMax: Math.min(request.tokensMax, room) };
    try {
      const keptTokens = await this.keep(prompt);
      await this.read(prompt.slice(keptTokens, -1), signal);
      const reply = await this.speak(prompt.at(-1) as Token, bounded, signal, onText);
      return {
        ...reply,
        promptTokens: prompt.length,
        keptTokens,
        firstMs: reply.firstAtMs - startMs,
        totalMs: clock.nowMs() - startMs,
      };
    } catch (error) {
      // What the context holds after a failure of the runtime nobody knows.
      if (!signal.aborted) await this.sequence.clearHistory().catch(() => undefined);
      throw error;
    }
  }

  private tokensOf({ messages }: WriteRequest): Token[] {
    const history: ChatItem[] = messages.map(({ role, content }) =>
      role === "assistant" ? { type: "model", response: [content] } : { type: role, text: content },
    );
    // The model's turn is open: it goes on from here.
    history.push({ type: "model", response: [] });
    const { contextText } = this.chat.generateContextState({ chatHistory: history });
    const tokens = contextText.tokenize(this.deps.model.tokenizer);
    // Where a template begins with the token that begins every text, the library puts it there twice.
    const { bos } = this.deps.model.tokens;
    return bos !== null && tokens[0] === bos && tokens[1] === bos ? tokens.slice(1) : tokens;
  }

  /** @returns how many of the tokens need not be read again; the last one always is: from it the reply goes on. */
  private async keep(prompt: readonly Token[]): Promise<number> {
    const { sequence } = this;
    const { gap, end } = reusable(sequence.contextTokens, prompt.slice(0, -1));
    const ranges = [gap, { start: end, end: sequence.nextTokenIndex }];
    await sequence.eraseContextTokenRanges(ranges.filter(({ start, end }) => start < end));
    return sequence.nextTokenIndex;
  }

  private async read(tokens: readonly Token[], signal: AbortSignal): Promise<void> {
    const { clock } = this.deps;
    for (let at = 0; at < tokens.length;) {
      signal.throwIfAborted();
      const wanted = Math.round(this.readPerMs * PIECE_MS);
      const size = Math.min(PIECE_TOKENS_MAX, Math.max(PIECE_TOKENS_MIN, wanted));
      const piece = tokens.slice(at, at + size);
      const beganMs = clock.nowMs();
      const beganCpuMs = this.deps.cpuMs();
      await this.sequence.evaluateWithoutGeneratingNewTokens(piece);
      this.readPerMs = piece.length / Math.max(0.1, this.deps.cpuMs() - beganCpuMs);
      at += piece.length;
      await this.rest(clock.nowMs() - beganMs, signal);
    }
  }

  private async speak(
    from: Token,
    request: WriteRequest,
    signal: AbortSignal,
    onText: (piece: string) => void,
  ): Promise<{ finish: Finish; tokens: number; firstAtMs: number }> {
    const { clock, model } = this.deps;
    const written: Token[] = [];
    let held: Token[] = [];
    let firstAtMs = 0;
    let same = 0;
    let finish: Finish = "stop";
    signal.throwIfAborted();
    const options = await this.options(request, written);
    let beganMs = clock.nowMs();
    for await (const token of this.sequence.evaluate([from], options)) {
      if (firstAtMs === 0) firstAtMs = clock.nowMs();
      same = token === written.at(-1) ? same + 1 : 1;
      written.push(token);
      held.push(token);
      const before = written.slice(-HELD_MAX - held.length, written.length - held.length);
      const text = model.detokenize(held, false, before);
      if (!text.endsWith("\ufffd") || held.length >= HELD_MAX) {
        held = [];
        if (text !== "") onText(text);
      }
      if (same >= SAME_MAX) finish = "loop";
      else if (written.length >= request.tokensMax) finish = "length";
      if (finish !== "stop") break;
      signal.throwIfAborted();
      await this.rest(clock.nowMs() - beganMs, signal);
      beganMs = clock.nowMs();
    }
    return { finish, tokens: written.length, firstAtMs: firstAtMs || clock.nowMs() };
  }

  private async options(
    { messages, temperature, seed, grammar }: WriteRequest,
    written: readonly Token[],
  ): Promise<Record<string, unknown>> {
    const { library, model } = this.deps;
    return {
      temperature,
      topK: TOP_K,
      topP: TOP_P,
      minP: MIN_P,
      ...(seed !== undefined && { seed }),
      repeatPenalty: {
        punishTokens: () => written.slice(-PENALTY_TOKENS),
        penalty: PENALTY,
      },
      ...(this.deps.isSmall && { tokenBias: this.bias(messages, written) }),
      ...(grammar !== undefined && {
        grammarEvaluationState: new library.LlamaGrammarEvaluationState({
          model,
          grammar: await this.grammarOf(grammar),
        }),
      }),
    };
  }

  /** Asked anew before each token. */
  private bias(messages: WriteRequest["messages"], written: readonly Token[]): () => TokenBias {
    const { library, model } = this.deps;
    const earlier = messages
      .filter(({ role }) => role === "assistant")
      .slice(-EARLIER_MAX)
      .map(({ content }) => model.tokenize(content));
    return () => {
      const bias = library.TokenBias.for(model);
      for (const [token, logits] of repeatingTokens(earlier, written))
        bias.set(token, { logit: -logits });
      return bias;
    };
  }

  private async grammarOf(text: string): Promise<Grammar> {
    const known = this.grammars.get(text);
    if (known !== undefined) return known;
    const made = await this.deps.llama.createGrammar({ grammar: text });
    if (this.grammars.size >= GRAMMARS_MAX) this.grammars.clear();
    this.grammars.set(text, made);
    return made;
  }

  /** While the machine is late the eyes and the robot come first. */
  private async rest(workedMs: number, signal: AbortSignal): Promise<void> {
    if (this.deps.isLate()) await this.deps.clock.sleep(Math.min(workedMs, PIECE_MS), signal);
  }
}
