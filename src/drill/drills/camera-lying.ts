import { existsSync } from "node:fs";
import type { Drill } from "../run/drill.js";
import { isFresh } from "../run/probe.js";
import { listeningPort } from "../run/processes.js";
import { demandLetGo, untilFollowed } from "./head.js";

const LIES = ["garbage", "freeze", "black", "stall"] as const;

export const cameraLying: Drill = {
  name: "camera-lying",
  rows: ["A6", "C1", "H1", "H2", "H5"],
  steadyState: "Pictures come and the head follows a face.",
  fault:
    "The camera sends what is no picture, the same picture again and again, black ones, or nothing on an open line.",
  expectation:
    "No face is claimed any more, the head lets go within 2 s of the last one, nothing is restarted, and the face is followed again when the pictures are.",
  doesNotShow: "Each of the four alone: which one it is, the seed decides.",
  noticeMsMax: 4000,
  recoverMsMax: 10_000,
  cannotRun: () => (existsSync("/proc/self/net/tcp") ? undefined : "no /proc here"),
  async run(context) {
    const { probe, inject, noticed, heal, recovered, holds, atEnd, chance } = context;
    await untilFollowed(context);
    const port = listeningPort(await probe.pid("camera"));
    const tell = async (name: string): Promise<void> => {
      const answer = await fetch(`http://127.0.0.1:${port}/fault`, {
        method: "POST",
        headers: { "content-type": "application/json" },
        body: JSON.stringify({ name }),
        signal: AbortSignal.timeout(2000),
      });
      if (answer.status !== 200) throw new Error(`the camera did not take ${name}`);
    };
    const before = (await probe.pids()).join();
    const lie = LIES[Math.floor(chance.next() * LIES.length)] ?? "freeze";
    atEnd(() => tell("none"));
    await inject(() => tell(lie));
    await noticed("no face to be claimed", async () => (await probe.state()).vision.faces === 0);
    await demandLetGo(context);
    await heal(() => tell("none"));
    await recovered("a face that is followed again", async () => {
      const { vision, robot } = await probe.state();
      return isFresh(vision) && robot.tracking;
    });
    holds("no process was started anew", (await probe.pids()).join() === before, lie);
  },
};
