/**
 * Everything a reply may make the robot do: a closed list with ranges and rates, checked in code. Whatever a model
 * writes, and whoever talked it into writing that, nothing else reaches the robot. What is out of range is
 * refused, not bent into range: a wish that we do not understand is not guessed.
 *
 * | action                      | range                        | robot command     |
 * | --------------------------- | ---------------------------- | ----------------- |
 * | nod, nod:n; shake, shake:n  | n 1..3                       | NOD:n, SHAKE:n    |
 * | look:base,nod               | base 30..150, nod 90..140 °  | LOOK:base,nod     |
 * | attention:direction         | center left right up down    | ATTENTION:…       |
 * | express:emotion, or emotion | the eight of `EMOTIONS`      | EXPRESS:…         |
 * | celebrate                   | once in 10 s                 | CELEBRATE         |
 * | acknowledge                 |                              | ACKNOWLEDGE       |
 * | sigh, double_take, settle, expectant, dismissive, curious_tilt, startled | | PHYSICAL:… |
 *
 * Rates: at most 4 actions a turn and 6 in 10 s.
 */
import {
  ATTENTION_DIRECTIONS,
  EMOTIONS,
  PHYSICAL_NAMES,
  isOneOf,
  type AttentionDirection,
  type Emotion,
  type PhysicalName,
} from "../../wire/verbs.js";

export type Action =
  | { readonly kind: "nod" | "shake"; readonly count: number }
  | { readonly kind: "look"; readonly baseDeg: number; readonly nodDeg: number }
  | { readonly kind: "attention"; readonly direction: AttentionDirection }
  | { readonly kind: "express"; readonly emotion: Emotion }
  | { readonly kind: "physical"; readonly name: PhysicalName }
  | { readonly kind: "celebrate" | "acknowledge" };

/** For the prompt and the tool's description: how a wish is written. */
export const ACTION_FORMS: readonly string[] = [
  "nod:1..3",
  "shake:1..3",
  "look:BASE,NOD (base 30..150, 90 ahead, greater is your left; nod 90..140, smaller is up)",
  `attention:${ATTENTION_DIRECTIONS.join("|")}`,
  `express:${EMOTIONS.join("|")}`,
  "celebrate",
  "acknowledge",
  PHYSICAL_NAMES.join(", "),
];

const GESTURES_MAX = 3;
/** Inside the servos' limits by a margin: what a model wishes never drives the head to an end stop. */
const LOOK_BASE_DEG = [30, 150] as const;
const LOOK_NOD_DEG = [90, 140] as const;
/** Longest text of a wish; longer ones are not looked at. */
const WISH_CHARS_MAX = 40;

/**
 * Reads one wish as written in a tag or a tool call, for example `nod:2`.
 * @returns undefined when it is not in the list or out of range.
 */
export function parseAction(wish: string): Action | undefined {
  if (wish.length > WISH_CHARS_MAX) return undefined;
  const match = /^\s*([a-z][a-z_ ]*?)\s*(?::\s*([\w ,.+-]*?)\s*)?$/i.exec(wish);
  if (match === null) return undefined;
  const name = (match[1] as string).toLowerCase().replaceAll(" ", "_");
  const argument = match[2]?.toLowerCase();
  switch (name) {
    case "nod":
    case "shake":
      return counted(name, argument ?? "1");
    case "look":
      return argument === undefined ? undefined : look(argument);
    case "attention":
      return argument !== undefined && isOneOf(ATTENTION_DIRECTIONS, argument)
        ? { kind: "attention", direction: argument }
        : undefined;
    case "express":
    case "emotion":
      return argument === undefined ? undefined : express(argument);
    default:
      return argument === undefined ? bare(name) : undefined;
  }
}

function bare(name: string): Action | undefined {
  if (name === "celebrate" || name === "acknowledge") return { kind: name };
  // "startled" is both: the small movement is the more visible one.
  if (isOneOf(PHYSICAL_NAMES, name)) return { kind: "physical", name };
  return express(name);
}

function counted(kind: "nod" | "shake", argument: string): Action | undefined {
  const count = whole(argument);
  return count !== undefined && count >= 1 && count <= GESTURES_MAX ? { kind, count } : undefined;
}

function look(argument: string): Action | undefined {
  const [base, nod, ...rest] = argument.split(",").map((part) => whole(part.trim()));
  if (base === undefined || nod === undefined || rest.length > 0) return undefined;
  const isIn = (value: number, [min, max]: readonly [number, number]): boolean =>
    value >= min && value <= max;
  if (!isIn(base, LOOK_BASE_DEG) || !isIn(nod, LOOK_NOD_DEG)) return undefined;
  return { kind: "look", baseDeg: base, nodDeg: nod };
}

function express(word: string): Action | undefined {
  return isOneOf(EMOTIONS, word) ? { kind: "express", emotion: word } : undefined;
}

function whole(text: string): number | undefined {
  return /^\d{1,3}$/.test(text) ? Number(text) : undefined;
}

/** The robot command of an action. Made from the typed action only, never from the text of a wish. */
export function actionLine(action: Action): string {
  switch (action.kind) {
    case "nod":
      return `NOD:${action.count}`;
    case "shake":
      return `SHAKE:${action.count}`;
    case "look":
      return `LOOK:${action.baseDeg},${action.nodDeg}`;
    case "attention":
      return `ATTENTION:${action.direction}`;
    case "express":
      return `EXPRESS:${action.emotion}`;
    case "physical":
      return `PHYSICAL:${action.name}`;
    case "celebrate":
      return "CELEBRATE";
    case "acknowledge":
      return "ACKNOWLEDGE";
  }
}

const PER_TURN_MAX = 4;
const WINDOW_MS = 10_000;
const PER_WINDOW_MAX = 6;

/** Who may move the robot how often. One for the whole conversation: a new turn does not refill it. */
export class ActionGate {
  /** Wishes that were refused: not in the list, out of range, or too many. */
  refusedCount = 0;
  private turnId = "";
  private inTurn = 0;
  private readonly times: number[] = [];
  private celebratedMs = Number.NEGATIVE_INFINITY;

  /** @returns the robot command, or undefined when the wish is not granted. */
  admit(wish: string, turnId: string, nowMs: number): string | undefined {
    const action = parseAction(wish);
    if (action === undefined || !this.hasRoom(action, turnId, nowMs)) {
      this.refusedCount++;
      return undefined;
    }
    this.inTurn++;
    this.times.push(nowMs);
    if (action.kind === "celebrate") this.celebratedMs = nowMs;
    return actionLine(action);
  }

  private hasRoom(action: Action, turnId: string, nowMs: number): boolean {
    if (turnId !== this.turnId) {
      this.turnId = turnId;
      this.inTurn = 0;
    }
    while (this.times.length > 0 && nowMs - (this.times[0] as number) >= WINDOW_MS) {
      this.times.shift();
    }
    if (this.inTurn >= PER_TURN_MAX || this.times.length >= PER_WINDOW_MAX) return false;
    return action.kind !== "celebrate" || nowMs - this.celebratedMs >= WINDOW_MS;
  }
}
