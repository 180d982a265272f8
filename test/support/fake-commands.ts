/** The interpreter over a robot in memory, for tests in both machines. */
import { Interpreter } from "../../devs/command/verbs.js";
import type { Intake } from "../../devs/intake/intake.js";
import type { FakeRobot } from "./fake-robot.js";
import type { RestingMind } from "./resting-mind.js";

export function fakeCommands(robot: FakeRobot, mind: RestingMind, intake: Intake): Interpreter {
  const { character } = mind;
  return new Interpreter({ body: robot, mind, life: robot, character, robot, intake });
}
