/** A6 as drills look at it: when the head lets go of a face, counted from the last one that it was told of. */
import { until } from "../../time/until.js";
import { TRACKING_OFF_MS } from "../../wire/index.js";
import type { DrillContext } from "../run/drill.js";
import { signalIfThere } from "../run/processes.js";

/** Row A6, and what a look costs: poses are pushed 25 times a second, a slow chip's program is up to 60 ms late. */
const LET_GO_MS_MAX = TRACKING_OFF_MS + 250;
/** A head that follows moves up to 6° between two poses; one that jumps home, 20° and more. */
const STEP_DEG_MAX = 12;
const WAIT_MS_MAX = 10_000;
/** What is told of a head that did not. */
const TRAIL_MS = 3000;

/**
 * Waits until the head has let go of the face, and demands A6 of it.
 * @throws when it does not within 2 s of the last face, or jumps meanwhile
 */
export async function demandLetGo({ page, holds }: DrillContext): Promise<void> {
  await until("the head to let go", WAIT_MS_MAX, () => page.sight?.reflex === "lost");
  const { sight, lastFaceMs } = page;
  const letGoMs = (sight?.atMs ?? Number.NaN) - (lastFaceMs ?? Number.NaN);
  holds(
    "the head let go within 2 s of the last face",
    letGoMs <= LET_GO_MS_MAX,
    `${Math.round(letGoMs)} ms; poses, and how old their face was: ${page.trail(TRAIL_MS)}`,
  );
  holds(
    "nothing jumped",
    page.largestStepDeg <= STEP_DEG_MAX,
    `${page.largestStepDeg.toFixed(1)}°`,
  );
}

/** Waits until the head follows a face, as its poses tell. */
export async function untilFollowed({ page, probe }: DrillContext): Promise<void> {
  await probe.untilTracking();
  const isFollowed = (): boolean =>
    page.sight !== undefined && page.sight.reflex !== "lost" && page.lastFaceMs !== undefined;
  await until("a head that follows", WAIT_MS_MAX, isFollowed);
}

/**
 * Kills a part and holds its next process still from its first moment, so that the fault lasts until it is let go. Needs a Buddy in
 * which that part was not killed yet: its first restart comes at once, later ones after 30 s.
 * @returns how to let go.
 */
export async function killAndHold(
  { probe, atEnd }: DrillContext,
  part: string,
): Promise<{ kill: () => void; held: () => Promise<number> }> {
  const pid = await probe.pid(part);
  return {
    kill: () => void process.kill(pid, "SIGKILL"),
    held: async () => {
      const next = await until(`the next process of ${part}`, WAIT_MS_MAX, async () => {
        const now = await probe.pidIfThere(part);
        return now !== pid && now;
      });
      atEnd(() => signalIfThere(next, "SIGCONT"));
      process.kill(next, "SIGSTOP");
      return next;
    },
  };
}
