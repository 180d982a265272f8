/**
 * The conversation: carries out what `turn-core.ts` decides. Everything that takes time runs beside it and comes back as
 * an input of its turn; what comes back late belongs to no turn any more and changes nothing.
 */
import { reasonOf } from "../host/reason.js";
import type { CancelTimer } from "../time/clock.js";
import { ActionGate } from "./reply/actions.js";
import { isStopWord } from "./memory/memory-words.js";
import type { ConversationDeps, ConversationEvent, SayOptions } from "./conversation-types.js";
import { Mouth } from "./reply/mouth.js";
import { newOwnWish, noteTalk, whyQuiet } from "./own-wish.js";
import { answerPrompt, ownPrompt } from "./prompt.js";
import { clean, Recall, type RecallAnswer } from "./recall.js";
import type { ParsedSentence } from "./reply/reply-parser.js";
import { RobotHands, type HandLine, type HandOutcome } from "./reply/robot-hands.js";
import { Gladness, newActiveTurn, type ActiveTurn } from "./turn/active-turn.js";
import { INITIAL_TURN, stepTurn, turnDueMs } from "./turn/turn-core.js";
import {
  newTrace,
  overTrace,
  reportOf,
  spokenTrace,
  type TurnReport,
  type TurnTrace,
} from "./turn/turn-trace.js";
import {
  FILLER_INDEX,
  TURN_RULES,
  type TurnCode,
  type TurnEffect,
  type TurnInput,
  type TurnRules,
  type TurnState,
} from "./turn/turn-types.js";
import type { Spoken } from "../voice/speech/speech.js";

/** Turns kept for showing. */
const TRACES_MAX = 50;

export class Conversation {
  private state: TurnState = INITIAL_TURN;
  private running: ActiveTurn | undefined;
  /** A turn that the machine is being asked to begin. */
  private pending: ActiveTurn | undefined;
  private cancelTimer: CancelTimer = () => undefined;
  private ownWish;
  private readonly gladness = new Gladness();
  private lastId = 0;
  private readonly traces: TurnTrace[] = [];
  private readonly listeners = new Set<(event: ConversationEvent) => void>();
  private readonly recall: Recall;
  private readonly hands: RobotHands;
  private readonly mouth: Mouth;
  private readonly gate = new ActionGate();
  private readonly rules: TurnRules;

  constructor(private readonly deps: ConversationDeps) {
    this.rules = deps.rules ?? TURN_RULES;
    this.ownWish = newOwnWish(deps.clock.nowMs());
    this.recall = new Recall(deps);
    this.mouth = new Mouth(deps.voice, deps.clock, {
      language: () => deps.settings().persona.language,
      log: deps.log,
    });
    this.hands = new RobotHands(deps.robot, (line, outcome, why) => this.moved(line, outcome, why));
  }

  get phase(): TurnState["kind"] {
    return this.state.kind;
  }

  /** Newest last; the last one may be under way. */
  get turns(): readonly TurnTrace[] {
    return this.running ? [...this.traces, this.running.trace] : this.traces;
  }

  subscribe(listener: (event: ConversationEvent) => void): () => void {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  }

  /** Somebody says something. Always resolves, with how it went; interrupts what is under way. */
  say(text: string, options: SayOptions): Promise<TurnReport> {
    const said = clean(text);
    const isStop = isStopWord(said, this.deps.settings().persona.name);
    if (isStop) this.stop();
    return new Promise((settle) => {
      const running = this.prepare("answer", said, options, settle);
      options.onTurn?.(running.trace.id);
      if (isStop || said === "") {
        this.finish(running, "stopped", "TURN_STOPPED");
        return;
      }
      this.safely("beginning", () => this.heard(running));
      if (this.running !== running && running.trace.phase !== "over") {
        this.finish(running, "failed", "TURN_FAILED");
      }
    });
  }

  /** Everything that was said and learned today is gone for good, here and in the store. */
  forgetToday(): void {
    this.recall.forgetToday();
    this.dropToday();
  }

