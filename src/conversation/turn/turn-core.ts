/**
 * The turn of conversation as a pure machine. There is one state, so there is one turn at a time, by construction; and
 * there is one way out of a turn, `leave`, which always stops the model and the voice, ends the robot's animation, frees
 * the floor and gives the one answer that each utterance gets.
 *
 * Who waits, who is dropped, who interrupts. Nobody waits: what is said last counts.
 *
 * | now       | utterance                        | "stop"          | own wish | microphone opens        |
 * | --------- | -------------------------------- | --------------- | -------- | ----------------------- |
 * | idle      | a turn begins                    | robot to rest   | begins   | listening               |
 * | listening | a turn begins                    | idle            | dropped  | listens on, limit anew  |
 * | thinking  | interrupts, or is joined         | ends, "stopped" | dropped  | waits with its words    |
 * | speaking  | interrupts, or is joined         | ends, "stopped" | dropped  | silent; waits so        |
 *
 * Speech while it thinks belongs to what was asked and is not answered yet: whoever feeds the machine says that it joins,
 * and the turn that begins answers both. What is written while somebody speaks waits until they have finished. While it
 * talks, a voice silences it at once; when nothing was said after all, a cough or a television, it goes on.
 *
 * What time ends: listening after `listenMsMax`; a turn whose reply is not complete, or was cut short, at its
 * budget (with a spoken reason); the speech of a complete reply after `speechMsMax`.
 *
 * The robot's life-cycle commands come in the order of the old robot's host: PRESENCE, ACKNOWLEDGE,
 * THINKING … STOP_THINKING, gestures, SATISFY, SPEAKING … STOP_SPEAKING, IDLE.
 */
import { BEGIN_LINES, END_LINES, moveWith, restLine, startSpeaking } from "./turn-lines.js";
import {
  FILLER_INDEX,
  TURN_RULES,
  type Turn,
  type TurnCode,
  type TurnEffect,
  type TurnInput,
  type TurnKind,
  type TurnOutcome,
  type TurnRules,
  type TurnState,
  type TurnStep,
  type WrittenSentence,
} from "./turn-types.js";

const IDLE: TurnState = { kind: "idle" };
const FILLER: WrittenSentence = { index: FILLER_INDEX, hasWords: true, lines: [] };

export const INITIAL_TURN: TurnState = IDLE;

/** Why a turn ended early is told to the person, except where they know it. */
const TOLD: ReadonlySet<TurnCode> = new Set(["TURN_BUDGET", "TURN_FAILED"]);

export function stepTurn(
  before: TurnState,
  input: TurnInput,
  nowMs: number,
  rules: TurnRules = TURN_RULES,
): TurnStep {
  const effects: TurnEffect[] = [];
  const state = decide(pass(before, nowMs, rules, effects), input, nowMs, rules, effects);
  return { state, effects };
}

/** When time alone will change the state; undefined when it will not. */
export function turnDueMs(state: TurnState): number | undefined {
  if (state.kind === "idle") return undefined;
  if (state.kind === "listening") return state.untilMs;
  const { turn } = state;
  const endMs = limitMs(turn);
  return Math.min(endMs, turn.fillerAtMs ?? endMs, turn.holdUntilMs ?? endMs);
}

function limitMs(turn: Turn): number {
  if (turn.speechEndMs === undefined) return turn.budgetEndMs;
  return turn.isBounded ? Math.min(turn.budgetEndMs, turn.speechEndMs) : turn.speechEndMs;
}

/** What time has brought about since the last step. */
function pass(state: TurnState, nowMs: number, rules: TurnRules, effects: TurnEffect[]): TurnState {
  const dueMs = turnDueMs(state);
  if (dueMs === undefined || nowMs < dueMs) return state;
  if (state.kind === "idle" || state.kind === "listening") {
    effects.push(restLine("listening"));
    return IDLE;
  }
  const { turn } = state;
  if (nowMs >= limitMs(turn)) {
    const isLongSpeech = turn.isWritten && !turn.isBounded;
    return isLongSpeech
      ? leave(turn, "done", "TURN_SPEECH_LONG", effects)
      : leave(turn, "failed", "TURN_BUDGET", effects);
  }
  if (turn.holdUntilMs !== undefined && nowMs >= turn.holdUntilMs) {
    return flow({ ...turn, holdUntilMs: undefined }, rules, effects);
  }
  const isSilent = turn.queue.length === 0 && turn.inVoice.length === 0 && turn.spokenCount === 0;
  const next = { ...turn, fillerAtMs: undefined };
  const isHeld = turn.holdUntilMs !== undefined;
  if (!isSilent || isHeld || state.kind !== "thinking") return { ...state, turn: next };
  effects.push({ type: "speak", turnId: turn.id, index: FILLER_INDEX });
  return { kind: "thinking", turn: { ...next, inVoice: [FILLER] } };
}

