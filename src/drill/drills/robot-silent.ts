import type { Drill } from "../run/drill.js";
import { signalIfThere } from "../run/processes.js";

export const robotSilent: Drill = {
  name: "robot-silent",
  rows: ["A1", "A10"],
  steadyState: "The robot is linked and answers.",
  fault: "SIGSTOP to the robot's VM for as long as it takes to be noticed: connected, and silent.",
  expectation:
    "The dead peer is noticed by its silence within 1.5 s, and the link is back within 2 s, without a new start of the robot.",
  doesNotShow: "A robot that answers slowly: that is the command's deadline of 1 s.",
  noticeMsMax: 1700,
  recoverMsMax: 2000,
  isOfLink: true,
  async run({ probe, inject, noticed, heal, recovered, holds, atEnd }) {
    const before = await probe.state();
    const pid = await probe.vmPid();
    atEnd(() => signalIfThere(pid, "SIGCONT"));
    await inject(() => void process.kill(pid, "SIGSTOP"));
    await noticed("the page to say that the robot is away", async () => {
      return (await probe.state()).link.state === "away";
    });
    await heal(() => signalIfThere(pid, "SIGCONT"));
    await recovered("the robot to be linked and to answer", async () => {
      return (await probe.state()).robot.linked && (await probe.robotAnswers());
    });
    const { robot } = await probe.state();
    holds("the link is of a newer generation", robot.generation > before.robot.generation);
    holds("the robot was not started anew for it", (await probe.vmPid()) === pid);
  },
};
