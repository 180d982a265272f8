/** Too much of everything: requests, datagrams, words. STOP must get through all the time (row G9: within a second). */
import { createSocket } from "node:dgram";
import { systemClock } from "../../time/clock.js";
import type { Drill, DrillContext } from "../run/drill.js";
import { spreadOf } from "../run/results.js";

const FLOOD_MS = 4000;
const STOP_MS_MAX = 1000;
const STOP_PERIOD_MS = 250;

const shared = {
  rows: ["A11", "E1", "G9"],
  steadyState: "The robot is linked and answers; STOP is pressed four times a second.",
  expectation:
    "What is too much is refused or interrupted, and told so, each STOP is answered within a second, no process is started anew, and all works as before when it is over.",
  noticeMsMax: 3000,
  recoverMsMax: 3000,
  flags: ["--camera", "none"],
} as const;

/**
 * @param attack one of many that run side by side until `isOver`.
 * @param isTold Buddy has said that it is too much.
 */
async function flood(
  context: DrillContext,
  workers: number,
  attack: (isOver: () => boolean) => Promise<void>,
  isTold: () => boolean | Promise<boolean>,
): Promise<void> {
  const { probe, inject, noticed, heal, recovered, holds, lost, nowMs, witness, atEnd } = context;
  const stops = witness("answers to STOP");
  const tookMs: number[] = [];
  let missed = 0;
  let isOver = false;
  let isAsking = true;
  const pressing = (async () => {
    while (isAsking) {
      const startMs = nowMs();
      // One that gets no answer is what is counted here.
      const status = await probe.post("/api/stop", {}, 5000).then(
        async (answer) => (await answer.arrayBuffer(), answer.status),
        () => 0,
      );
      if (status === 200) {
        tookMs.push(nowMs() - startMs);
        stops.saw();
      } else missed++;
      await systemClock.sleep(STOP_PERIOD_MS);
    }
  })();
  atEnd(async () => {
    isOver = true;
    isAsking = false;
    await pressing;
  });
  const before = (await probe.pids()).join();
  let attacks: Promise<unknown> = Promise.resolve();
  let startMs = 0;
  await inject(() => {
    startMs = nowMs();
    attacks = Promise.all(Array.from({ length: workers }, () => attack(() => isOver)));
  });
  await noticed("Buddy to say that it is too much", isTold);
  await systemClock.sleep(Math.max(0, FLOOD_MS - (nowMs() - startMs)));
  await heal(async () => {
    isOver = true;
    await attacks;
  });
  await recovered("all to work as before", async () => {
    return (await probe.isSteady()) && (await probe.command("QUERY"))?.["emotion"] !== undefined;
  });
  const slowest = spreadOf(tookMs);
  lost("answers to STOP", missed, tookMs.length + missed);
  holds("every STOP was answered", missed === 0, `${missed} were not`);
  holds("each within a second", (slowest?.max ?? Infinity) <= STOP_MS_MAX, `${slowest?.max} ms`);
  holds("no process was started anew", (await probe.pids()).join() === before);
}

export const floodRequests: Drill = {
  ...shared,
  name: "flood-requests",
  fault: "Sixteen callers send commands to the page's door without a pause for 4 s.",
  doesNotShow: "Callers of many addresses: all are of this machine.",
  run: (context) => {
    const { probe } = context;
    let refused = 0;
    const attack = async (isOver: () => boolean): Promise<void> => {
      while (!isOver()) {
        const answer = await probe.post("/api/command", { line: "QUERY" }, 5000).catch(() => null);
        await answer?.arrayBuffer();
        if (answer?.status === 429) refused++;
      }
    };
    return flood(context, 16, attack, () => refused > 0);
  },
};

export const floodDatagrams: Drill = {
  ...shared,
  name: "flood-datagrams",
  fault: "Malformed and well-formed datagrams to the robot's door, some thousand a second for 4 s.",
  doesNotShow: "A network that is full: loopback takes all.",
  run: async (context) => {
    const { probe } = context;
    const [host = "", port = ""] = probe.buddy.runtime.robotUdp.split(":");
    const socket = createSocket("udp4");
    let seq = 0;
    const attack = async (isOver: () => boolean): Promise<void> => {
      while (!isOver()) {
        for (let i = 0; i < 10; i++) {
          socket.send("FACE:no,face,at,all", Number(port), host);
          socket.send(`FACE:120,120,0,0,60,60,80,${++seq}`, Number(port), host);
        }
        await systemClock.sleep(5);
      }
    };
    const before = (await probe.state()).robot.invalidUdp;
    try {
      await flood(context, 2, attack, async () => {
        return (await probe.state()).robot.invalidUdp > before;
      });
    } finally {
      socket.close();
    }
  },
};

export const floodTalk: Drill = {
  ...shared,
  name: "flood-talk",
  fault: "Eight callers talk to Buddy without a pause for 4 s.",
  doesNotShow: "A room full of people: these are words by the API.",
  run: async (context) => {
    const { probe } = context;
    const attack = async (isOver: () => boolean): Promise<void> => {
      while (!isOver()) {
        const body = { text: "and what do you say to that?", wait: false };
        // Refused or cut: that is what may happen to one who floods.
        const answer = await probe.post("/api/say", body, 5000).catch(() => null);
        await answer?.arrayBuffer();
      }
    };
    const before = await probe.interruptedTurns();
    const isTold = async (): Promise<boolean> =>
      (await probe.interruptedTurns()).some((id) => !before.includes(id));
    await flood(context, 8, attack, isTold);
  },
};
