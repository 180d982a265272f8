/**
 * The command interpreter: one line in, one JSON object out (PROTOCOL §2). A verb's errors are
 * checked in the order of that table. `run` decides and says; `perform` moves, after the reply has been sent.
 *
 * Errors: NI not_initialized (or safe_mode, for verbs that move), TA tracking_active (never after `@`, the owner's mark:
 * the gaze yields). * stop-anim: ends a running loop even when refused.
 *
 * | verb                              | reply                    | errors, in order            |
 * | --------------------------------- | ------------------------ | --------------------------- |
 * | QUERY                             | state, no `ok`           | NI                          |
 * | LOOK:base,nod *                   | ok                       | TA NI parse_error           |
 * | ATTENTION:dir *                   | ok                       | TA NI unknown_direction+dir |
 * | LISTENING *                       | ok                       | TA NI                       |
 * | THINKING, SPEAKING                | ok; overlay if tracking  | NI                          |
 * | STOP_THINKING, STOP_SPEAKING      | ok                       |                             |
 * | ACKNOWLEDGE                       | ok; overlay if tracking  | NI                          |
 * | CELEBRATE *, NOD:n *, SHAKE:n *   | ok                       | NI TA                       |
 * | EXPRESS:e *                       | ok; overlay if tracking  | NI unknown_emotion+emotion  |
 * | SATISFY:need,amount               | ok, need, value          | NI parse_error unknown_need+need |
 * | PRESENCE                          | ok                       | NI                          |
 * | SPOKE                             | ok, action               | NI                          |
 * | IDLE *                            | ok; moves if not tracking |                            |
 * | STREAM:on, STREAM:off             | ok, streaming            | use_on_or_off               |
 * | PERFORM:t                         | ok                       | NI TA unknown_perform+type  |
 * | PHYSICAL:n                        | ok                       | NI TA unknown_physical+name |
 * | VISION:{…}, VISION {…}            | ok, whatever it holds    |                             |
 * | RESET_PID                         | ok                       |                             |
 * | FACE:…, NO_FACE                   | ok                       | parse_error                 |
 * | IDLE_MOTION:on, IDLE_MOTION:off   | ok, idleMotion           | use_on_or_off               |
 * | HOLD, HOLD:s                      | ok, hold                 | parse_error                 |
 * | WHY, WHY:n                        | ok, why                  | parse_error                 |
 * | SELF                              | ok, see PROTOCOL §2.3    |                             |
 * | SHUTDOWN, RESTART                 | ok, generation           | not_loaded                  |
 * | else                              |                          | unknown_command+cmd         |
 */
import { clamp } from "../../src/wire/clamp.js";
import type { BodyPort, MoveName } from "../body/port.js";
import type { Intake } from "../intake/intake.js";
import { bytesOf } from "../../src/wire/bytes.js";
import { BASE_DEG_MAX, BASE_DEG_MIN, NOD_DEG_MAX, NOD_DEG_MIN } from "../../src/wire/limits.js";
import {
  ATTENTION_DIRECTIONS,
  CAUSES_MAX,
  EMOTIONS,
  GESTURE_COUNT_MAX,
  HOLD_S,
  HOLD_S_MAX,
  NEEDS,
  OWNER_MARK,
  PERFORM_TYPES,
  PHYSICAL_NAMES,
  VERBS,
  isOneOf,
} from "../../src/wire/verbs.js";
import type { Verb } from "../../src/wire/verbs.js";
import { queryReply } from "./query.js";
import { escapeJson, firstChars, fixed2, isWhole, leadingDecimal } from "../runtime/text.js";
import { wholeOf } from "../runtime/text.js";
import type { CharacterView, LifePort, MindPort, RobotView } from "./views.js";

export interface CommandDeps {
  body: BodyPort;
  mind: MindPort;
  life: LifePort;
  character: CharacterView;
  robot: RobotView;
  intake: Intake;
}

