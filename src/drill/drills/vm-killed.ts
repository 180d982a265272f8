import { until } from "../../time/until.js";
import type { Drill } from "../run/drill.js";
import type { Probe, SelfReply } from "../run/probe.js";

/** A change of the owner's is saved within 5 s (PROTOCOL §2.3). */
const SAVED_MS_MAX = 10_000;
const ASK_EVERY_MS = 250;

/** Waits for a SELF that fits, asked less often than the robot's rate allows. */
function selfWith(
  probe: Probe,
  what: string,
  fits: (self: SelfReply) => boolean,
): Promise<SelfReply> {
  const ask = async (): Promise<SelfReply | undefined> => {
    const self = await probe.selfIfAnswered();
    return self && fits(self) ? self : undefined;
  };
  return until(what, SAVED_MS_MAX, ask, ASK_EVERY_MS);
}

export const vmKilled: Drill = {
  name: "vm-killed",
  rows: ["A1", "A5", "F1"],
  steadyState: "The robot is linked, answers, and has saved the setting that it was just given.",
  fault: "SIGKILL to the DeviceScript VM, the robot's power cut.",
  expectation:
    "The gateway notices, the VM boots again with its own saved state, the link is back in a newer generation.",
  doesNotShow:
    "A flash write torn by the cut: the VM writes its flash whole. `npm run powercut` tears every write.",
  noticeMsMax: 2000,
  recoverMsMax: 8000,
  wears: "boot",
  isOfLink: true,
  async run({ probe, inject, noticed, recovered, holds }) {
    const before = await probe.state();
    const old = await probe.self();
    const idleMotion = !old.idleMotion;
    await probe.command(`IDLE_MOTION:${idleMotion ? "on" : "off"}`);
    const saved = await selfWith(probe, "a save of the owner's setting", (self) => {
      return self.saved.generation > old.saved.generation;
    });
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
    const self = await selfWith(probe, "a robot that has read its memory", (now) => {
      return now.saved.generation > 0;
    });
    holds("it lives with the state that it had saved itself", self.saved.origin === "own");
    holds(
      "no save that was told is lost",
      self.saved.generation >= saved.saved.generation,
      `${saved.saved.generation} before, ${self.saved.generation} after`,
    );
    holds("the owner's setting is as it was", self.idleMotion === idleMotion);
    holds("it counted one boot more", self.boot.count === saved.boot.count + 1);
  },
};
