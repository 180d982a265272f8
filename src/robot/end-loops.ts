/**
 * A companion that stands still cannot end what it began: the robot would think, or move its mouth, until somebody comes.
 * Its gateway lives on and holds the link, so the robot itself sees no silence. It is the gateway that ends the loops then.
 */
import type { Clock } from "../time/clock.js";
import type { Chance } from "../time/chance.js";
import { reasonOf } from "../host/reason.js";
import { RobotClient } from "./robot-client.js";

/** What the companion begins and only it ends (D4). The head keeps its face, and other clients their words. */
const LINES = ["STOP_THINKING", "STOP_SPEAKING"];
/** By then a robot that is linked has answered. */
const TRY_MS_MAX = 5000;

/**
 * Says them once, at the door of the robot like any client.
 * @param door `host:port` of the forwarded WebSocket.
 * @returns whether the robot has answered.
 */
export async function endLoops(
  door: string,
  token: string | undefined,
  clock: Clock,
  chance: Chance,
): Promise<{ isDone: boolean; why: string }> {
  let why = `the robot did not answer within ${TRY_MS_MAX / 1000} s`;
  return new Promise((resolve) => {
    const end = (isDone: boolean): void => {
      cancel();
      client.stop();
      resolve({ isDone, why: isDone ? "" : why });
    };
    const cancel = clock.after(TRY_MS_MAX, () => end(false));
    const say = async (): Promise<void> => {
      for (const line of LINES) await client.command(line);
    };
    const client: RobotClient = new RobotClient(
      () => door,
      {
        // What is refused is said again only if the connection is lost and comes back before the time is up.
        onOpen: () =>
          void say().then(
            () => end(true),
            (error: unknown) => (why = reasonOf(error)),
          ),
        onLost: (reason) => (why = reason),
        onPose: () => undefined,
      },
      clock,
      chance,
      token,
    );
    client.start();
  });
}