export interface Outcome {
  /** One JSON object on one line. */
  reply: string;
  /** A running THINKING or SPEAKING loop ends before the move. */
  stopsLoop: boolean;
  /** What the body is to do once the answer is out; "" nothing. */
  move: MoveName | "";
  a: number;
  b: number;
  /** The owner's: the gaze lets go of its face for the move. */
  isOwners: boolean;
  /** "on" or "off": what STREAM asks for the client that sent it. */
  stream: string;
}

/** Moves: refused before the body is ready, and while a face is tracked. */
const MOVES = 1;
/** Ends a running loop, also when it is refused. */
const ENDS_LOOP = 2;
/** Ends a running loop when it moves. */
const ENDS_LOOP_MOVING = 4;
/** Small enough to go on top of a tracked gaze: accepted while tracking. */
const OVERLAY = 8;
/** Looks at tracking first and at readiness then. */
const GAZE = 16;
/** Does not move and needs a body that is ready all the same. */
const READY = 32;
/** The bits above for each of `VERBS`, in their order. */
const RULES: readonly number[] = [
  READY, // QUERY
  MOVES | ENDS_LOOP | GAZE, // LOOK:
  MOVES | ENDS_LOOP | GAZE, // ATTENTION:
  MOVES | ENDS_LOOP | GAZE, // LISTENING
  MOVES | OVERLAY, // THINKING
  0, // STOP_THINKING
  0, // STOP_SPEAKING
  MOVES | OVERLAY, // SPEAKING
  MOVES | OVERLAY, // ACKNOWLEDGE
  MOVES | ENDS_LOOP, // CELEBRATE
  MOVES | ENDS_LOOP, // NOD:
  MOVES | ENDS_LOOP, // SHAKE:
  MOVES | ENDS_LOOP | OVERLAY, // EXPRESS:
  READY, // SATISFY:
  READY, // PRESENCE
  READY, // SPOKE
  0, // IDLE_MOTION:
  ENDS_LOOP, // IDLE
  0, // STREAM:
  MOVES | ENDS_LOOP_MOVING, // PERFORM:
  MOVES | ENDS_LOOP_MOVING, // PHYSICAL:
  0, // VISION:
  0, // VISION
  0, // RESET_PID
  0, // FACE:
  0, // NO_FACE
  0, // HOLD
  0, // WHY
  0, // SELF
  0, // SHUTDOWN
  0, // RESTART
];

const OK = '{"ok":true}';
/** Echo of an unknown command; of an unknown argument. */
const COMMAND_CHARS_MAX = 20;
const ARGUMENT_CHARS_MAX = 40;
const NEED_CHARS_MAX = 15;

function answer(reply: string): Outcome {
  return { reply, stopsLoop: false, move: "", a: 0, b: 0, isOwners: false, stream: "" };
}

/** An answer that says yes, with further pairs after a comma. */
function yes(pairs: string): Outcome {
  return answer('{"ok":true' + pairs + "}");
}

function moving(move: string, a: number, b: number): Outcome {
  const outcome = answer(OK);
  outcome.move = move as MoveName;
  outcome.a = a;
  outcome.b = b;
  return outcome;
}

function refuse(reason: string): Outcome {
  return answer(`{"ok":false,"reason":"${reason}"}`);
}

/** A refusal that repeats what was sent, escaped and cut. */
function refuseEcho(reason: string, key: string, text: string): Outcome {
  const charsMax = key === "cmd" ? COMMAND_CHARS_MAX : ARGUMENT_CHARS_MAX;
  const echo = escapeJson(firstChars(text, charsMax));
  return answer(`{"ok":false,"reason":"${reason}","${key}":"${echo}"}`);
}

/** The line without `!`, `@` and terminators. */
function bare(line: string): string {
  let end = line.length;
  while (end > 0 && (line.charAt(end - 1) === "\n" || line.charAt(end - 1) === "\r")) end--;
  const mark = line.charAt(0);
  return line.slice(mark === "!" || mark === OWNER_MARK ? 1 : 0, end);
}

