/**
 * The robot on its USB cable with the network away (A4): what 27 packets a second carry. Asked is at a person's pace; faces come
 * as often as a detector sees them, and those count that reach the robot while the head follows.
 */
import { percentile } from "../time/meter.js";
import { until } from "../time/until.js";
import { atLeast, atMost, told, type Figure } from "./figures.js";
import type { Rig } from "./rig.js";
import { FaceSender, followed, roundTrips } from "./robot-figures.js";

const ROAD_MS_MAX = 30_000;
/** Four a second: QUERY's answer takes three packets. */
const ASK_MS = 250;
/** The bars of A4 at the pace of an ESP32-C3. */
const BARS = { commandMs: 50, facesPerS: 15, servosPerS: 15 } as const;

export async function cableFigures(rig: Rig, rounds: number, seconds: number): Promise<Figure[]> {
  rig.supervisor.send("robot", { type: "wifi", on: false, mode: "silent" });
  await until("the cable", ROAD_MS_MAX, () => rig.status("gateway")["road"] === "usb", 5);
  const pace = (tookMs: number): number => Math.max(0, ASK_MS - tookMs);
  const looks = (round: number): string => `!LOOK:${90 + (round % 2) * 4},115`;
  const commands = await roundTrips(rig, rounds, looks, pace);
  const questions = await roundTrips(rig, rounds, () => "!QUERY", pace);
  const { facesPerS, faces, pan, nod, tilt, packetsPerSMax } = await following(rig, seconds);
  const servos = pan.count + nod.count + tilt.count;
  const servosPerS = pan.perS + nod.perS + tilt.perS;
  const isOnCable = rig.status("gateway")["road"] === "usb";
  if (!isOnCable) throw new Error("the robot left the cable while it was measured");
  const asked = (
    title: string,
    times: number[],
    share: number,
    bar: number | undefined,
  ): Figure => {
    const what = `on the cable: ${title}, p${share * 100}`;
    const ms = percentile(times, share);
    return bar === undefined
      ? told(what, `${Math.round(ms * 10) / 10} ms`, times.length)
      : atMost(what, ms, bar, "ms", times.length);
  };
  return [
    asked("LOOK → its answer", commands, 0.5, BARS.commandMs),
    asked("LOOK → its answer", commands, 0.99, undefined),
    asked("QUERY → its answer", questions, 0.5, undefined),
    asked("QUERY → its answer", questions, 0.99, undefined),
    atLeast(
      "on the cable: faces of 30/s that reach the robot",
      facesPerS,
      BARS.facesPerS,
      "/s",
      faces,
    ),
    // What the cable leaves of the packets is all servos' together.
    atLeast(
      "on the cable: servo updates while tracking",
      servosPerS,
      BARS.servosPerS,
      "/s",
      servos,
    ),
    told("on the cable: pan and nod of them", `${axisText(pan)}, ${axisText(nod)} /s`, servos),
    atMost(
      "on the cable: packets of the program, highest second",
      packetsPerSMax,
      50,
      "/s",
      seconds,
    ),
  ];
}

function axisText({ perS }: { readonly perS: number }): string {
  return String(Math.round(perS * 10) / 10);
}

async function following(
  rig: Rig,
  seconds: number,
): Promise<Awaited<ReturnType<typeof followed>> & { facesPerS: number; faces: number }> {
  const sent = (): number =>
    Number((rig.status("gateway")["udp"] as { sent?: number } | undefined)?.sent ?? 0);
  const sender = new FaceSender(rig);
  try {
    let before = 0;
    const found = await followed(rig, sender, seconds, () => (before = sent()));
    const faces = sent() - before;
    return { ...found, faces, facesPerS: faces / found.elapsedS };
  } finally {
    sender.stop();
  }
}
