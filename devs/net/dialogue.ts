/**
 * What is said on WebSockets: one reply to each line, in order, to the client that asked; on the opt-in path with
 * its id; and the pushes a client has asked for (PROTOCOL §2.1). Replies leave before anything moves.
 */
import type { Interpreter, Outcome } from "../command/verbs.js";
import { isWhole, wholeOf } from "../runtime/text.js";
import type { RobotView } from "../command/views.js";
import type { Client } from "./client.js";

/** STREAM:on: one STATE line so often. */
const STREAM_PERIOD_MS = 500;
const WATCH_MS_MIN = 40;
const WATCH_MS_MAX = 5000;
const ID_DIGITS_MAX = 9;
/** A pose that has not changed is told again after this long. */
const WATCH_REPEAT_MS = 1000;
/** As good as never. */
const LATER_MS = 60_000;
/** What a line costs of a slice, in steps, measured: deciding and answering; a state object more. */
const LINE_STEPS = 1200;
const STATE_STEPS = 4000;

/** Knows which session of the link is open, and says whether a command of a session may still act. */
export interface CommandGate {
  currentGeneration(): number;
  admits(generation: number): boolean;
}

export class Dialogue {
  /** Lines taken and messages sent, for `/health`. */
  heard = 0;
  said = 0;
  /** When a client that watches the pose may be told another one. */
  watchDueMs = 0;
  private hasOrder = false;
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

  /** True once after a client has ordered pushes: `push` knows when the first is due. */
  takeOrder(): boolean {
    const { hasOrder } = this;
    this.hasOrder = false;
    return hasOrder;
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
    const first = id.charCodeAt(0);
    const isDigit = first >= 0x30 && first <= 0x39 && id.charAt(id.length - 1) !== " ";
    if (id.length > ID_DIGITS_MAX || !isDigit || !isWhole(id)) {
      this.sayTo(client, '0 {"ok":false,"reason":"no_id"}');
      return LINE_STEPS;
    }
    const line = text.slice(space + 1);
    if (line.charAt(0) !== "W" || !line.startsWith("WATCH:"))
      return this.runCommand(client, line, id + " ");
    this.sayTo(client, id + " " + this.startWatch(client, line.slice(6)));
    return LINE_STEPS;
  }

  /** Sends what is due by time, and nothing if it `isHeldBack`. Returns how many ms from now something else is. */
  tell(clients: Client[], nowMs: number, isHeldBack: boolean): number {
    let state = "";
    let nextMs = nowMs + LATER_MS;
    let isPoseDue = false;
    for (const client of clients) {
      if (client.phase !== "ws") continue;
      if (client.isStreaming) {
        if (nowMs >= client.streamDueMs) {
          client.streamDueMs = nextDue(client.streamDueMs, STREAM_PERIOD_MS, nowMs);
          if (!isHeldBack) {
            if (state === "") state = this.commands.stateJson();
            this.sayTo(client, (client.isV2 ? "* STATE:" : "STATE:") + state);
          }
        }
        if (client.streamDueMs < nextMs) nextMs = client.streamDueMs;
      }
      if (client.watchMs > 0) {
        if (nowMs >= client.watchedAtMs + WATCH_REPEAT_MS) isPoseDue = true;
        else if (client.watchedAtMs + WATCH_REPEAT_MS < nextMs)
          nextMs = client.watchedAtMs + WATCH_REPEAT_MS;
      }
    }
    if (isPoseDue && !isHeldBack) this.pushPose(clients, nowMs);
    const waitMs = nextMs - nowMs;
    return isPoseDue && waitMs > WATCH_REPEAT_MS ? WATCH_REPEAT_MS : waitMs;
  }

  /** Tells the pose to those who watch it, are due and do not know it, or have not been told for long. */
  pushPose(clients: Client[], nowMs: number): void {
    const version = this.robot.poseVersion();
    let pose = "";
    let dueMs = nowMs + LATER_MS;
    for (const client of clients) {
      if (client.watchMs === 0 || client.phase !== "ws") continue;
      const isNew =
        client.watchVersion !== version || nowMs >= client.watchedAtMs + WATCH_REPEAT_MS;
      if (isNew && nowMs >= client.watchDueMs) {
        if (pose === "") pose = "* POSE " + this.robot.poseText();
        client.watchDueMs = nextDue(client.watchDueMs, client.watchMs, nowMs);
        client.watchVersion = version;
        client.watchedAtMs = nowMs;
        this.sayTo(client, pose);
      }
      if (client.watchDueMs < dueMs) dueMs = client.watchDueMs;
    }
    this.watchDueMs = dueMs;
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
      this.hasOrder = true;
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
    const nowMs = this.nowMs();
    client.watchMs = ms;
    client.watchDueMs = nowMs + ms;
    client.watchedAtMs = nowMs;
    this.watchDueMs = nowMs;
    this.hasOrder = true;
    return `{"ok":true,"watch":${ms}}`;
  }
}

/** The next moment of a steady period; what was missed is not made up for. */
function nextDue(dueMs: number, periodMs: number, nowMs: number): number {
  const next = dueMs + periodMs;
  return next > nowMs ? next : nowMs + periodMs;
}
