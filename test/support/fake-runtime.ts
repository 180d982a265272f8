/** A runtime for models that writes what a test says. A token is a character; what was read and kept is counted. */
import type {
  ChatItem,
  Context,
  Grammar,
  Llama,
  Model,
  RuntimeLibrary,
  Sequence,
  Token,
  TokenBias,
} from "../../src/brain/runtime-api.js";
import { Writer } from "../../src/brain/writer.js";
import { systemClock, type Clock } from "../../src/time/clock.js";

export interface FakeRuntime {
  readonly writer: Writer;
  /** What it writes next, one entry a reply; the last one stays. */
  replies: (() => Iterable<string>)[];
  /** Tokens read, a request after the other. */
  readonly read: number[];
  /** Replies that were begun, and those that came to their end or were broken off. */
  begun: number;
  ended: number;
  grammars: string[];
  readonly options: Readonly<Record<string, unknown>>[];
  /** Called before each piece of the prompt is read. */
  onRead: () => Promise<void>;
}

const END = 0x10ffff as Token;

/** Remembers which tokens were made more or less likely. */
export class FakeBias implements TokenBias {
  readonly logits = new Map<Token, number>();

  set(token: Token, { logit }: { readonly logit: number }): void {
    this.logits.set(token, logit);
  }
}

export function fakeRuntime(
  contextSize = 2000,
  clock: Clock = systemClock,
  isLate: () => boolean = () => false,
): FakeRuntime {
  const held: Token[] = [];
  const sequence: Sequence = {
    get nextTokenIndex() {
      return held.length;
    },
    get contextTokens() {
      return [...held];
    },
    eraseContextTokenRanges(ranges) {
      for (const { start, end } of [...ranges].reverse()) held.splice(start, end - start);
      return Promise.resolve();
    },
    clearHistory() {
      held.splice(0);
      return Promise.resolve();
    },
    async evaluateWithoutGeneratingNewTokens(tokens) {
      await fake.onRead();
      held.push(...tokens);
      count(tokens.length);
    },
    async *evaluate(tokens, options) {
      fake.begun++;
      (fake.options as Record<string, unknown>[]).push(options);
      held.push(...tokens);
      count(tokens.length);
      const reply = fake.replies.length > 1 ? fake.replies.shift() : fake.replies[0];
      try {
        for (const character of reply?.() ?? []) {
          const token = character.codePointAt(0) as Token;
          // As the real one: what was given is in the context with the next step.
          await Promise.resolve();
          yield token;
          held.push(token);
        }
        fake.read.push(0);
      } finally {
        fake.ended++;
      }
    },
  };
  const count = (tokens: number): void => {
    fake.read[fake.read.length - 1] = (fake.read.at(-1) ?? 0) + tokens;
  };
  const model: Model = {
    tokenizer: undefined,
    tokens: { bos: END },
    createContext: () => Promise.resolve(context),
    tokenize: (text) => [...text].map((one) => one.codePointAt(0) as Token),
    detokenize: (tokens) => String.fromCodePoint(...tokens),
  };
  const context: Context = { contextSize, getSequence: () => sequence };
  const llama: Llama = {
    loadModel: () => Promise.resolve(model),
    createGrammar: ({ grammar }) => {
      fake.grammars.push(grammar);
      return Promise.resolve({} as Grammar);
    },
  };
  const library: RuntimeLibrary = {
    getLlama: () => Promise.resolve(llama),
    resolveChatWrapper: () => ({
      generateContextState: ({ chatHistory }) => ({
        stopGenerationTriggers: [],
        contextText: { tokenize: () => laidOut(chatHistory) },
      }),
    }),
    TokenBias: { for: () => new FakeBias() },
    LlamaGrammarEvaluationState:
      class {} as unknown as RuntimeLibrary["LlamaGrammarEvaluationState"],
  };
  const fake: FakeRuntime = {
    replies: [() => "Hello."],
    read: [0],
    begun: 0,
    ended: 0,
    grammars: [],
    options: [],
    onRead: () => Promise.resolve(),
    writer: undefined as unknown as Writer,
  };
  Object.assign(fake, {
    writer: new Writer({
      library,
      llama,
      model,
      context,
      isSmall: true,
      clock,
      cpuMs: () => clock.nowMs(),
      isLate,
    }),
  });
  return fake;
}

/** Begins twice, as a library does that puts the beginning before a template that has it. */
function laidOut(history: readonly ChatItem[]): Token[] {
  const text = history
    .map((item) =>
      item.type === "model" ? `B:${item.response.join("")}` : `${item.type}:${item.text}\n`,
    )
    .join("");
  return [END, END, ...[...text].map((one) => one.codePointAt(0) as Token)];
}
