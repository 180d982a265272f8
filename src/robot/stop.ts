/** STOP from a door (page, API, MCP): everything that the robot does ends. */
import { askRobot, type Asked, type RobotAnswer } from "./ask.js";

/** In the order in which they take effect; IDLE last, since it says how the robot is then. */
const LINES = ["STOP_SPEAKING", "STOP_THINKING", "IDLE"] as const;

/**
 * Sends all of it at once: on a slow line none waits for the answer to another.
 * @returns how the last one went, or the first that failed
 */
export async function stopRobot(asked: Asked): Promise<RobotAnswer> {
  const answers = await Promise.all(LINES.map((line) => askRobot(asked, line)));
  return answers.find(({ ok }) => !ok) ?? (answers.at(-1) as RobotAnswer);
}