export class Interpreter {
  private readonly deps: CommandDeps;

  constructor(deps: CommandDeps) {
    this.deps = deps;
  }

  /** The state object, as QUERY answers it. */
  stateJson(): string {
    const { robot, character, intake } = this.deps;
    return queryReply(robot, character, intake.counters.invalid);
  }

  /** Decides one line. The line may be anything; the reply is always one JSON object. */
  answerLine(text: string, nowMs: number): Outcome {
    const line = bare(text);
    const first = line.charCodeAt(0);
    const isOwners = text.startsWith(OWNER_MARK);
    for (let i = 0; i < VERBS.length; i++) {
      const verb = VERBS[i] as Verb;
      if (verb.charCodeAt(0) !== first || !line.startsWith(verb)) continue;
      const rules = RULES[i] as number;
      const reason = this.refusal(isOwners ? rules | OVERLAY : rules);
      const outcome =
        reason === "" ? this.decide(verb, line.slice(verb.length), line, nowMs) : refuse(reason);
      outcome.stopsLoop =
        (rules & (outcome.move === "" ? ENDS_LOOP : ENDS_LOOP | ENDS_LOOP_MOVING)) !== 0;
      outcome.isOwners = isOwners;
      return outcome;
    }
    return refuseEcho("unknown_command", "cmd", line);
  }

  /** Does what `run` promised; call it after the reply has been sent. */
  performMove(outcome: Outcome, nowMs: number): void {
    const body = this.deps.body;
    if (outcome.stopsLoop) body.move("none", 0, 0);
    if (outcome.move === "") return;
    this.deps.life.noteCommand(nowMs);
    if (outcome.isOwners) body.move("yield", 0, 0);
    body.move(outcome.move, outcome.a, outcome.b);
  }

  /** Why a verb with these rules is refused now; "" it is not. */
  private refusal(rules: number): string {
    const robot = this.deps.robot;
    const isTaken = (rules & MOVES) !== 0 && (rules & OVERLAY) === 0 && robot.isTaken();
    const unready = robot.unready();
    const isRefused = (rules & (unready === "safe_mode" ? MOVES : MOVES | READY)) !== 0;
    if (isTaken && (rules & GAZE) !== 0) return "tracking_active";
    if (isRefused && unready !== "") return unready;
    return isTaken ? "tracking_active" : "";
  }

  private decide(verb: Verb, argument: string, line: string, nowMs: number): Outcome {
    const { robot, mind, life, intake } = this.deps;
    switch (verb) {
      case "QUERY":
        return answer(this.stateJson());
      case "LOOK:":
        return this.decideLook(argument);
      case "STOP_THINKING":
      case "STOP_SPEAKING":
        return moving("none", 0, 0);
      case "IDLE":
        if (robot.isTaken() || robot.unready() !== "") return answer(OK);
        break;
      case "RESET_PID":
        return moving("reset", 0, 0);
      case "STREAM:":
      case "IDLE_MOTION:":
        return this.toggle(verb, argument);
      case "VISION:":
      case "VISION ":
        intake.takeVision(argument);
        return answer(OK);
      case "FACE:":
      case "NO_FACE": {
        const result = intake.takeLine(bytesOf(line), 0, nowMs);
        const isWellFormed = result === "accepted" || result === "stale" || result === "dropped";
        return isWellFormed ? answer(OK) : refuse("parse_error");
      }
      case "SATISFY:":
        return this.decideSatisfy(argument);
      case "PRESENCE":
        mind.feelPresence();
        return answer(OK);
      case "SPOKE":
        mind.spoke();
        return yes(',"action":"spoke_acknowledged"');
      case "HOLD":
        return this.decideHold(argument);
      case "WHY": {
        const count = numberOf(argument, CAUSES_MAX);
        return count >= 1 ? yes(',"why":' + life.whyJson(count)) : refuse("parse_error");
      }
      case "SELF":
        return yes(life.selfJson());
      case "SHUTDOWN":
      case "RESTART": {
        const generation = life.shutdownSoon();
        if (generation === 0) return refuse("not_loaded");
        if (verb === "RESTART") life.restartAfterSave();
        return yes(`,"generation":${generation}`);
      }
    }
    return this.decidePose(verb, argument);
  }