  private dropToday(): void {
    this.traces.splice(0);
    // What is under way would be kept when it ends.
    if (this.running) this.running.isKept = false;
    this.tell({ type: "forgot" });
  }

  /** Silence and rest, now. */
  stop(): void {
    this.mouth.endNotice();
    this.feed({ type: "stop" });
  }

  /** A microphone was opened, or a voice began: the robot listens, and is quiet. */
  listen(): void {
    this.mouth.endNotice();
    this.feed({ type: "listen" });
  }

  /** The microphone gave nothing that could be understood. */
  unheard(): void {
    this.feed({ type: "unheard" });
  }

  /** The robot's state is news: it may want to speak up by itself. */
  look(): void {
    if (this.state.kind === "idle") this.safely("own wish", () => this.lookForWish());
  }

  private lookForWish(): void {
    const { world, settings, clock } = this.deps;
    const { wantsToSpeak, speechTrigger, isLinked } = world();
    const wish = { wants: isLinked && wantsToSpeak, trigger: speechTrigger };
    const nowMs = clock.nowMs();
    if (whyQuiet(this.ownWish, wish, nowMs, settings().ownWish) !== undefined) return;
    this.ownWish = noteTalk(this.ownWish, nowMs, true);
    const running = this.prepare("own", speechTrigger, { source: "own" }, () => undefined);
    this.begin(running, { type: "urge", turnId: running.trace.id, budgetMs: settings().budgetMs });
  }

  close(): void {
    this.mouth.endNotice();
    this.feed({ type: "close" });
    this.cancelTimer();
  }

  private heard(running: ActiveTurn): void {
    this.mouth.endNotice();
    this.ownWish = noteTalk(this.ownWish, this.deps.clock.nowMs(), false);
    const { budgetMs } = this.deps.settings();
    this.begin(running, { type: "heard", turnId: running.trace.id, budgetMs });
  }

  private begin(running: ActiveTurn, input: TurnInput): void {
    const before = this.running;
    this.pending = running;
    this.feed(input);
    this.pending = undefined;
    // The machine would not have it: whoever asked is told.
    if (this.running === before) this.finish(running, "failed", "TURN_BUSY");
  }

  private prepare(
    kind: "answer" | "own",
    said: string,
    { source, name }: SayOptions,
    settle: (report: TurnReport) => void,
  ): ActiveTurn {
    const { recall, deps } = this;
    if (name !== undefined) recall.meet(name);
    const id = `t${++this.lastId}`;
    const trace = newTrace({
      id,
      kind,
      source,
      said,
      name: undefined,
      startedWallMs: deps.clock.wallMs(),
    });
    let learned: RecallAnswer = {};
    this.safely("memory", () => {
      if (kind === "answer") learned = recall.learn(said, trace.startedWallMs);
    });
    const { line, hasForgotten = false } = learned as RecallAnswer;
    if (hasForgotten) this.dropToday();
    return newActiveTurn({
      trace: { ...trace, name: recall.person },
      startMs: deps.clock.nowMs(),
      line,
      isKept: !hasForgotten,
      settle,
    });
  }

