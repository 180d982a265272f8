import type { Drill } from "../run/drill.js";

export const gatewayKilled: Drill = {
  name: "gateway-killed",
  rows: ["A1", "A10", "C3", "I1"],
  steadyState: "The robot is linked and answers.",
  fault: "SIGKILL to the gateway, through which everything to the robot goes.",
  expectation:
    "The page says so, the supervisor starts it again on the same doors, the robot dials in by itself.",
  doesNotShow: "A gateway that dies again and again: that is the restart budget.",
  noticeMsMax: 1000,
  recoverMsMax: 6000,
  wears: "quickRestart",
  isOfLink: true,
  async run({ probe, inject, noticed, recovered, holds }) {
    const before = await probe.state();
    const vmPid = await probe.vmPid();
    const pid = await probe.pid("gateway");
    await inject(() => void process.kill(pid, "SIGKILL"));
    await noticed("the page to say that the link is down", async () => {
      const { link, robot } = await probe.state();
      return link.state !== "up" || !robot.linked;
    });
    await recovered("the robot to answer on the same door", async () => {
      return (await probe.state()).robot.linked && (await probe.robotAnswers());
    });
    const after = await probe.state();
    holds(
      "a new link session, nothing of the old one is used",
      after.robot.generation > before.robot.generation,
    );
    holds("the robot was not started anew for it", (await probe.vmPid()) === vmPid);
  },
};
