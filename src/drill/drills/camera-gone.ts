import type { Drill } from "../run/drill.js";
import { isFresh } from "../run/probe.js";
import { demandLetGo, killAndHold, untilFollowed } from "./head.js";

export const cameraGone: Drill = {
  name: "camera-gone",
  rows: ["A6", "C1"],
  steadyState: "Pictures come and the head follows a face.",
  fault:
    "SIGKILL to the camera's process; its next one stands still (SIGSTOP) from its first moment until the head has let go.",
  expectation:
    "The page says so within 2 s, the head lets go, nothing else stops, and the pictures come back by themselves.",
  doesNotShow: "A camera that sends damaged pictures: that is camera-lying.",
  noticeMsMax: 2000,
  recoverMsMax: 10_000,
  wears: "quickRestart",
  async run(context) {
    const { probe, inject, noticed, heal, recovered, holds } = context;
    await untilFollowed(context);
    const visionPid = await probe.pid("vision");
    const { kill, held } = await killAndHold(context, "camera");
    await inject(kill);
    await noticed("the page to say that the camera is gone", async () => {
      const { vision } = await probe.state();
      return vision.camera.state !== "live";
    });
    const next = await held();
    await demandLetGo(context);
    await heal(() => void process.kill(next, "SIGCONT"));
    await recovered("pictures with a face in them, and a head that follows it", async () => {
      const { vision, robot } = await probe.state();
      return isFresh(vision) && robot.tracking && (await probe.isUp("camera"));
    });
    holds("the detector was not restarted for it", (await probe.pid("vision")) === visionPid);
  },
};
