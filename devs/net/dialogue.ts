/**
 * What is said on WebSockets: one reply to each line, in order, to the client that asked; on the opt-in path with
 * its id; and the pushes a client has asked for (PROTOCOL §2.1). Replies leave before anything moves.
 */
import type { Interpreter, Outcome } from "../command/verbs.js";
import { isWhole, whole, wholeOf } from "../runtime/text.js";
import type { RobotView } from "../command/views.js";
import type { Client } from "./client.js";

/** STREAM:on: one STATE line so often. */
const STREAM_PERIOD_MS = 500;
const WATCH_MS_MIN = 40;
const WATCH_MS_MAX = 5000;
const ID_DIGITS_MAX = 9;
const FACE_AGE_NONE = 65535;
/** Their numbers in POSE lines. */
const REFLEX_STATES = ["lost", "acquire", "track"];
/** What a line costs of a slice, in steps: deciding and answering; a state object more. */
const LINE_STEPS = 3000;
const STATE_STEPS = 6000;

/** Knows which session of the link is open, and says whether a command of a session may still act. */
export interface CommandGate {
  currentGeneration(): number;
  admits(generation: number): boolean;
}

export class Dialogue {
  /** Lines taken and messages sent, for `/health`. */
  heard = 0;
  said = 0;
  private readonly commands: Interpreter;
  private readonly robot: RobotView;
  private readonly gate: CommandGate;
  private readonly nowMs: () => number;
  private readonly noteFault: (where: string, thrown: unknown) => void;

  constructor(
    commands: Interpreter,
    robot: RobotView,
    gate: CommandGate,
    nowMs: () => number,
    noteFault: (where: string, thrown: unknown) => void,
  ) {
    this.commands = commands;
    this.robot = robot;
    this.gate = gate;
    this.nowMs = nowMs;
    this.noteFault = noteFault;
  }

  /** The session that a client who connects now belongs to. */
  currentSession(): number {
    return this.gate.currentGeneration();
  }

  sayTo(client: Client, text: string): void {
    this.said++;
    client.sendText(text);
  }

  /** Answers one text message; returns what it cost of the slice, in steps. */
  hear(client: Client, text: string): number {
    this.heard++;
    if (!client.isV2) return this.runCommand(client, text, "");
    const space = text.indexOf(" ");
    const id = space < 0 ? "" : text.slice(0, space);
    // Digits only: `isWhole` also takes signs and spaces.
    const hasSign = id.startsWith("-") || id.startsWith("+") || id.trim() !== id;
    if (id.length > ID_DIGITS_MAX || hasSign || !isWhole(id)) {
      this.sayTo(client, '0 {"ok":false,"reason":"no_id"}');
      return LINE_STEPS;
    }
    const line = text.slice(space + 1);
    if (!line.startsWith("WATCH:")) return this.runCommand(client, line, id + " ");
    this.sayTo(client, id + " " + this.startWatch(client, line.slice(6)));
    return LINE_STEPS;
  }

  /** Sends what is due. Call it at least each 20 ms. */
  pushDue(clients: Client[], nowMs: number): void {
    let state = "";
    let pose = "";
    for (const client of clients) {
      if (client.phase !== "ws") continue;
      if (client.isStreaming && nowMs >= client.streamDueMs) {
        if (state === "") state = this.commands.stateJson();
        client.streamDueMs = nextDue(client.streamDueMs, STREAM_PERIOD_MS, nowMs);
        this.sayTo(client, (client.isV2 ? "* STATE:" : "STATE:") + state);
      }
      if (client.watchMs > 0 && nowMs >= client.watchDueMs) {
        if (pose === "") pose = this.poseLine();
        client.watchDueMs = nextDue(client.watchDueMs, client.watchMs, nowMs);
        this.sayTo(client, pose);
      }
    }
  }

  private runCommand(client: Client, line: string, prefix: string): number {
    // A line from before a gap does nothing, and nobody is there who would want its answer.
    if (!this.gate.admits(client.session)) return LINE_STEPS;
    let outcome: Outcome;
    try {
      outcome = this.commands.answerLine(line, this.nowMs());
    } catch (thrown) {
      // The order of replies must hold even then: the host pairs them by counting.
      this.noteFault("command", thrown);
      this.sayTo(client, prefix + '{"ok":false,"reason":"internal_error"}');
      return LINE_STEPS;
    }
    this.sayTo(client, prefix + outcome.reply);
    if (outcome.stream !== "") {
      client.isStreaming = outcome.stream === "on";
      client.streamDueMs = this.nowMs() + STREAM_PERIOD_MS;
    }
    try {
      this.commands.performMove(outcome, this.nowMs());
    } catch (thrown) {
      this.noteFault("move", thrown);
    }
    return outcome.reply.length > 200 ? STATE_STEPS : LINE_STEPS;
  }

  private startWatch(client: Client, argument: string): string {
    const isNumber = isWhole(argument);
    const ms = isNumber ? wholeOf() : -1;
    if (ms !== 0 && (ms < WATCH_MS_MIN || ms > WATCH_MS_MAX))
      return '{"ok":false,"reason":"parse_error"}';
    client.watchMs = ms;
    client.watchDueMs = this.nowMs() + ms;
    return `{"ok":true,"watch":${whole(ms)}}`;
  }

  /** PROTOCOL §2.1: tenths of a degree, reflex state, last face and its age. */
  private poseLine(): string {
    const { pose, reflex, faceSeq, faceAgeMs } = this.robot.statusNow();
    const axes = `${whole(pose.pan * 10)},${whole(pose.nod * 10)},${whole(pose.tilt * 10)}`;
    const age = faceAgeMs < 0 || faceAgeMs > FACE_AGE_NONE ? FACE_AGE_NONE : faceAgeMs;
    const state = REFLEX_STATES.indexOf(reflex);
    return `* POSE ${axes},${state},${whole(faceSeq < 0 ? 0 : faceSeq)},${whole(age)}`;
  }
}

/** The next moment of a steady period; what was missed is not made up for. */
function nextDue(dueMs: number, periodMs: number, nowMs: number): number {
  const next = dueMs + periodMs;
  return next > nowMs ? next : nowMs + periodMs;
}
