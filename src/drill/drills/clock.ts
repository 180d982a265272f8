/** The wall clock is set, for all processes of the tree (libfaketime); the monotonic clock goes on, as it does in a system. */
import { systemClock } from "../../time/clock.js";
import type { Drill, DrillContext } from "../run/drill.js";

const HOUR_S = 3600;
const DAY_S = 24 * HOUR_S;
/** A session that does not last is lost within this: three heartbeats of 500 ms and a dial. */
const WATCH_MS = 3000;
/** The robot tells whole seconds, and its answers take up to a second. */
const DRIFT_S_MAX = 2;

const shared = {
  rows: ["A1", "A10"],
  steadyState:
    "The robot is linked and answers; the head follows a face; all processes see one wall clock.",
  expectation:
    "Nothing happens: the link is the same one, no command is lost, no process is started anew, no alert is raised.",
  doesNotShow: "A clock that is set in the middle of a restart or of a daily backup.",
  noticeMsMax: 3000,
  recoverMsMax: 3000,
  needs: ["fakeClock"],
} as const;

/** Sets the clock to so many seconds from the true time, and demands that nothing comes of it. */
async function setAndWatch(context: DrillContext, offsetS: number): Promise<void> {
  const { probe, page, stage, nowMs, inject, noticed, recovered, holds, lost, atEnd } = context;
  await probe.untilTracking();
  const before = await probe.state();
  const pids = await probe.pids();
  const alerts = await probe.alerts();
  const unanswered = page.unanswered;
  const upS = await probe.uptimeS();
  const askedMs = nowMs();
  atEnd(() => stage.setClock(0));
  await inject(() => stage.setClock(offsetS));
  await noticed("the companion to tell the new time", async () => {
    const now = systemClock.wallMs() + offsetS * 1000;
    return Math.abs((await probe.wallMs()) - now) < 60_000;
  });
  await recovered("the robot to be linked and to answer", () => probe.isSteady());
  await systemClock.sleep(WATCH_MS);
  const after = await probe.state();
  const isSame = after.robot.generation === before.robot.generation;
  lost("link sessions", isSame ? 0 : 1, 1);
  const by = `${offsetS / HOUR_S} h`;
  holds("the link is the same one", isSame, by);
  const driftS = (await probe.uptimeS()) - upS - (nowMs() - askedMs) / 1000;
  holds("the robot's own time went on", Math.abs(driftS) <= DRIFT_S_MAX, `${driftS.toFixed(1)} s`);
  holds("no process was started anew", (await probe.pids()).join() === pids.join(), by);
  holds("the head follows its face", after.robot.tracking, by);
  const raised = (await probe.alerts()).filter((key) => !alerts.includes(key));
  holds("no alert was raised", raised.length === 0, `${raised.join()} ${by}`);
  holds("no command was lost", page.unanswered <= unanswered + 1, by);
}

function pick<T>(context: DrillContext, values: readonly [T, ...T[]]): T {
  return values[Math.floor(context.chance.next() * values.length)] ?? values[0];
}

export const clockBack: Drill = {
  ...shared,
  name: "clock-back",
  fault: "The wall clock is set back by an hour, a day, 30 days or 400 days.",
  run: (context) => setAndWatch(context, -pick(context, [HOUR_S, DAY_S, 30 * DAY_S, 400 * DAY_S])),
};

export const clockForward: Drill = {
  ...shared,
  name: "clock-forward",
  fault: "The wall clock is set forward by an hour, a day, 30 days or 400 days.",
  run: (context) => setAndWatch(context, pick(context, [HOUR_S, DAY_S, 30 * DAY_S, 400 * DAY_S])),
};

/** Europe/Berlin, Unix s: the hour that is missing, the hour that comes twice, and a midnight between two years. */
const EDGES_S = [
  Date.UTC(2027, 2, 28, 1) / 1000,
  Date.UTC(2026, 9, 25, 1) / 1000,
  Date.UTC(2026, 11, 31, 23) / 1000,
] as const;

export const clockEdges: Drill = {
  ...shared,
  name: "clock-edges",
  fault:
    "The wall clock is set to a second before a midnight, or before summer time begins or ends, and passes it.",
  run: (context) => {
    const edgeS = pick(context, EDGES_S);
    return setAndWatch(context, Math.round(edgeS - 1 - systemClock.wallMs() / 1000));
  },
};
