/** The room of voices: its server killed, and cut off for a while. */
import { systemClock as clock } from "../../time/clock.js";
import { fleetDrill, type FleetContext } from "./fleet-drill.js";

const BACK_MS_MAX = 2000;
/** A voice that is cut off ends at once; a pause between words is shorter. */
const CUT_MS = 600;
const SILENT_MS_MAX = 5000;

const shared = {
  rows: ["B4"],
  steadyState: "Three robots, a director and a person are in a room; one robot speaks.",
  expectation:
    "The voice ends, all robots are back in the room within 2 s of its server, nothing is restarted, and nobody is interrupted.",
  noticeMsMax: SILENT_MS_MAX,
  recoverMsMax: BACK_MS_MAX,
} as const;

interface Fault {
  take(): Promise<void> | void;
  giveBack(): Promise<void> | void;
  /** What was sent meanwhile waits in the server's socket, and all of it is heard at once then. */
  readonly isKept?: boolean;
}

async function away(
  { world, inject, noticed, heal, recovered, holds, nowMs }: FleetContext,
  awayMs: number,
  { take, giveBack, isKept = false }: Fault,
): Promise<void> {
  const { stage, robots } = world;
  const pids = robots.map((robot) => stage.pidOf(robot));
  await world.untilSpeaking();
  const atMs = nowMs();
  await inject(take);
  await noticed("the voice to end", () => stage.quietMs > CUT_MS);
  // Here, because what is kept and comes late cannot be told from what was said then.
  world.demandOneVoice();
  await clock.sleep(Math.max(0, atMs + awayMs - nowMs()));
  await heal(giveBack);
  await recovered("all robots to be in the room again, and heard", async () => {
    const there = await Promise.all(robots.map((robot) => world.isThere(robot)));
    return there.every(Boolean) && robots.every((robot) => stage.isListeningTo(robot));
  });
  holds(
    "nothing was restarted",
    robots.every((robot, i) => stage.pidOf(robot) === pids[i]),
  );
  if (isKept) {
    await world.untilQuiet();
    world.forget();
  }
  for (const robot of robots) await world.untilHeard(robot);
  world.demandOneVoice();
  holds("nobody talks over anybody afterwards", true);
}

export const roomKilled = fleetDrill({
  ...shared,
  name: "room-killed",
  fault: "SIGKILL to LiveKit's server, which starts again after 5 s and knows of no room.",
  doesNotShow: "LiveKit Cloud, which moves a room to another server.",
  run: (context) => {
    const { livekit } = context.world;
    return away(context, 5000, { take: () => livekit.kill(), giveBack: () => livekit.start() });
  },
});

const cut = (seconds: number, doesNotShow: string): ReturnType<typeof fleetDrill> =>
  fleetDrill({
    ...shared,
    name: `room-cut-${seconds}s`,
    fault: `SIGSTOP to LiveKit's server for ${seconds} s: nothing leaves it, and what was sent to it leaves late and at once.`,
    doesNotShow,
    run: (context) => {
      const { livekit } = context.world;
      context.atEnd(() => livekit.signal("SIGCONT"));
      return away(context, seconds * 1000, {
        take: () => livekit.signal("SIGSTOP"),
        giveBack: () => livekit.signal("SIGCONT"),
        isKept: true,
      });
    },
  });

const ONE_NETWORK =
  "A network that loses what is sent; a cut of one robot alone, whose media goes by UDP.";
export const roomCut1s = cut(1, "A cut that is longer than what a resume needs: room-cut-10s.");
export const roomCut10s = cut(10, ONE_NETWORK);
export const roomCut60s = cut(60, ONE_NETWORK);
