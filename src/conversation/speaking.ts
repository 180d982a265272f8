/** The speaking of a turn: each sentence goes to the voice, and how it ended is told. */
import { reasonOf } from "../host/reason.js";
import type { ConversationDeps } from "./conversation-types.js";
import type { Recall } from "./recall.js";
import { REMINDER_REASON } from "./own-turns.js";
import { Mouth } from "./reply/mouth.js";
import type { TurnBook } from "./turn-book.js";
import type { ActiveTurn } from "./turn/active-turn.js";
import { spokenTrace } from "./turn/turn-trace.js";
import { FILLER_INDEX, type TurnCode, type TurnInput } from "./turn/turn-types.js";
import type { Spoken } from "../voice/speech/speech.js";

type SpeakingDeps = Pick<ConversationDeps, "clock" | "voice" | "settings" | "log">;

export class Speaking {
  private readonly mouth: Mouth;

  /** @param feed gives the turn's machine what has come. */
  constructor(
    private readonly deps: SpeakingDeps,
    private readonly recall: Recall,
    private readonly book: TurnBook,
    private readonly feed: (input: TurnInput) => void,
  ) {
    this.mouth = new Mouth(deps.voice, deps.clock, {
      language: () => deps.settings().persona.language,
      log: deps.log,
    });
  }

  /** Never rejects. */
  async speak(turnId: string, index: number): Promise<void> {
    const { running } = this.book;
    if (running?.trace.id !== turnId) return;
    const calledMs = this.deps.clock.nowMs();
    const { signal } = running.speech;
    let spoken: Spoken = {
      outcome: "stopped",
      firstSoundMs: undefined,
      by: "none",
      reason: "it failed",
    };
    try {
      const text =
        index === FILLER_INDEX
          ? this.recall.sayable(this.recall.lines.filler)
          : (running.trace.sentences[index]?.speech ?? "");
      if (index === FILLER_INDEX) this.book.stamp("fillerMs");
      const onHeard = (share: number): void => noteHeard(running, index, share);
      const options = { turnId, index, signal, onHeard, isQuiet: this.isQuiet(running) };
      spoken = await this.mouth.say(text, options);
    } catch (error) {
      this.deps.log("error", `a sentence could not be said: ${reasonOf(error)}`);
    }
    this.noteSpoken(running, index, spoken, calledMs);
    // One that was cut is given to the voice anew, or its turn is over.
    if (this.book.running !== running || signal.aborted) return;
    this.feed({ type: "spoken", turnId, index, isHeard: spoken.outcome !== "stopped" });
  }

  /** Says why there is no more. It is no part of the turn, and anybody may interrupt it. */
  notice(code: TurnCode): void {
    const { running } = this.book;
    if (running === undefined) return;
    const { lines } = this.recall;
    const text = this.recall.sayable(code === "TURN_BUDGET" ? lines.budget : lines.failed);
    const { why = "it was not done when its time was over" } = running.trace;
    this.book.trace({ notice: text, ...(code === "TURN_BUDGET" && { why }) });
    this.mouth.notice(text, running.trace.id, this.isQuiet(running));
  }

  /** The robot did not make a movement. Words and deeds agree: who asked for it in safe mode is told, once a turn. */
  unmoved(): void {
    const { running } = this.book;
    if (running?.trace.isSafeMode !== true || running.trace.notice !== undefined) return;
    const text = this.recall.unmoved(running.trace.said);
    if (text === undefined) return;
    this.book.trace({ notice: text });
    this.mouth.notice(text, running.trace.id, this.isQuiet(running));
  }

  /** A reminder is said all the same: somebody asked for it by its time. */
  private isQuiet({ trace }: ActiveTurn): boolean {
    if (trace.kind === "own" && trace.said === REMINDER_REASON) return false;
    return this.deps.settings().quietUntilMs !== undefined;
  }

  endNotice(): void {
    this.mouth.endNotice();
  }

  /** Also after the turn's end: what was cut short is told as cut short. */
  private noteSpoken(running: ActiveTurn, index: number, spoken: Spoken, calledMs: number): void {
    if (index < 0) return;
    running.trace = spokenTrace(running.trace, index, spoken, calledMs - running.startMs);
    this.book.ofTurn(running, () => this.book.publish(running.trace));
  }
}

/** At once, so that what was heard of a sentence is known at the very moment at which it is cut. */
function noteHeard(running: ActiveTurn, index: number, share: number): void {
  const sentences = running.trace.sentences.map((sentence, at) =>
    at === index ? { ...sentence, heardShare: share } : sentence,
  );
  running.trace = { ...running.trace, sentences };
}
