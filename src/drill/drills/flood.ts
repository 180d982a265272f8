/** Too much of everything: requests, datagrams, words. STOP must get through all the time (row G9: within a second). */
import { createSocket, type Socket } from "node:dgram";
import { systemClock } from "../../time/clock.js";
import type { Drill, DrillContext } from "../run/drill.js";
import { spreadOf } from "../run/results.js";
import { burst, DeafClient, FLOOD_CLIENTS, type Asked } from "./flood-clients.js";

const FLOOD_MS = 4000;
/** For all of the robot's doors at once. */
const ALL_FLOOD_MS = 60_000;
const STOP_MS_MAX = 1000;
const STOP_PERIOD_MS = 250;
/** The budget's 12,000 steps (docs/architecture/budget.md) at the pace of an ESP32-C3, 235,000 a second. */
const SLICE_MS_MAX = 51.1;

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
 * @param attack one of many that run side by side until `isOver`, counted from 0.
 * @param isTold Buddy has said that it is too much.
 */
async function flood(
  context: DrillContext,
  workers: number,
  attack: (isOver: () => boolean, worker: number) => Promise<void>,
  isTold: () => boolean | Promise<boolean>,
  floodMs = FLOOD_MS,
): Promise<void> {
  const { probe, inject, noticed, heal, recovered, holds, lost, nowMs, witness, atEnd } = context;
  const stops = witness("answers to STOP");
  const tookMs: number[] = [];
  const missed: string[] = [];
  let isOver = false;
  let isAsking = true;
  let floodedMs = nowMs();
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
      } else missed.push(`${status} after ${((startMs - floodedMs) / 1000).toFixed(1)} s`);
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
  await inject(() => {
    floodedMs = nowMs();
    attacks = Promise.all(Array.from({ length: workers }, (_, i) => attack(() => isOver, i)));
  });
  await noticed("Buddy to say that it is too much", isTold);
  await systemClock.sleep(Math.max(0, floodMs - (nowMs() - floodedMs)));
  await heal(async () => {
    isOver = true;
    await attacks;
  });
  await recovered("all to work as before", async () => {
    return (await probe.isSteady()) && (await probe.command("QUERY"))?.["emotion"] !== undefined;
  });
  const slowest = spreadOf(tookMs);
  lost("answers to STOP", missed.length, tookMs.length + missed.length);
  holds(
    "every STOP was answered",
    missed.length === 0,
    `${missed.length} were not: ${missed.slice(0, 5).join(", ")}`,
  );
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

/** Sends a datagram again and again, so many a second, until it is over. */
async function pour(
  socket: Socket,
  door: string,
  perS: number,
  text: () => string,
  isOver: () => boolean,
): Promise<void> {
  const [host = "", port = ""] = door.split(":");
  const startMs = systemClock.nowMs();
  for (let sent = 0; !isOver();) {
    const due = ((systemClock.nowMs() - startMs) / 1000) * perS;
    for (; sent < due; sent++) socket.send(text(), Number(port), host);
    await systemClock.sleep(5);
  }
}

/** What comes to all doors of the robot at once, for as long as `floodMs`. A robot of a chip's pace must live with it, too. */
export function floodRobotFor(floodMs: number): Drill {
  return {
    ...shared,
    name: "flood-robot",
    rows: ["A1", "A11", "F1"],
    fault: `For ${floodMs / 1000} s: 60 faces and 1,000 malformed datagrams a second, six clients with bursts of questions and a message of 2 KiB, and one that asks and never reads.`,
    expectation:
      "The link lives, no slice is too long, every question is answered or refused in words, each STOP is answered within a second.",
    doesNotShow: "Clients of many addresses: all are of this machine.",
    isOfLink: true,
    run: async (context) => {
      const { probe, holds, lost } = context;
      const { robotUdp, robotWs } = probe.buddy.runtime;
      const socket = createSocket("udp4");
      const asked: Asked = { asked: 0, answered: 0, refused: 0 };
      const deaf = new DeafClient(robotWs);
      let seq = 0;
      let longestSliceMs = 0;
      const face = (): string => `FACE:${seq % 60 < 30 ? 106 : 134},120,0,0,60,60,90,${++seq}`;
      const attacks: ((isOver: () => boolean) => Promise<void>)[] = [
        (isOver) => pour(socket, robotUdp, 60, face, isOver),
        (isOver) => pour(socket, robotUdp, 1000, () => "FACE:no,face,at,all", isOver),
        (isOver) => deaf.ask(isOver),
        async (isOver) => {
          while (!isOver()) {
            const { chip } = (await probe.state()).robot;
            longestSliceMs = Math.max(longestSliceMs, chip?.longestSliceMs ?? 0);
            await systemClock.sleep(1000);
          }
        },
        ...Array.from(
          { length: FLOOD_CLIENTS },
          () => (isOver: () => boolean) => burst(robotWs, asked, isOver),
        ),
      ];
      const { generation } = (await probe.state()).robot;
      const before = (await probe.state()).robot.invalidUdp;
      try {
        await flood(
          context,
          attacks.length,
          (isOver, worker) => attacks[worker]?.(isOver) ?? Promise.resolve(),
          async () => (await probe.state()).robot.invalidUdp > before,
          floodMs,
        );
      } finally {
        socket.close();
        deaf.close();
      }
      const silent = asked.asked - asked.answered - asked.refused;
      lost("questions of those who flood", silent, asked.asked);
      holds("the link is the same one", (await probe.state()).robot.generation === generation);
      holds("every question was answered or refused", silent === 0, `${silent} of ${asked.asked}`);
      holds("some were answered", asked.answered > 0);
      holds("no slice was too long", longestSliceMs <= SLICE_MS_MAX, `${longestSliceMs} ms`);
    },
  };
}

export const floodRobot = floodRobotFor(ALL_FLOOD_MS);
