import type { Drill } from "../run/drill.js";
import { isFresh } from "../run/probe.js";

/** A6: 2 s without a valid face, and the time of the robot's own next QUERY. */
const TRACKING_OFF_MS_MAX = 3000;

export const visionKilled: Drill = {
  name: "vision-killed",
  rows: ["A6", "A10", "C1", "C3"],
  steadyState: "The camera shows a face and the head follows it.",
  fault: "SIGKILL to the face detector's process.",
  expectation:
    "The page says so, the head lets go within 2 s instead of following old data, the detector comes back and finds the face.",
  doesNotShow: "A real camera: the demo camera is a process of ours.",
  noticeMsMax: 1000,
  recoverMsMax: 20_000,
  async run({ probe, inject, noticed, recovered, holds, nowMs }) {
    await probe.untilTracking();
    const pid = await probe.pid("vision");
    await inject(() => void process.kill(pid, "SIGKILL"));
    const startMs = nowMs();
    await noticed("the page to say that the detector is gone", async () => {
      return (await probe.level("process-vision")) !== "ok";
    });
    let offMs = Number.NaN;
    await recovered("a face that is followed again", async () => {
      const { vision, robot } = await probe.state();
      if (!robot.tracking && Number.isNaN(offMs)) offMs = nowMs() - startMs;
      // What the page last heard of the killed one must not pass for the new one's.
      const isUp = (await probe.pid("vision")) !== pid && (await probe.isUp("vision"));
      return isUp && robot.tracking && isFresh(vision);
    });
    const isBackSooner = Number.isNaN(offMs);
    holds(
      isBackSooner
        ? "the detector was back before the head had to let go"
        : `the head let go ${Math.round(offMs)} ms after the last face`,
      isBackSooner || offMs <= TRACKING_OFF_MS_MAX,
    );
  },
};
