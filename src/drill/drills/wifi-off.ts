import type { Drill } from "../run/drill.js";

export const wifiOff: Drill = {
  name: "wifi-off",
  rows: ["A2", "D4"],
  steadyState: "The robot is linked and answers.",
  fault:
    "The robot's WiFi goes away in silence, as with a lost access point, and comes back after it was noticed.",
  expectation:
    "The dead link is noticed within three heartbeats, the robot is alive meanwhile and dials in when the network is back.",
  doesNotShow: "A real access point, roaming, or an outage of hours.",
  noticeMsMax: 2000,
  recoverMsMax: 6000,
  flags: ["--camera", "none"],
  async run({ probe, inject, noticed, heal, recovered, holds, atEnd }) {
    const wifi = async (on: boolean): Promise<void> => {
      await probe.post("/api/simulator", { fault: "wifi", on, mode: "silent" });
    };
    atEnd(() => wifi(true));
    await inject(() => wifi(false));
    await noticed("the page to say that the robot is away", async () => {
      return (await probe.state()).link.state === "away";
    });
    const answer = await probe.post("/api/command", { line: "QUERY" });
    holds("a command meanwhile is refused at once, not kept for later", answer.status === 503);
    await heal(() => wifi(true));
    await recovered("the robot to be linked and to answer", async () => {
      return (await probe.state()).robot.linked && (await probe.robotAnswers());
    });
  },
};
