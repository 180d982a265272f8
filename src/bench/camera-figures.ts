/**
 * Figures of the closed loop: the demo camera's real pictures, the real detector, real datagrams, the firmware in the
 * VM and servos that move the view. Truth comes from the camera, the head's angle from the simulated servos.
 */
import http from "node:http";
import { atLeast, atMost, told, type Figure } from "./figures.js";
import { percentile } from "../time/meter.js";
import type { Rig } from "./rig.js";

const STEP_DEG = 20;
const HOLD_MS = 4000;
/** A command that is so far on the way to the face follows it; less is the trembling of a head that rests. */
const FOLLOWS_DEG = 2;
/** Settled: within this of the face, for the rest of the step. */
const SETTLED_DEG = 1;

interface Sample {
  readonly wallMs: number;
  readonly deg: number;
}

/** Detector's pace and the age of pictures at the datagram, with the loop closed and a viewer watching. */
export async function detection(rig: Rig, seconds: number): Promise<Figure[]> {
  rig.supervisor.send("camera", { type: "path", name: "sweep" });
  const viewer = http.get(`http://${rig.door("vision", "http")}/stream`, (response) => {
    response.resume();
  });
  viewer.on("error", () => undefined); // The viewer is load, not what is measured.
  const rates: number[] = [];
  const ages: number[] = [];
  try {
    await rig.clock.sleep(4000);
    for (let i = 0; i < seconds * 2; i++) {
      await rig.clock.sleep(500);
      const status = rig.status("vision");
      rates.push(Number((status["detector"] as { framesPerS: number }).framesPerS));
      ages.push(Number(status["ageP95Ms"]));
    }
  } finally {
    viewer.destroy();
  }
  return [
    atLeast("pictures searched for a face, median", percentile(rates, 0.5), 25, "/s", rates.length),
    atMost("picture's age at the datagram, p95", percentile(ages, 0.5), 80, "ms", ages.length),
  ];
}

interface JumpRecord {
  readonly jumps: readonly Jump[];
  /** What the servos have come to. */
  readonly head: readonly Sample[];
  /** What they were told. */
  readonly told: readonly Sample[];
}

/** The face jumps by 20 degrees, again and again, and what the head makes of it. */
async function recordJumps(rig: Rig, steps: number): Promise<JumpRecord> {
  const face: Sample[] = [];
  const head: Sample[] = [];
  const told: Sample[] = [];
  const end = rig.onMessage((part, message) => {
    if (part === "camera" && message.type === "truth") {
      const truth = message as unknown as { wallMs: number; face?: { baseDeg: number } };
      if (truth.face) face.push({ wallMs: truth.wallMs, deg: truth.face.baseDeg });
    }
    if (part !== "robot") return;
    if (message.type === "pose") {
      head.push({ wallMs: Number(message["t"]), deg: Number(message["base"]) });
    }
    if (message.type === "servo" && message["axis"] === "base") {
      told.push({ wallMs: Number(message["t"]), deg: Number(message["deg"]) });
    }
  });
  rig.supervisor.send("camera", { type: "truth", on: true });
  rig.supervisor.send("camera", {
    type: "path",
    name: "steps",
    amplitudeDeg: STEP_DEG,
    holdMs: HOLD_MS,
    nodDeg: 115,
  });
  try {
    await rig.clock.sleep(HOLD_MS * (steps + 1.5));
  } finally {
    rig.supervisor.send("camera", { type: "truth", on: false });
    end();
  }
  return { jumps: jumps(face), head, told };
}

/** Overshoot and settling after the face has jumped by 20 degrees. */
export async function closedLoop(rig: Rig, steps: number): Promise<Figure[]> {
  const { jumps, head } = await recordJumps(rig, steps);
  const results = jumps.map((jump) => response(jump, head));
  const overshoots = results.map((result) => result.overshootDeg);
  const settles = results.map((result) => result.settledMs);
  const worst = (values: number[]): number => Math.max(...values);
  return [
    atMost(
      "overshoot after a 20° step, median",
      percentile(overshoots, 0.5),
      rig.bar(0.7, 1),
      "°",
      results.length,
    ),
    told("overshoot after a 20° step, worst", `${worst(overshoots).toFixed(2)} °`, results.length),
    atMost(
      "settled within ±1°, median",
      percentile(settles, 0.5) / 1000,
      rig.bar(1.1, 1.5),
      "s",
      results.length,
    ),
    told("settled within ±1°, worst", `${(worst(settles) / 1000).toFixed(2)} s`, results.length),
  ];
}

interface Jump {
  readonly atMs: number;
  readonly fromDeg: number;
  readonly toDeg: number;
  readonly endMs: number;
}

/** Places where the face's direction changed by more than half a step, each with the time of the next. */
function jumps(face: readonly Sample[]): Jump[] {
  const found: Jump[] = [];
  for (let i = 1; i < face.length; i++) {
    const [before, now] = [face[i - 1] as Sample, face[i] as Sample];
    if (Math.abs(now.deg - before.deg) < STEP_DEG / 2) continue;
    found.push({
      atMs: now.wallMs,
      fromDeg: before.deg,
      toDeg: now.deg,
      endMs: now.wallMs + HOLD_MS,
    });
  }
  const lastMs = face.at(-1)?.wallMs ?? 0;
  return found.filter((jump) => jump.endMs <= lastMs + 100);
}

/**
 * From the picture in which the face has jumped to the first servo command that follows it: drawing, sending, searching, the
 * datagram, the firmware and the bus. ms of each jump.
 * @throws when the head did not follow.
 */
export async function jumpToServo(rig: Rig, steps: number): Promise<number[]> {
  const { jumps, told } = await recordJumps(rig, steps);
  return jumps.map(({ atMs, fromDeg, toDeg, endMs }) => {
    const side = Math.sign(toDeg - fromDeg);
    const first = told.find(
      ({ wallMs, deg }) => wallMs >= atMs && wallMs < endMs && (deg - fromDeg) * side > FOLLOWS_DEG,
    );
    if (first === undefined) throw new Error(`the head did not follow the face to ${toDeg}°`);
    return first.wallMs - atMs;
  });
}

function response(
  jump: Jump,
  head: readonly Sample[],
): { overshootDeg: number; settledMs: number } {
  const side = Math.sign(jump.toDeg - jump.fromDeg);
  let overshootDeg = 0;
  let settledMs = 0;
  for (const { wallMs, deg } of head) {
    if (wallMs < jump.atMs || wallMs > jump.endMs - 50) continue;
    overshootDeg = Math.max(overshootDeg, (deg - jump.toDeg) * side);
    if (Math.abs(deg - jump.toDeg) > SETTLED_DEG) settledMs = wallMs - jump.atMs;
  }
  return { overshootDeg, settledMs };
}