function decide(
  state: TurnState,
  input: TurnInput,
  nowMs: number,
  rules: TurnRules,
  effects: TurnEffect[],
): TurnState {
  switch (input.type) {
    case "heard":
      interrupt(state, effects, input.isJoined === true);
      return begin("answer", input, nowMs, rules, effects);
    case "urge":
      if (state.kind === "idle") return begin("own", input, nowMs, rules, effects);
      effects.push({ type: "refused", turnId: input.turnId, code: "TURN_BUSY" });
      return state;
    case "listen":
      if (state.kind === "thinking") {
        return { ...state, turn: { ...state.turn, holdUntilMs: nowMs + rules.listenMsMax } };
      }
      if (state.kind === "speaking") return cut(state.turn, nowMs, rules, effects);
      if (state.kind !== "listening") {
        effects.push({ type: "robot", turnId: "listening", line: "PRESENCE", isRestore: true });
        effects.push({ type: "robot", turnId: "listening", line: "LISTENING", isRestore: true });
      }
      return { kind: "listening", untilMs: nowMs + rules.listenMsMax };
    case "unheard":
      if (state.kind === "thinking" || state.kind === "speaking") {
        return flow({ ...state.turn, holdUntilMs: undefined }, rules, effects);
      }
      if (state.kind !== "listening") return state;
      effects.push(restLine("listening"));
      return IDLE;
    case "stop":
    case "close":
      return stop(state, input.type === "close" ? "TURN_CLOSING" : "TURN_STOPPED", effects);
    case "tick":
      return state;
    default:
      return ofTurn(state, input, nowMs, rules, effects);
  }
}

type OwnInput = Extract<
  TurnInput,
  { readonly type: "sentence" | "recant" | "written" | "failed" | "spoken" }
>;

/** What the running turn brings about itself; what comes of an older one decides nothing any more. */
function ofTurn(
  state: TurnState,
  input: OwnInput,
  nowMs: number,
  rules: TurnRules,
  effects: TurnEffect[],
): TurnState {
  if (state.kind === "idle" || state.kind === "listening") return state;
  const { turn } = state;
  if (input.turnId !== turn.id) return state;
  switch (input.type) {
    case "sentence":
      return flow({ ...turn, queue: [...turn.queue, input.sentence] }, rules, effects);
    case "recant":
      if (turn.inVoice.length > 0) effects.push({ type: "hush", turnId: turn.id });
      return stateOf({ ...turn, queue: [], inVoice: [], spokenCount: 0 });
    case "written": {
      const speechEndMs = nowMs + rules.speechMsMax;
      const written = { ...turn, isWritten: true, isBounded: input.isBounded, speechEndMs };
      return flow(written, rules, effects);
    }
    case "failed":
      return leave(turn, "failed", input.code, effects);
    case "spoken":
      return onSpoken(turn, input.index, input.isHeard, rules, effects);
  }
}

function onSpoken(
  turn: Turn,
  index: number,
  isHeard: boolean,
  rules: TurnRules,
  effects: TurnEffect[],
): TurnState {
  const inVoice = turn.inVoice.filter((sentence) => sentence.index !== index);
  if (inVoice.length === turn.inVoice.length) return stateOf(turn);
  // The next sentence is heard from here on: its gestures come now.
  const next = inVoice[0];
  if (next !== undefined && next.index > 0) moveWith(turn, next, effects);
  const counts = isHeard && index !== FILLER_INDEX ? 1 : 0;
  return flow({ ...turn, inVoice, spokenCount: turn.spokenCount + counts }, rules, effects);
}

