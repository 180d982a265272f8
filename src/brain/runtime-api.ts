/**
 * As much of node-llama-cpp as is used. The library is no dependency: it is loaded from the data directory, so its types are
 * written down here and what comes is checked by use.
 */
export type Token = number & { readonly token?: never };

export interface RuntimeLibrary {
  getLlama(options: Readonly<Record<string, unknown>>): Promise<Llama>;
  resolveChatWrapper(model: Model, options: { warningLogs: boolean }): ChatWrapper;
  /** Names of the architectures that it knows. */
  readonly GgufArchitectureType?: Readonly<Record<string, string>>;
  readonly LlamaGrammarEvaluationState: new (of: {
    model: Model;
    grammar: Grammar;
  }) => GrammarState;
  readonly TokenBias: { for(model: Model): TokenBias };
}

/** Makes tokens more or less likely, in logits. */
export interface TokenBias {
  set(token: Token, bias: { readonly logit: number }): unknown;
}

export interface Llama {
  loadModel(options: Readonly<Record<string, unknown>>): Promise<Model>;
  createGrammar(options: { grammar: string }): Promise<Grammar>;
}

declare const brand: unique symbol;
export interface Grammar {
  readonly [brand]: "grammar";
}
export interface GrammarState {
  readonly [brand]: "grammarState";
}

export interface Model {
  readonly tokenizer: unknown;
  readonly tokens: { readonly bos: Token | null };
  createContext(options: Readonly<Record<string, unknown>>): Promise<Context>;
  tokenize(text: string): Token[];
  detokenize(tokens: readonly Token[], special?: boolean, last?: readonly Token[]): string;
}

export interface Context {
  readonly contextSize: number;
  getSequence(): Sequence;
}

export interface Sequence {
  readonly nextTokenIndex: number;
  readonly contextTokens: readonly Token[];
  /** Half-open ranges; what stands behind them moves up. Where a model cannot, the rest is read again. */
  eraseContextTokenRanges(ranges: readonly { start: number; end: number }[]): Promise<void>;
  clearHistory(): Promise<void>;
  evaluateWithoutGeneratingNewTokens(tokens: readonly Token[]): Promise<void>;
  evaluate(
    tokens: readonly Token[],
    options: Readonly<Record<string, unknown>>,
  ): AsyncGenerator<Token, void, void>;
}

export type ChatItem =
  | { readonly type: "system" | "user"; readonly text: string }
  | { readonly type: "model"; readonly response: readonly string[] };

export interface ChatWrapper {
  generateContextState(of: { chatHistory: readonly ChatItem[] }): {
    readonly contextText: { tokenize(tokenizer: unknown): Token[] };
    readonly stopGenerationTriggers: readonly unknown[];
  };
}
