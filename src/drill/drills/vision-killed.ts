import type { Drill } from "../run/drill.js";
import { isFresh } from "../run/probe.js";
import { demandLetGo, killAndHold, untilFollowed } from "./head.js";

export const visionKilled: Drill = {
  name: "vision-killed",
  rows: ["A6", "A10", "C1", "C3"],
  steadyState: "The camera shows a face and the head follows it.",
  fault:
    "SIGKILL to the face detector's process; its next one stands still (SIGSTOP) from its first moment until the head has let go.",
  expectation:
    "The page says so, the head lets go within 2 s instead of following old data, the detector comes back and finds the face.",
  doesNotShow: "A real camera: the demo camera is a process of ours.",
  noticeMsMax: 1000,
  recoverMsMax: 10_000,
  wears: "quickRestart",
  async run(context) {
    const { probe, inject, noticed, heal, recovered } = context;
    await untilFollowed(context);
    const { kill, held } = await killAndHold(context, "vision");
    await inject(kill);
    await noticed("the page to say that the detector is gone", async () => {
      return (await probe.level("process-vision")) !== "ok";
    });
    const next = await held();
    await demandLetGo(context);
    await heal(() => void process.kill(next, "SIGCONT"));
    await recovered("a face that is followed again", async () => {
      const { vision, robot } = await probe.state();
      return (await probe.isUp("vision")) && robot.tracking && isFresh(vision);
    });
  },
};