  private toggle(verb: Verb, argument: string): Outcome {
    const isOn = argument === "on";
    if (!isOn && argument !== "off") return refuse("use_on_or_off");
    if (verb === "IDLE_MOTION:") {
      this.deps.life.setIdleMotion(isOn);
      return yes(`,"idleMotion":${isOn}`);
    }
    const outcome = yes(`,"streaming":${isOn}`);
    outcome.stream = argument;
    return outcome;
  }

  private decideHold(argument: string): Outcome {
    const seconds = numberOf(argument, HOLD_S);
    if (seconds < 0) return refuse("parse_error");
    const outcome = moving("hold", clamp(seconds, 0, HOLD_S_MAX), 0);
    outcome.reply = `{"ok":true,"hold":${outcome.a}}`;
    return outcome;
  }

  private decideSatisfy(argument: string): Outcome {
    const comma = argument.indexOf(",");
    if (comma < 1 || comma > NEED_CHARS_MAX) return refuse("parse_error");
    const need = argument.slice(0, comma);
    if (!isOneOf(NEEDS, need)) return refuseEcho("unknown_need", "need", need);
    const amount = clamp(leadingDecimal(argument.slice(comma + 1)), 0, 1);
    return yes(`,"need":"${need}","value":${fixed2(this.deps.mind.feedNeed(need, amount))}`);
  }

  private decideLook(argument: string): Outcome {
    const comma = argument.indexOf(",");
    if (comma < 0 || !isWhole(argument.slice(0, comma))) return refuse("parse_error");
    const baseDeg = clamp(wholeOf(), BASE_DEG_MIN, BASE_DEG_MAX);
    if (!isWhole(argument.slice(comma + 1))) return refuse("parse_error");
    return moving("look", baseDeg, clamp(wholeOf(), NOD_DEG_MIN, NOD_DEG_MAX));
  }

  /** Verbs that are the name of a movement, or that name one: `NOD:2` is "nod", `EXPRESS:Bored` "express_bored". */
  private decidePose(verb: Verb, argument: string): Outcome {
    const colon = verb.indexOf(":");
    const stem = verb.toLowerCase().slice(0, colon < 0 ? verb.length : colon);
    switch (verb) {
      case "ATTENTION:":
        return named(
          stem,
          ATTENTION_DIRECTIONS,
          argument.toLowerCase(),
          argument,
          "direction",
          "dir",
        );
      case "EXPRESS:":
        return named(stem, EMOTIONS, argument.toLowerCase(), argument, "emotion", "emotion");
      case "PERFORM:":
        return named(stem, PERFORM_TYPES, argument, argument, "perform", "type");
      case "PHYSICAL:":
        return named(stem, PHYSICAL_NAMES, argument, argument, "physical", "name");
      default:
        // NOD and SHAKE: anything but 1..10 is 1, more is 10.
        return moving(stem, Math.floor(clamp(leadingDecimal(argument), 1, GESTURE_COUNT_MAX)), 0);
    }
  }
}

function named(
  stem: string,
  names: readonly string[],
  name: string,
  given: string,
  what: string,
  key: string,
): Outcome {
  if (!isOneOf(names, name)) return refuseEcho("unknown_" + what, key, given);
  return moving(stem + "_" + name, 0, 0);
}

/** The number of `:n`, `missing` for nothing, -1 for anything else. */
function numberOf(argument: string, missing: number): number {
  if (argument === "") return missing;
  return argument.startsWith(":") && isWhole(argument.slice(1)) ? wholeOf() : -1;
}
