import { systemClock } from "../../time/clock.js";
import { until } from "../../time/until.js";
import { Asker } from "../run/asker.js";
import type { Drill } from "../run/drill.js";

/** Commands and faces go on over the cable for so long. */
const AWAY_MS = 60_000;
const JOIN_MS_MAX = 30_000;
/** QUERY's answer takes three packets of the cable's 27 a second, and the page asks, too. */
const ASK_MS = 1000;

export const networkCut: Drill = {
  name: "network-cut",
  rows: ["A4"],
  steadyState:
    "The robot is linked by network, its USB cable is plugged in, and it follows a face.",
  fault: "Its WiFi goes away in silence for 60 s.",
  expectation:
    "It is on the cable within 3 s, takes commands and faces there, and is back on its network within 12 s of having joined it; no command is answered twice, and each has an answer or hears that it got none.",
  doesNotShow: "A real cable, its noise, and boards that restart when their port is opened.",
  flags: ["--robot", "cable-sim"],
  noticeMsMax: 3000,
  recoverMsMax: 12_000,
  repeatsMax: 20,
  isOfLink: true,
  cannotRun: () => (process.platform === "win32" ? "no pseudo terminals on Windows" : undefined),
  async run({ probe, page, inject, noticed, heal, recovered, holds, atEnd, nowMs }) {
    const wifi = async (on: boolean): Promise<void> => {
      await probe.post("/api/simulator", { fault: "wifi", on, mode: "silent" });
    };
    const road = async (): Promise<string | undefined> => (await probe.state()).link.road;
    const before = await probe.self();
    const isByNetwork = async (): Promise<boolean> => (await road()) === "network";
    await until("the robot to be on its network", JOIN_MS_MAX, isByNetwork);
    atEnd(() => wifi(true));
    const asker = new Asker(probe.buddy.runtime.robotWs, ASK_MS, systemClock);
    atEnd(() => asker.close());
    await until("a client's first answer", JOIN_MS_MAX, () => asker.answers > 0);
    await inject(() => wifi(false));
    await noticed("the robot to answer over the cable", async () => {
      // Its plain HTTP is not carried over the cable: it is asked by a command.
      return (await road()) === "usb" && (await probe.command("QUERY"))?.["emotion"] !== undefined;
    });
    const awayMs = nowMs();
    const { answered } = page.commands;
    const { answers } = asker;
    await until("the minute to pass", 2 * AWAY_MS, () => nowMs() - awayMs >= AWAY_MS);
    holds("commands are answered over the cable", page.commands.answered > answered);
    holds("a plain client's, too", asker.answers > answers);
    const state = await probe.state();
    holds("it is on the cable, and the page says so", /on the USB cable/.test(state.link.text));
    holds("faces are followed over the cable", state.robot.tracking);
    await heal(async () => {
      await wifi(true);
      const isJoined = async (): Promise<boolean> => (await probe.self()).wifi.phase === "online";
      await until("the robot to join its network", JOIN_MS_MAX, isJoined);
    });
    await recovered("the robot to answer by network", async () => {
      return (await road()) === "network" && (await probe.robotAnswers());
    });
    await asker.settle();
    const counts = `${asker.doubled} doubled, ${asker.unanswered} unanswered of ${asker.count}`;
    holds("no command is answered twice", asker.doubled === 0, counts);
    holds("none is left without an answer or the end of its connection", asker.unanswered === 0);
    const after = await probe.self();
    holds("it lived on: no boot", after.boot.count === before.boot.count);
  },
};
