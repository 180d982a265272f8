import type { Drill } from "../run/drill.js";
import { isFresh } from "../run/probe.js";
import { demandLetGo, untilFollowed } from "./head.js";
import { signalIfThere } from "../run/processes.js";

export const visionHung: Drill = {
  name: "vision-hung",
  rows: ["A6", "A10", "I2"],
  steadyState: "The camera shows a face and the head follows it.",
  fault:
    "SIGSTOP to the face detector's process, which stays there and says nothing; SIGCONT after the head has let go.",
  expectation:
    "Known as hung after three missed beats, the head lets go within 2 s, and all is green again with the first beat, without a restart.",
  doesNotShow: "The kill of one that hangs for longer than 10 s.",
  noticeMsMax: 2000,
  recoverMsMax: 4000,
  async run(context) {
    const { probe, inject, noticed, heal, recovered, holds, atEnd } = context;
    await untilFollowed(context);
    const pid = await probe.pid("vision");
    atEnd(() => signalIfThere(pid, "SIGCONT"));
    await inject(() => void process.kill(pid, "SIGSTOP"));
    await noticed("the page to say that the detector hangs", async () => {
      return (await probe.level("process-vision")) === "bad";
    });
    holds("the robot still answers while the detector hangs", await probe.robotAnswers());
    await demandLetGo(context);
    await heal(() => void process.kill(pid, "SIGCONT"));
    await recovered("a face that is followed again", async () => {
      const { vision, robot } = await probe.state();
      return isFresh(vision) && robot.tracking && (await probe.level("process-vision")) === "ok";
    });
    holds("it is the same process: nothing was restarted", (await probe.pid("vision")) === pid);
  },
};
