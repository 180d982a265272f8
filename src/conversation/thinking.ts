/** The thinking of a turn: what the thinker is asked, and what becomes of each thing that it writes. */
import { reasonOf } from "../host/reason.js";
import { ActionGate } from "./reply/actions.js";
import type { ConversationDeps } from "./conversation-types.js";
import { answerPrompt, ownPrompt, robotPrompt } from "./prompt.js";
import type { Recall } from "./recall.js";
import type { ParsedSentence } from "./reply/reply-parser.js";
import type { TurnBook } from "./turn-book.js";
import type { ActiveTurn } from "./turn/active-turn.js";
import type { TurnInput } from "./turn/turn-types.js";

type ThinkingDeps = Pick<ConversationDeps, "clock" | "thinker" | "settings" | "company" | "log">;

export class Thinking {
  private readonly gate = new ActionGate();

  /** @param feed gives the turn's machine what has come. */
  constructor(
    private readonly deps: ThinkingDeps,
    private readonly recall: Recall,
    private readonly book: TurnBook,
    private readonly feed: (input: TurnInput) => void,
  ) {}

  /** Never rejects; what comes after the turn's end changes nothing. */
  async think(turnId: string): Promise<void> {
    const { deps, book } = this;
    const { running } = book;
    if (running?.trace.id !== turnId) return;
    const { signal } = running.think;
    try {
      const own = running.trace.kind === "own";
      const { said, source, name } = running.trace;
      const context = this.recall.prompt(said, own);
      if (context.picture !== undefined) book.trace({ hasPicture: true });
      const result = await deps.thinker.think(
        {
          said,
          trigger: own ? said : undefined,
          line: running.line,
          prompt: own
            ? ownPrompt(said, context)
            : source === "robot"
              ? robotPrompt(name, said, context)
              : answerPrompt(said, context),
          speaker: this.recall.speaker,
          lastReply: this.recall.lastReply,
          offline: this.recall.offline(),
          endMs: running.startMs + deps.settings().budgetMs,
        },
        signal,
        {
          model: (model) => book.ofTurn(running, () => book.trace({ model })),
          firstToken: () => book.ofTurn(running, () => book.stamp("firstTokenMs")),
          words: (text) => book.ofTurn(running, () => book.tell({ type: "words", turnId, text })),
          reset: () => book.ofTurn(running, () => book.tell({ type: "reset", turnId })),
          sentence: (sentence) => book.ofTurn(running, () => this.written(running, sentence)),
          recant: () => book.ofTurn(running, () => this.recant(running)),
          usage: (usage) => book.ofTurn(running, () => book.trace(usage)),
        },
      );
      const { model, isSafeMode, why, isBounded, hasWords } = result;
      book.ofTurn(running, () => {
        book.trace({ model, isSafeMode, why });
        if (hasWords && !own) this.handOver(running);
        if (hasWords) this.feed({ type: "written", turnId, isBounded });
        else this.feed({ type: "failed", turnId, code: "TURN_BUDGET" });
      });
    } catch (error) {
      if (signal.aborted) return;
      const why = reasonOf(error);
      deps.log("error", `thinking failed: ${why}`);
      book.ofTurn(running, () => {
        book.trace({ why });
        this.feed({ type: "failed", turnId, code: "TURN_FAILED" });
      });
    }
  }

  /** Where there are other robots, the last sentence may ask one of them. */
  private handOver(running: ActiveTurn): void {
    const reply = running.trace.sentences.map(({ text }) => text).join(" ");
    const line = this.deps.company?.handOver(reply);
    if (line !== undefined) this.written(running, { text: line, speech: line, wishes: [] });
  }

  private recant(running: ActiveTurn): void {
    const sentences = running.trace.sentences.map((sentence) => ({ ...sentence, text: "" }));
    this.book.trace({ sentences });
    this.feed({ type: "recant", turnId: running.trace.id });
  }

  private written(running: ActiveTurn, { text, speech, wishes }: ParsedSentence): void {
    const { book } = this;
    const { id } = running.trace;
    const granted = wishes
      .map((wish) => this.gate.admit(wish, id, this.deps.clock.nowMs()))
      .filter((line) => line !== undefined);
    const refusedMoves = running.trace.refusedMoves + wishes.length - granted.length;
    if (text === "" && granted.length === 0) return book.trace({ refusedMoves });
    const index = running.trace.sentences.length;
    const sentence = { text, speech, outcome: "waiting", by: "" } as const;
    const sentences = [...running.trace.sentences, sentence];
    book.trace({ refusedMoves, sentences });
    if (index === 0) book.stamp("firstSentenceMs");
    const written = { index, hasWords: speech !== "", lines: granted };
    this.feed({ type: "sentence", turnId: id, sentence: written });
  }
}
