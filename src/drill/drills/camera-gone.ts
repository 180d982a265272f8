import type { Drill } from "../run/drill.js";
import { isFresh } from "../run/probe.js";

export const cameraGone: Drill = {
  name: "camera-gone",
  rows: ["A6", "C1"],
  steadyState: "Pictures come and the head follows a face.",
  fault: "SIGKILL to the camera's process; it is started again by its owner.",
  expectation:
    "The page says so within 2 s, nothing else stops, and the pictures come back by themselves.",
  doesNotShow: "A camera that sends damaged pictures: those are tests of the MJPEG reader.",
  noticeMsMax: 3000,
  recoverMsMax: 10_000,
  async run({ probe, inject, noticed, recovered, holds }) {
    await probe.untilTracking();
    const pid = await probe.pid("camera");
    const visionPid = await probe.pid("vision");
    await inject(() => void process.kill(pid, "SIGKILL"));
    await noticed("the page to say that the camera is gone", async () => {
      const { vision } = await probe.state();
      return vision.camera.state !== "live" || (await probe.level("process-camera")) !== "ok";
    });
    await recovered("pictures with a face in them", async () => {
      const { vision } = await probe.state();
      return isFresh(vision) && (await probe.pid("camera")) !== pid && probe.isUp("camera");
    });
    holds("the detector was not restarted for it", (await probe.pid("vision")) === visionPid);
  },
};
