import type { Drill } from "../run/drill.js";

export const vmKilled: Drill = {
  name: "vm-killed",
  rows: ["A1", "A5", "F1"],
  steadyState: "The robot is linked and answers.",
  fault: "SIGKILL to the DeviceScript VM, the robot's power cut.",
  expectation:
    "The gateway notices, the VM boots again with its saved state, the link is back in a newer generation.",
  doesNotShow:
    "A flash write torn by the cut: the VM writes its flash whole. `npm run powercut` tears every write.",
  noticeMsMax: 2000,
  recoverMsMax: 8000,
  flags: ["--camera", "none"],
  async run({ probe, inject, noticed, recovered, holds }) {
    const before = await probe.state();
    const pid = await probe.vmPid();
    await inject(() => void process.kill(pid, "SIGKILL"));
    await noticed("the page to say that the robot is away", async () => {
      const { link, robot } = await probe.state();
      return link.state !== "up" || !robot.linked;
    });
    await recovered("the robot to be linked and to answer", async () => {
      const { robot, link } = await probe.state();
      return link.state === "up" && robot.linked && (await probe.robotAnswers());
    });
    const after = await probe.state();
    holds("the link is of a newer generation", after.robot.generation > before.robot.generation);
  },
};