/** Silent at once; what was cut is said again, without its gestures, if nobody said anything after all. */
function cut(turn: Turn, nowMs: number, rules: TurnRules, effects: TurnEffect[]): TurnState {
  if (turn.inVoice.length > 0) effects.push({ type: "hush", turnId: turn.id });
  for (const line of ["STOP_SPEAKING", "LISTENING"]) {
    effects.push({ type: "robot", turnId: turn.id, line, isRestore: true });
  }
  const again = turn.inVoice
    .filter(({ index }) => index !== FILLER_INDEX)
    .map((sentence) => ({ ...sentence, lines: [] }));
  const holdUntilMs = nowMs + rules.listenMsMax;
  const queue = [...again, ...turn.queue];
  return stateOf({ ...turn, queue, inVoice: [], holdUntilMs, wasCut: true });
}

/** Hands sentences to the voice as far as it takes them, and ends the turn when nothing is left. */
function flow(turn: Turn, rules: TurnRules, effects: TurnEffect[]): TurnState {
  let now = turn;
  if (now.holdUntilMs !== undefined) return stateOf(now);
  while (now.queue.length > 0 && now.inVoice.length < rules.inVoiceMax) {
    const [sentence, ...queue] = now.queue as [WrittenSentence, ...WrittenSentence[]];
    if (sentence.index === 0 && !now.wasCut) startSpeaking(now, sentence, effects);
    else if (now.inVoice.length === 0) moveWith(now, sentence, effects);
    effects.push({ type: "speak", turnId: now.id, index: sentence.index });
    now = { ...now, queue, inVoice: [...now.inVoice, sentence] };
  }
  const isOver = now.isWritten && now.queue.length === 0 && now.inVoice.length === 0;
  if (!isOver) return stateOf(now);
  return now.spokenCount > 0
    ? leave(now, "done", undefined, effects)
    : leave(now, "failed", "TURN_FAILED", effects);
}

function stateOf(turn: Turn): TurnState {
  const isSpeaking =
    turn.wasCut || turn.spokenCount > 0 || turn.inVoice.some(({ index }) => index >= 0);
  return { kind: isSpeaking ? "speaking" : "thinking", turn };
}

function begin(
  kind: TurnKind,
  { turnId, budgetMs }: { readonly turnId: string; readonly budgetMs: number },
  nowMs: number,
  rules: TurnRules,
  effects: TurnEffect[],
): TurnState {
  effects.push({ type: "floor", turnId, isTaken: true });
  // The body first: it shows within milliseconds that Buddy has heard.
  for (const line of BEGIN_LINES[kind]) {
    effects.push({ type: "robot", turnId, line, isRestore: false });
  }
  effects.push({ type: "think", turnId });
  const turn: Turn = {
    id: turnId,
    kind,
    startMs: nowMs,
    budgetEndMs: nowMs + budgetMs,
    // Who speaks up unasked need not excuse a pause.
    fillerAtMs: kind === "answer" ? nowMs + rules.fillerMs : undefined,
    queue: [],
    inVoice: [],
    isWritten: false,
    isBounded: false,
    speechEndMs: undefined,
    spokenCount: 0,
    holdUntilMs: undefined,
    wasCut: false,
  };
  return { kind: "thinking", turn };
}

function interrupt(state: TurnState, effects: TurnEffect[], isJoined = false): void {
  if (state.kind === "idle" || state.kind === "listening") return;
  if (isJoined) leave(state.turn, "interrupted", "TURN_JOINED", effects);
  else leave(state.turn, "interrupted", "TURN_INTERRUPTED", effects);
}

function stop(state: TurnState, code: TurnCode, effects: TurnEffect[]): TurnState {
  if (state.kind === "thinking" || state.kind === "speaking") {
    return leave(state.turn, "stopped", code, effects);
  }
  // A notice may still be heard.
  effects.push({ type: "hush", turnId: "" });
  effects.push(restLine(state.kind));
  return IDLE;
}

/** The one exit. */
function leave(
  turn: Turn,
  outcome: TurnOutcome,
  code: TurnCode | undefined,
  effects: TurnEffect[],
): TurnState {
  if (!turn.isWritten) effects.push({ type: "quiet", turnId: turn.id });
  if (turn.inVoice.length > 0) effects.push({ type: "hush", turnId: turn.id });
  for (const line of END_LINES[turn.kind]) {
    effects.push({ type: "robot", turnId: turn.id, line, isRestore: true });
  }
  effects.push({ type: "floor", turnId: turn.id, isTaken: false });
  if (code !== undefined && TOLD.has(code)) effects.push({ type: "notice", turnId: turn.id, code });
  effects.push({ type: "ended", turnId: turn.id, outcome, code });
  return IDLE;
}
