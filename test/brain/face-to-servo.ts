/**
 * How soon the servos follow a face beside a small model (A2): the parts of `buddy start` with the demo camera or with faces that
 * are sent, and the brain as one more part, which is silent or writes without an end.
 */
import { closedLoop, jumpToServo } from "../../src/bench/camera-figures.js";
import type { Figure } from "../../src/bench/figures.js";
import { Rig } from "../../src/bench/rig.js";
import { faceLatency } from "../../src/bench/robot-figures.js";
import { brainPart, BRAIN_PART, newBrainToken } from "../../src/brain/part.js";
import { BrainPlace } from "../../src/brain/place.js";
import { reasonOf } from "../../src/host/reason.js";
import { percentile } from "../../src/time/meter.js";

const JUMPS = 24;
const FACES = 50;

export interface FaceToServo {
  /** From the picture with the face at a new place to the first servo command, ms. */
  readonly pictureMsP50: number;
  readonly pictureMsP95: number;
  readonly pictures: number;
  /** As in docs/BENCH.md: datagram to servo, overshoot, settling. */
  readonly figures: readonly Figure[];
}

export interface Model {
  readonly dataDir: string;
  readonly file: string;
  readonly isTalking: boolean;
}

export async function faceToServo(model?: Model): Promise<FaceToServo> {
  const { jumps, loop } = await beside("demo", model, async (rig) => ({
    jumps: await jumpToServo(rig, JUMPS),
    loop: await closedLoop(rig, JUMPS / 2),
  }));
  const datagrams = await beside("none", model, (rig) => faceLatency(rig, FACES));
  return {
    pictureMsP50: Math.round(percentile(jumps, 0.5)),
    pictureMsP95: Math.round(percentile(jumps, 0.95)),
    pictures: jumps.length,
    figures: [...datagrams, ...loop],
  };
}

async function beside<T>(
  camera: "demo" | "none",
  model: Model | undefined,
  measure: (rig: Rig) => Promise<T>,
): Promise<T> {
  const token = newBrainToken();
  const parts = model === undefined ? [] : [partOf(model, token)];
  const rig = await Rig.start(camera, undefined, "sim", parts);
  const isOver = new AbortController();
  const talk = model?.isTalking === true ? talkOn(rig, token, isOver.signal) : Promise.resolve();
  const measured = async (): Promise<T> => {
    await rig.command("IDLE_MOTION:off");
    return measure(rig);
  };
  try {
    return await Promise.race([measured(), talk.then(() => never())]);
  } finally {
    isOver.abort();
    await talk.catch(() => undefined); // Its failure was told by the race.
    await rig.stop();
  }
}

const never = (): Promise<never> => new Promise(() => undefined);

function partOf({ dataDir, file }: Model, token: string) {
  const model = { file, name: "beside" };
  const place = new BrainPlace(dataDir);
  return brainPart({ model: () => model, place, token, hasGpu: false });
}

/** Ends when told to. @throws when the model refuses or fails. */
async function talkOn(rig: Rig, token: string, signal: AbortSignal): Promise<void> {
  const url = `http://${rig.door(BRAIN_PART, "http")}/v1/chat/completions`;
  for (let i = 0; !signal.aborted; i++) {
    try {
      const response = await fetch(url, {
        method: "POST",
        headers: { authorization: `Bearer ${token}`, "content-type": "application/json" },
        body: JSON.stringify({
          model: "beside",
          messages: [{ role: "user", content: `Tell me story ${i} about the sea.` }],
        }),
        signal,
      });
      const written = await response.text();
      if (!response.ok) throw new Error(`the model answered ${response.status}: ${written}`);
    } catch (error) {
      if (signal.aborted) return;
      throw new Error(`it could not be talked with: ${reasonOf(error)}`, { cause: error });
    }
  }
}
