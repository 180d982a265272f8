import type { Drill } from "../run/drill.js";

/** The command's own deadline, and a little. */
const REFUSED_MS_MAX = 2000;

export const wifiOff: Drill = {
  name: "wifi-off",
  rows: ["A2", "D4"],
  steadyState: "The robot is linked and answers.",
  fault:
    "The robot's WiFi goes away in silence, as with a lost access point, and comes back after it was noticed.",
  expectation:
    "The dead link is noticed within three heartbeats, the robot is alive meanwhile, and the link is back within 2 s of the network.",
  doesNotShow: "A real access point, roaming, or an outage of hours.",
  noticeMsMax: 1700,
  recoverMsMax: 2000,
  isOfLink: true,
  async run({ probe, inject, noticed, heal, recovered, holds, atEnd, nowMs }) {
    const wifi = async (on: boolean): Promise<void> => {
      await probe.post("/api/simulator", { fault: "wifi", on, mode: "silent" });
    };
    const before = await probe.self();
    const upS = await probe.uptimeS();
    const beforeMs = nowMs();
    atEnd(() => wifi(true));
    await inject(() => wifi(false));
    await noticed("the page to say that the robot is away", async () => {
      return (await probe.state()).link.state === "away";
    });
    const askedMs = nowMs();
    const { status } = await probe.post("/api/command", { line: "QUERY" });
    const tookMs = nowMs() - askedMs;
    holds(
      "a command meanwhile fails in words, and is not kept for later",
      [502, 503, 504].includes(status) && tookMs < REFUSED_MS_MAX,
      `status ${status} after ${Math.round(tookMs)} ms`,
    );
    await heal(() => wifi(true));
    await recovered("the robot to be linked and to answer", async () => {
      return (await probe.state()).robot.linked && (await probe.robotAnswers());
    });
    const after = await probe.self();
    const grownS = (await probe.uptimeS()) - upS;
    const passedS = (nowMs() - beforeMs) / 1000;
    holds("it lived on: no boot", after.boot.count === before.boot.count);
    holds("its own time went on", grownS >= passedS - 2, `${grownS} of ${passedS.toFixed(1)} s`);
    holds("it noticed that its network was gone", after.wifi.losses === before.wifi.losses + 1);
  },
};
