/** What people do: commands, each another, stops, and talk. How each ended is judged by the oracle. */
import { ResilienceError } from "../../src/resilience/errors.js";
import { RobotError } from "../../src/robot/robot-error.js";
import type { Chance } from "../../src/time/chance.js";
import { BASE_DEG_MIN, NOD_DEG_MIN } from "../../src/wire/limits.js";
import type { Companion } from "./companion.js";
import type { Oracle } from "./oracle.js";
import type { Life } from "./platform/time.js";

/** `LOOK` has so many bases and nods: each command of a run is another. */
const BASES = 160;
const COMMANDS_MAX = 160 * 70;
/** The deadline of an attempt, and what its layers add. */
const COMMAND_MS_MAX = 4000;
/** The turn's budget, its longest speech, and its exit with a robot that does not answer. */
const TURN_MS_MAX = 100_000;
const SAID = ["How are you?", "What do you see?", "Tell me something.", "Are you well?"];

export interface PeopleDeps {
  readonly oracle: Oracle;
  readonly chance: Chance;
  /** Undefined while there is none to talk to. */
  companion(): Companion | undefined;
  note(text: string): void;
}

export class People {
  turns = 0;
  private command = 0;

  constructor(private readonly deps: PeopleDeps) {}

  /** One command, which nobody has sent before. @returns whether the robot answered it. */
  async look(life: Life): Promise<boolean> {
    const { oracle, note } = this.deps;
    const companion = this.deps.companion();
    if (companion === undefined || this.command >= COMMANDS_MAX) return false;
    const n = ++this.command;
    oracle.sent(n);
    const over = oracle.wait(`command ${n}`, COMMAND_MS_MAX, life);
    const line = `LOOK:${BASE_DEG_MIN + (n % BASES)},${NOD_DEG_MIN + Math.floor(n / BASES)}`;
    try {
      const reply = await companion.robot.send(line);
      note(`command ${n}: ${reply}`);
      oracle.answered(n, "ok");
      // While a face is followed the robot refuses to look elsewhere, and says so: that is an answer too.
      return reply.includes('"ok":true') || reply.includes("tracking_active");
    } catch (error) {
      const { answer, code } = answerOf(error);
      note(`command ${n}: ${code}`);
      oracle.answered(n, answer);
      return false;
    } finally {
      over();
    }
  }

  async stop(life: Life): Promise<void> {
    const { oracle, note } = this.deps;
    const companion = this.deps.companion();
    if (companion === undefined) return;
    const ended = oracle.stop();
    const over = oracle.wait("a stop", COMMAND_MS_MAX, life);
    try {
      const reply = await companion.robot.send("IDLE");
      note(`stop: ${reply}`);
      ended(reply.includes('"ok":true'));
    } catch (error) {
      note(`stop: ${answerOf(error).code}`);
      ended(false);
    } finally {
      over();
    }
  }

  /** @returns whether the first model answered, with words. */
  async say(life: Life): Promise<boolean> {
    const { oracle, chance, note } = this.deps;
    const companion = this.deps.companion();
    if (companion === undefined) return false;
    const turn = ++this.turns;
    const over = oracle.wait(`turn ${turn}`, TURN_MS_MAX, life);
    const text = SAID[Math.floor(chance.next() * SAID.length)] as string;
    note(`turn ${turn}: somebody says "${text}"`);
    const report = await companion.conversation.say(text, { source: "api" });
    over();
    const { outcome, model, safeMode, reply, code } = report;
    note(`turn ${turn}: ${outcome} ${code ?? ""} by ${model}: "${reply}"`);
    return outcome === "done" && !safeMode && model.startsWith("openai/") && reply !== "";
  }

  /** Number of the command that a line of the robot's is; undefined: none of theirs. */
  static commandOf(line: string): number | undefined {
    const look = /^LOOK:(\d+),(\d+)$/.exec(line);
    if (!look) return undefined;
    return (Number(look[2]) - NOD_DEG_MIN) * BASES + Number(look[1]) - BASE_DEG_MIN;
  }
}

function answerOf(error: unknown): { answer: "notSent" | "unknown"; code: string } {
  if (error instanceof ResilienceError) {
    const isSent = error.code === "RESILIENCE_DEADLINE";
    return { answer: isSent ? "unknown" : "notSent", code: error.code };
  }
  if (!(error instanceof RobotError)) throw error;
  const isSent = error.code === "ROBOT_TIMEOUT" || error.code === "ROBOT_OUTCOME_UNKNOWN";
  return { answer: isSent ? "unknown" : "notSent", code: error.code };
}
