/**
 * The conversation: carries out what `turn-core.ts` decides. Everything that takes time runs beside it and comes back as
 * an input of its turn; what comes back late belongs to no turn any more and changes nothing.
 */
import { reasonOf } from "../host/reason.js";
import type { CancelTimer } from "../time/clock.js";
import { isStopWord } from "./memory/memory-words.js";
import type { ConversationDeps, ConversationEvent, SayOptions } from "./conversation-types.js";
import { OwnTurns } from "./own-turns.js";
import { clean, Recall } from "./recall.js";
import { Speaking } from "./speaking.js";
import { Thinking } from "./thinking.js";
import { TurnBook } from "./turn-book.js";
import { TurnHands } from "./turn/turn-hands.js";
import { TurnMaker } from "./turn-maker.js";
import { goesOn, joinedWords, type ActiveTurn } from "./turn/active-turn.js";
import { INITIAL_TURN, stepTurn, turnDueMs } from "./turn/turn-core.js";
import { overTrace, reportOf, type TurnReport, type TurnTrace } from "./turn/turn-trace.js";
import {
  TURN_RULES,
  type TurnCode,
  type TurnEffect,
  type TurnInput,
  type TurnRules,
  type TurnState,
} from "./turn/turn-types.js";

export class Conversation {
  private state: TurnState = INITIAL_TURN;
  /** A turn that the machine is being asked to begin. */
  private pending: ActiveTurn | undefined;
  private cancelTimer: CancelTimer = () => undefined;
  /** When a microphone was opened, or a voice began, last. */
  private listenedMs = Number.NEGATIVE_INFINITY;
  private readonly book: TurnBook;
  private readonly recall: Recall;
  private readonly own: OwnTurns;
  private readonly maker: TurnMaker;
  private readonly hands: TurnHands;
  private readonly thinking: Thinking;
  private readonly speaking: Speaking;
  private readonly rules: TurnRules;

  constructor(private readonly deps: ConversationDeps) {
    this.rules = deps.rules ?? TURN_RULES;
    this.recall = new Recall(deps);
    this.own = new OwnTurns(deps, this.recall);
    this.book = new TurnBook(deps.clock, (what, act) => this.safely(what, act));
    const feed = (input: TurnInput): void => this.feed(input);
    this.thinking = new Thinking(deps, this.recall, this.book, feed);
    this.speaking = new Speaking(deps, this.recall, this.book, feed);
    this.maker = new TurnMaker(deps, this.recall, this.book, (act) => this.safely("memory", act));
    const isIdle = (): boolean => this.state.kind === "idle";
    this.hands = new TurnHands(deps, this.book, isIdle, () => this.speaking.unmoved());
  }

  get phase(): TurnState["kind"] {
    return this.state.kind;
  }

  /** Newest last; the last one may be under way. */
  get turns(): readonly TurnTrace[] {
    return this.book.turns;
  }

  subscribe(listener: (event: ConversationEvent) => void): () => void {
    return this.book.subscribe(listener);
  }

  /** Somebody says something. Always resolves, with how it went; interrupts what is under way. */
  say(text: string, options: SayOptions): Promise<TurnReport> {
    const said = clean(text);
    // What another robot says is never an instruction: only a person stops it, names himself or has it forget.
    const isRobot = options.source === "robot";
    const isStop = !isRobot && isStopWord(said, this.deps.settings().persona.name);
    if (isStop) this.stop();
    const before = isStop || said === "" ? undefined : this.unfinished(options.source);
    const whole = before === undefined ? said : joinedWords(before, said);
    return new Promise((settle) => {
      const running = this.maker.make({ kind: "answer", said: whole, ...options, settle });
      options.onTurn?.(running.trace.id);
      if (isStop || said === "") {
        this.finish(running, "stopped", "TURN_STOPPED");
        return;
      }
      this.safely("beginning", () => this.heard(running, before !== undefined));
      if (this.book.running !== running && running.trace.phase !== "over") {
        this.finish(running, "failed", "TURN_FAILED");
      }
    });
  }

  /** Everything that was said and learned today is gone for good, here and in the store. */
  forgetToday(): void {
    this.recall.forgetToday();
    this.book.drop();
  }

  /** Silence and rest, now. */
  stop(): void {
    this.speaking.endNotice();
    this.feed({ type: "stop" });
  }

  /** A microphone was opened, or a voice began: the robot listens, and is quiet. */
  listen(): void {
    this.listenedMs = this.deps.clock.nowMs();
    this.speaking.endNotice();
    this.feed({ type: "listen" });
  }

  /** The turn whose words what is said now goes on with. */
  private unfinished(source: SayOptions["source"]): ActiveTurn | undefined {
    const { running } = this.book;
    if (source !== "voice" || running === undefined) return undefined;
    // Ears that tell only words have heard them just now.
    const isTold = this.listenedMs >= running.startMs;
    const beganMs = isTold ? this.listenedMs : this.deps.clock.nowMs();
    return goesOn(running, beganMs, this.state.kind === "thinking") ? running : undefined;
  }

  /** The microphone gave nothing that could be understood. */
  unheard(): void {
    this.feed({ type: "unheard" });
  }

