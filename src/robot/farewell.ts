/**
 * The last word to a simulated robot: the companion owns its power and says before it switches it off (`SHUTDOWN`,
 * PROTOCOL §2.3), so that the robot saves and does not take a few quick starts and stops for a fault of its own.
 * A robot on a board has its own power: it lives on and is not told.
 */
import { z } from "zod";
import { reasonOf } from "../host/reason.js";
import type { Clock } from "../time/clock.js";
import type { RobotCommands } from "./commands.js";

/** All of it: the stop of the companion waits no longer than this. */
const FAREWELL_MS_MAX = 1500;
const LOOK_MS = 20;

const reply = z.object({ ok: z.literal(true), generation: z.int().positive() });

export interface FarewellDeps {
  readonly robot: RobotCommands & { readonly isLinked: boolean };
  readonly clock: Clock;
  /** Newest generation that the mirror has of this robot; its arrival says that the save is done. */
  readonly mirrored: () => number;
  readonly log: (message: string) => void;
}

/** Resolves once the robot has saved, or it will not in time. Never rejects. */
export async function sayFarewell(deps: FarewellDeps): Promise<void> {
  const { robot, clock } = deps;
  if (!robot.isLinked) return;
  const endMs = clock.nowMs() + FAREWELL_MS_MAX;
  try {
    const said = await robot.send("SHUTDOWN");
    const answer = reply.safeParse(JSON.parse(said));
    if (!answer.success) throw new Error(`it said ${said.slice(0, 100)}`);
    while (deps.mirrored() < answer.data.generation) {
      if (clock.nowMs() >= endMs) throw new Error("it did not save in time");
      await clock.sleep(LOOK_MS);
    }
  } catch (error) {
    deps.log(`the robot was not told that it is switched off: ${reasonOf(error)}`);
  }
}