  private feed(input: TurnInput): void {
    const before = this.state.kind;
    const { state, effects } = stepTurn(this.state, input, this.deps.clock.nowMs(), this.rules);
    this.state = state;
    for (const effect of effects) this.safely(effect.type, () => this.carryOut(effect));
    if (state.kind === "speaking" && this.running?.trace.phase === "thinking") {
      this.trace({ phase: "speaking" });
    }
    if (state.kind !== before) this.tell({ type: "phase", phase: state.kind });
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
        return void this.think(effect.turnId);
      case "quiet":
        return this.running?.think.abort(new Error("the turn is over"));
      case "speak":
        return void this.speak(effect.turnId, effect.index);
      case "hush":
        this.running?.speech.abort(new Error("silence was asked for"));
        return this.deps.voice.stop();
      case "notice":
        return this.notice(effect.code);
      case "ended":
        return this.ended(effect.outcome, effect.code);
      case "refused":
        // `begin` sees that nothing has begun.
        return;
    }
  }

  /** Who has the floor thinks, talks and moves the robot: one turn at a time. */
  private takeFloor(): void {
    this.running = this.pending;
    if (this.running) this.publish(this.running.trace);
  }

  /** Whatever still thinks for the turn does so no more; what was said last may be heard to its end. */
  private freeFloor(): void {
    this.running?.think.abort(new Error("the turn is over"));
  }

  private async think(turnId: string): Promise<void> {
    const { running } = this;
    if (running?.trace.id !== turnId) return;
    const { signal } = running.think;
    const { deps } = this;
    try {
      const own = running.trace.kind === "own";
      const { said } = running.trace;
      const context = this.recall.prompt(said, own);
      if (context.picture !== undefined) this.trace({ hasPicture: true });
      const result = await deps.thinker.think(
        {
          said,
          trigger: own ? said : undefined,
          line: running.line,
          prompt: own ? ownPrompt(said, context) : answerPrompt(said, context),
          speaker: this.recall.speaker,
          lastReply: this.recall.lastReply,
          offline: this.recall.offline(),
          endMs: running.startMs + deps.settings().budgetMs,
        },
        signal,
        {
          model: (model) => this.ofTurn(running, () => this.trace({ model })),
          firstToken: () => this.ofTurn(running, () => this.stamp("firstTokenMs")),
          words: (text) => this.ofTurn(running, () => this.tell({ type: "words", turnId, text })),
          reset: () => this.ofTurn(running, () => this.tell({ type: "reset", turnId })),
          sentence: (sentence) => this.ofTurn(running, () => this.written(running, sentence)),
          recant: () => this.ofTurn(running, () => this.recant(running)),
          usage: (usage) => this.ofTurn(running, () => this.trace(usage)),
        },
      );
      const { model, isSafeMode, why, isBounded, hasWords } = result;
      this.ofTurn(running, () => {
        this.trace({ model, isSafeMode, why });
        if (hasWords) this.feed({ type: "written", turnId, isBounded });
        else this.feed({ type: "failed", turnId, code: "TURN_BUDGET" });
      });
    } catch (error) {
      if (signal.aborted) return;
      const why = reasonOf(error);
      deps.log("error", `thinking failed: ${why}`);
      this.ofTurn(running, () => {
        this.trace({ why });
        this.feed({ type: "failed", turnId, code: "TURN_FAILED" });
      });
    }
  }

  private recant(running: ActiveTurn): void {
    const sentences = running.trace.sentences.map((sentence) => ({ ...sentence, text: "" }));
    this.trace({ sentences });
    this.feed({ type: "recant", turnId: running.trace.id });
    running.speech = new AbortController();
  }

  private written(running: ActiveTurn, { text, speech, wishes }: ParsedSentence): void {
    const { id } = running.trace;
    const granted = wishes
      .map((wish) => this.gate.admit(wish, id, this.deps.clock.nowMs()))
      .filter((line) => line !== undefined);
    const refusedMoves = running.trace.refusedMoves + wishes.length - granted.length;
    if (text === "" && granted.length === 0) return this.trace({ refusedMoves });
    const index = running.trace.sentences.length;
    const sentence = { text, speech, outcome: "waiting", by: "" } as const;
    const sentences = [...running.trace.sentences, sentence];
    this.trace({ refusedMoves, sentences });
    if (index === 0) this.stamp("firstSentenceMs");
    const written = { index, hasWords: speech !== "", lines: granted };
    this.feed({ type: "sentence", turnId: id, sentence: written });
  }

  private async speak(turnId: string, index: number): Promise<void> {
    const { running } = this;
    if (running?.trace.id !== turnId) return;
    const calledMs = this.deps.clock.nowMs();
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
      if (index === FILLER_INDEX) this.stamp("fillerMs");
      spoken = await this.mouth.say(text, { turnId, index, signal: running.speech.signal });
    } catch (error) {
      this.deps.log("error", `a sentence could not be said: ${reasonOf(error)}`);
    }
    this.noteSpoken(running, index, spoken, calledMs);
    if (this.running !== running) return;
    this.feed({ type: "spoken", turnId, index, isHeard: spoken.outcome !== "stopped" });
  }

  /** Also after the turn's end: what was cut short is told as cut short. */
  private noteSpoken(running: ActiveTurn, index: number, spoken: Spoken, calledMs: number): void {
    if (index < 0) return;
    running.trace = spokenTrace(running.trace, index, spoken, calledMs - running.startMs);
    if (this.running === running) this.publish(running.trace);
  }

  private notice(code: TurnCode): void {
    const { running } = this;
    if (running === undefined) return;
    const { lines } = this.recall;
    const text = this.recall.sayable(code === "TURN_BUDGET" ? lines.budget : lines.failed);
    const { why = "it was not done when its time was over" } = running.trace;
    this.trace({ notice: text, ...(code === "TURN_BUDGET" && { why }) });
    this.mouth.notice(text, running.trace.id);
  }

  private ended(outcome: TurnReport["outcome"], code: TurnCode | undefined): void {
    const { running } = this;
    this.running = undefined;
    if (running === undefined) return;
    this.finish(running, outcome, code);
    const nowMs = this.deps.clock.nowMs();
    this.ownWish = noteTalk(this.ownWish, nowMs, false);
    if (!this.gladness.celebrates(outcome, this.deps.world().valence, nowMs)) return;
    this.hands.add({ turnId: running.trace.id, line: "CELEBRATE", isRestore: true });
  }

  private finish(
    running: ActiveTurn,
    outcome: TurnReport["outcome"],
    code: TurnCode | undefined,
  ): void {
    const doneMs = this.deps.clock.nowMs() - running.startMs;
    running.trace = overTrace(running.trace, outcome, code, doneMs);
    if (running.isKept) this.safely("memory", () => this.keep(running.trace));
    this.publish(running.trace);
    running.settle(reportOf(running.trace));
  }

  private keep(trace: TurnTrace): void {
    this.traces.push(trace);
    if (this.traces.length > TRACES_MAX) this.traces.shift();
    this.recall.keep(trace);
  }

  private moved(line: HandLine, outcome: HandOutcome, why: string): void {
    const { running } = this;
    if (outcome === "lost") this.deps.log("warn", `the robot did not do ${line.line}: ${why}`);
    // While it follows a face it cannot bounce, but it can look pleased.
    if (line.line === "CELEBRATE" && outcome === "refused" && this.state.kind === "idle") {
      this.hands.add({ ...line, line: "EXPRESS:content", isRestore: true });
    }
    if (running?.trace.id !== line.turnId) return;
    this.stamp("bodyMs");
    if (!/^(NOD|SHAKE|LOOK|ATTENTION|EXPRESS|PHYSICAL|CELEBRATE)/.test(line.line)) return;
    const word = outcome === "ok" ? line.line : `${line.line} (${outcome})`;
    this.trace({ moves: [...running.trace.moves, word] });
  }

  private ofTurn(running: ActiveTurn, act: () => void): void {
    if (this.running === running) act();
  }

  private stamp(key: "bodyMs" | "firstTokenMs" | "firstSentenceMs" | "fillerMs"): void {
    const { running } = this;
    if (running === undefined || running.trace[key] !== undefined) return;
    this.trace({ [key]: this.deps.clock.nowMs() - running.startMs });
  }

  private trace(change: Partial<TurnTrace>): void {
    const { running } = this;
    if (running === undefined) return;
    running.trace = { ...running.trace, ...change };
    this.publish(running.trace);
  }

  private publish(turn: TurnTrace): void {
    this.tell({ type: "turn", turn });
  }

  private tell(event: ConversationEvent): void {
    for (const listener of this.listeners) this.safely(event.type, () => listener(event));
  }
}
