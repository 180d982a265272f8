/**
 * What a real small model costs the rest of Buddy while the demo runs, and how quick it is then (G10): the same figures without
 * a model, with one that is loaded, and with one that talks all the time. And how soon one that is told to stop does.
 */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { systemClock } from "../../src/time/clock.js";
import { percentile } from "../../src/time/meter.js";
import { until } from "../../src/time/until.js";
import { getJson, startBuddy, type BuddyProcess } from "../support/buddy-process.js";
import { post, say, serving, turnsOf } from "./ask.js";
import { faceToServo, type FaceToServo, type Model } from "./face-to-servo.js";

const SETTLE_MS = 20_000;
const WINDOW_MS = 30_000;
const SAMPLE_MS = 250;
const STOPS = 5;
const FIRST_WORD_MS_MAX = 2500;
const STOP_MS_MAX = 250;
/** The other bars may be so much worse beside it. */
const WORSE_MAX = 0.1;

const SAID = ["What do you like?", "Tell me something about the sea.", "And what else?", "Why?"];

export interface Beside {
  readonly picturesPerS: number;
  readonly searchesPerS: number;
  /** Decoding a picture and searching it. */
  readonly faceMsP50: number;
  readonly commandMsP50: number;
  readonly commandMsP95: number;
  readonly faceToServo: FaceToServo;
}

/** What a running Buddy tells of itself. */
type OfBuddy = Omit<Beside, "faceToServo">;

export interface BesideOutcome {
  readonly without: Beside;
  readonly loaded: Beside;
  readonly talking: Beside;
  readonly firstWordMsP50: number;
  readonly turns: number;
  /** From the request to the end of the turn, the longest. */
  readonly stopMsMax: number;
  readonly faults: string[];
}

/**
 * @param start starts a Buddy with the model, in a data directory that has its runtime.
 * @param model the same, for a part of its own.
 */
export async function runBeside(
  start: () => Promise<BuddyProcess>,
  model: Omit<Model, "isTalking">,
): Promise<BesideOutcome> {
  const followed = {
    without: await faceToServo(),
    loaded: await faceToServo({ ...model, isTalking: false }),
    talking: await faceToServo({ ...model, isTalking: true }),
  };
  const without = { ...(await alone()), faceToServo: followed.without };
  const buddy = await start();
  try {
    const page = buddy.page() as string;
    await serving(page);
    const loaded = { ...(await figures(buddy)), faceToServo: followed.loaded };
    let isOver = false;
    const talk = (async () => {
      for (let i = 0; !isOver; i++) await say(page, SAID[i % SAID.length] as string);
    })();
    const talking = { ...(await figures(buddy)), faceToServo: followed.talking };
    isOver = true;
    await talk;
    const firstMs = (await turnsOf(page)).map(({ firstTokenMs }) => firstTokenMs);
    const known = firstMs.filter((ms): ms is number => ms !== undefined).slice(1);
    const firstWordMsP50 = Math.round(percentile(known, 0.5));
    const stopMsMax = Math.round(Math.max(...(await stops(page))));
    const faults = worse("loaded", without, loaded).concat(worse("talking", without, talking));
    if (firstWordMsP50 > FIRST_WORD_MS_MAX) faults.push(`first word after ${firstWordMsP50} ms`);
    if (stopMsMax > STOP_MS_MAX) faults.push(`a stop took ${stopMsMax} ms`);
    console.log(JSON.stringify({ without, loaded, talking, firstWordMsP50, stopMsMax }, null, 2));
    return { without, loaded, talking, firstWordMsP50, turns: known.length, stopMsMax, faults };
  } finally {
    await buddy.stop();
  }
}

async function alone(): Promise<OfBuddy> {
  const dataDir = mkdtempSync(join(tmpdir(), "buddy-brain-without-"));
  const env = { OLLAMA_HOST: "127.0.0.1:9", BUDDY_MODELS: "" };
  const buddy = await startBuddy([], { dataDir, readyMsMax: 300_000, env });
  try {
    return await figures(buddy);
  } finally {
    await buddy.stop();
    rmSync(dataDir, { recursive: true, force: true });
  }
}

/** Settles first, so that the window of each figure is over. */
async function figures({ runtime }: BuddyProcess): Promise<OfBuddy> {
  await until("the face to be followed", 120_000, async () => {
    const { tracking_fps: searches } = await getJson(runtime.visionApi, "/health");
    return (searches as number) > 5;
  });
  await systemClock.sleep(SETTLE_MS);
  const commandMs: number[] = [];
  const seen: Record<string, unknown>[] = [];
  const endMs = systemClock.nowMs() + WINDOW_MS;
  while (systemClock.nowMs() < endMs) {
    const beganMs = systemClock.nowMs();
    const asked = await fetch(`http://${runtime.page}/api/command`, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify({ line: "QUERY" }),
    });
    await asked.arrayBuffer();
    commandMs.push(systemClock.nowMs() - beganMs);
    seen.push(await getJson(runtime.visionApi, "/health"));
    await systemClock.sleep(SAMPLE_MS);
  }
  const middle = (name: string): number =>
    percentile(
      seen.map((state) => state[name] as number),
      0.5,
    );
  return {
    picturesPerS: middle("stream_fps"),
    searchesPerS: middle("tracking_fps"),
    faceMsP50: middle("latency_ms"),
    commandMsP50: Number(percentile(commandMs, 0.5).toFixed(1)),
    commandMsP95: Number(percentile(commandMs, 0.95).toFixed(1)),
  };
}

function worse(name: string, without: Beside, now: Beside): string[] {
  const faults: string[] = [];
  if (now.picturesPerS < without.picturesPerS * (1 - WORSE_MAX))
    faults.push(`${name}: ${now.picturesPerS} pictures a second, ${without.picturesPerS} without`);
  if (now.faceMsP50 > without.faceMsP50 * (1 + WORSE_MAX))
    faults.push(`${name}: face after ${now.faceMsP50} ms, ${without.faceMsP50} without`);
  if (now.commandMsP50 > without.commandMsP50 * (1 + WORSE_MAX))
    faults.push(`${name}: command ${now.commandMsP50} ms, ${without.commandMsP50} without`);
  const pictureMs = now.faceToServo.pictureMsP50;
  const alone = without.faceToServo.pictureMsP50;
  if (pictureMs > alone * (1 + WORSE_MAX))
    faults.push(`${name}: servo ${pictureMs} ms after the face, ${alone} without`);
  const missed = now.faceToServo.figures.filter(({ isMet }) => !isMet);
  return faults.concat(missed.map(({ what, value, bar }) => `${name}: ${what} ${value}, ${bar}`));
}

async function stops(page: string): Promise<number[]> {
  const tookMs: number[] = [];
  for (let i = 0; i < STOPS; i++) {
    const asked = say(page, "Tell me a long story about the sea.");
    await until("it to think", 60_000, async () => {
      const { mind } = await getJson(page, "/api/state");
      return (mind as { state: string }).state === "thinking";
    });
    const beganMs = systemClock.nowMs();
    await post(page, "/api/stop");
    await asked;
    tookMs.push(systemClock.nowMs() - beganMs);
  }
  return tookMs;
}
