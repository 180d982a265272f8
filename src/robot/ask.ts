/** One command from a door (page, API, models) to the robot. */
import { ResilienceError } from "../resilience/errors.js";
import type { RobotCommands } from "./commands.js";
import { RobotError } from "./robot-error.js";

export interface Asked {
  readonly robot: RobotCommands;
  /** Takes secrets out of a text that others will see. */
  redact(text: string): string;
}

export type RobotAnswer =
  | { ok: true; reply: Record<string, unknown> }
  | { ok: false; code: string; message: string; bug?: unknown };

/** Sends one robot command and says how it went; the one place that turns failures into codes. */
export async function askRobot(asked: Asked, line: string, by?: "owner"): Promise<RobotAnswer> {
  try {
    const reply: unknown = JSON.parse(await asked.robot.send(line, by));
    if (reply !== null && typeof reply === "object" && !Array.isArray(reply)) {
      return { ok: true, reply: reply as Record<string, unknown> };
    }
    return { ok: false, code: "ROBOT_REPLY", message: "The robot's reply is not an object." };
  } catch (error) {
    if (error instanceof RobotError || error instanceof ResilienceError) {
      return { ok: false, code: error.code, message: asked.redact(error.message) };
    }
    if (error instanceof SyntaxError) {
      return { ok: false, code: "ROBOT_REPLY", message: "The robot's reply is not JSON." };
    }
    return {
      ok: false,
      code: "WEB_INTERNAL",
      message: "The command failed in the companion.",
      bug: error,
    };
  }
}