  /** Time has passed, or the robot's state is news: it may speak up by itself. */
  look(): void {
    if (this.state.kind === "idle") this.safely("own turn", () => this.speakUp());
  }

  private speakUp(): void {
    const own = this.own.next();
    if (own === undefined) return;
    const { reason, line } = own;
    const running = this.maker.make({
      kind: "own",
      said: reason,
      source: "own",
      settle: (report) => own.settle(report),
      line,
    });
    const { budgetMs } = this.deps.settings();
    this.begin(running, { type: "urge", turnId: running.trace.id, budgetMs });
  }

  /** Says these words by itself, unless it is busy. @returns whether it does. */
  sayByItself(line: string): boolean {
    if (this.state.kind !== "idle" || this.deps.settings().quietUntilMs !== undefined) return false;
    const settle = (): void => undefined;
    const running = this.maker.make({ kind: "own", said: "", source: "own", settle, line });
    const { budgetMs } = this.deps.settings();
    this.begin(running, { type: "urge", turnId: running.trace.id, budgetMs });
    return this.book.running === running;
  }

  close(): void {
    this.speaking.endNotice();
    this.feed({ type: "close" });
    this.cancelTimer();
  }

  private heard(running: ActiveTurn, isJoined: boolean): void {
    this.speaking.endNotice();
    this.own.talked();
    const { budgetMs } = this.deps.settings();
    this.begin(running, { type: "heard", turnId: running.trace.id, budgetMs, isJoined });
  }

  private begin(running: ActiveTurn, input: TurnInput): void {
    const before = this.book.running;
    this.pending = running;
    this.feed(input);
    this.pending = undefined;
    // The machine would not have it: whoever asked is told.
    if (this.book.running === before) this.finish(running, "failed", "TURN_BUSY");
  }

  private feed(input: TurnInput): void {
    const before = this.state.kind;
    const { state, effects } = stepTurn(this.state, input, this.deps.clock.nowMs(), this.rules);
    this.state = state;
    for (const effect of effects) this.safely(effect.type, () => this.carryOut(effect));
    if (state.kind === "speaking" && this.book.running?.trace.phase === "thinking") {
      this.book.trace({ phase: "speaking" });
    }
    if (state.kind !== before) this.book.tell({ type: "phase", phase: state.kind });
    this.arm();
  }

  private arm(): void {
    this.cancelTimer();
    const dueMs = turnDueMs(this.state);
    if (dueMs === undefined) return;
    const waitMs = Math.max(0, dueMs - this.deps.clock.nowMs());
    this.cancelTimer = this.deps.clock.after(waitMs, () => this.feed({ type: "tick" }));
  }

  /** Whatever throws in a step of a turn costs that step: the machine goes on, and every turn has its end. */
  private safely(what: string, act: () => void): void {
    try {
      act();
    } catch (error) {
      this.deps.log("error", `a step of a turn failed (${what}): ${reasonOf(error)}`);
    }
  }

  private carryOut(effect: TurnEffect): void {
    switch (effect.type) {
      case "robot":
        return this.hands.add(effect);
      case "floor":
        return effect.isTaken ? this.takeFloor() : this.freeFloor();
      case "think":
        return void this.thinking.think(effect.turnId);
      case "quiet":
        return this.book.running?.think.abort(new Error("the turn is over"));
      case "speak":
        return void this.speaking.speak(effect.turnId, effect.index);
      case "hush":
        return this.hush();
      case "notice":
        return this.speaking.notice(effect.code);
      case "ended":
        return this.ended(effect.outcome, effect.code);
      case "refused":
        // `begin` sees that nothing has begun.
        return;
    }
  }

  /** What is said after it, if anything is, has a signal of its own. */
  private hush(): void {
    const { running } = this.book;
    if (running !== undefined) {
      running.speech.abort(new Error("silence was asked for"));
      running.speech = new AbortController();
    }
    this.deps.voice.stop();
  }

  /** Who has the floor thinks, talks and moves the robot: one turn at a time. */
  private takeFloor(): void {
    this.book.running = this.pending;
    if (this.book.running) this.book.publish(this.book.running.trace);
  }

  /** Whatever still thinks for the turn does so no more; what was said last may be heard to its end. */
  private freeFloor(): void {
    this.book.running?.think.abort(new Error("the turn is over"));
  }

  private ended(outcome: TurnReport["outcome"], code: TurnCode | undefined): void {
    const { running } = this.book;
    this.book.running = undefined;
    if (running === undefined) return;
    this.finish(running, outcome, code);
    this.own.talked();
    this.hands.ended(running.trace.id, outcome);
  }

  private finish(
    running: ActiveTurn,
    outcome: TurnReport["outcome"],
    code: TurnCode | undefined,
  ): void {
    const doneMs = this.deps.clock.nowMs() - running.startMs;
    running.trace = overTrace(running.trace, outcome, code, doneMs);
    if (running.isKept) {
      this.book.keep(running.trace);
      this.safely("memory", () => this.recall.keep(running.trace));
    }
    this.book.publish(running.trace);
    running.settle(reportOf(running.trace));
  }
}
