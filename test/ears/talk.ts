/**
 * Five spoken questions in a minute to a whole Buddy with a real small model and a real Whisper, by name, with pauses in them and a
 * neighbour's voice between them (G5, G4): five answers, no word lost, and little read anew.
 */
import { rmSync } from "node:fs";
import { until } from "../../src/time/until.js";
import { serving } from "../brain/ask.js";
import { getJson, startBuddy } from "../support/buddy-process.js";
import type { TurnTrace } from "../../src/conversation/turn/turn-trace.js";
import { preparedData, realBrain } from "../support/real-brain.js";
import type { RealEars } from "../support/real-ears.js";
import { sceneOf } from "../support/scene.js";
import { hiss } from "../support/sounds.js";
import { Ears, handsFree, MicrophoneBrowser } from "./room.js";
import { ASKER, NEIGHBOUR, say } from "./voices.js";

const READ_TOKENS_MAX = 200;
const GAP_MS = 5500;
/**
 * Each with a pause in it; behind it the neighbour talks, a quarter as loud. No piece is said twice: a recording's place is found by its
 * samples.
 */
const TALK: readonly (readonly [string, string, string])[] = [
  ["Hey Buddy,", "do you like the sea?", "The bus was late again."],
  ["Okay Buddy,", "what should I cook tonight?", "He never calls before noon."],
  ["Hey Buddy, my dog is called Rex.", "Is that a good name?", "It is cold in the kitchen."],
  ["Hey Buddy, I had a long day,", "can you cheer me up?", "They paint the stairs tomorrow."],
  ["Hey Buddy, tell me something", "about the moon, please.", "The train leaves at nine."],
];

export interface TalkOutcome {
  readonly questions: number;
  readonly answered: number;
  readonly lost: string[];
  readonly turns: readonly { said: string; reply: string; by: string; readTokens: number }[];
  readonly faults: string[];
}

export async function runTalk(real: RealEars): Promise<TalkOutcome> {
  const brain = realBrain("ears:long talk");
  const none = { questions: 0, answered: 0, lost: [], turns: [] };
  if (brain === undefined) return { ...none, faults: ["talk was NOT RUN: no model"] };
  const ears = new Ears(real);
  const url = await ears.double.start();
  const { dataDir, file } = preparedData(brain);
  const browser = new MicrophoneBrowser();
  const buddy = await startBuddy(["--brain", file, "--camera", "none"], {
    dataDir,
    readyMsMax: 300_000,
    env: { OLLAMA_HOST: "127.0.0.1:9", BUDDY_MODELS: "", BUDDY_STT_URL: url },
  });
  try {
    const door = buddy.page() as string;
    await serving(door);
    const asked = TALK.flatMap(([first, second, other]) => [
      say(first, ASKER),
      hiss(1100, 0.004),
      say(second, ASKER),
      hiss(1500, 0.004),
      { ...say(other, NEIGHBOUR, 0.12), words: "" },
      hiss(GAP_MS, 0.004),
    ]);
    const scene = sceneOf(hiss(3000, 0.004), ...asked);
    ears.hear(scene);
    browser.hear(scene);
    await browser.start();
    const page = await browser.open(`http://${door}`);
    await handsFree(page, "by name");
    const limitMs = scene.sound.length / 16 + 120_000;
    const soFar = (): string => ears.heard.map(({ text }) => text ?? "…").join(" | ");
    await until(
      () => `the last word; heard so far: ${soFar()}`,
      limitMs,
      () => ears.isOver(),
    );
    await handsFree(page, "off");
    await until("the last answer", 120_000, () => isAnswered(door), 250);
    return outcomeOf(await spoken(door), ears);
  } finally {
    await browser.stop();
    await buddy.stop();
    ears.double.stop();
    rmSync(dataDir, { recursive: true, force: true });
  }
}

const isOver = ({ phase }: TurnTrace): boolean => phase === "over";

/** A page that gives no answer in 3 s, on a machine that thinks with all it has, is asked again. */
async function isAnswered(door: string): Promise<boolean> {
  try {
    return (await spoken(door)).every(isOver);
  } catch (error) {
    if (!(error instanceof DOMException) || error.name !== "TimeoutError") throw error;
    return false;
  }
}

/** Turns of what was said to the microphone, oldest first. */
async function spoken(door: string): Promise<TurnTrace[]> {
  const { turns } = (await getJson(door, "/api/turns")) as unknown as { turns: TurnTrace[] };
  return turns.filter(({ source }) => source === "voice");
}

function outcomeOf(turns: readonly TurnTrace[], ears: Ears): TalkOutcome {
  const untold = ears.heard.filter(
    ({ text = "" }) => text !== "" && !turns.some(({ said }) => said.includes(text.trim())),
  );
  const lost = [...ears.lost(), ...untold.flatMap(({ words }) => words)].map(({ word }) => word);
  // What was joined to the rest of a question is answered with it.
  const whole = turns.filter(({ code }) => code !== "TURN_JOINED");
  const rows = whole.map(({ said, sentences, model = "", promptTokens = 0, cachedTokens = 0 }) => ({
    said,
    reply: sentences
      .filter(({ outcome, heardShare = 0 }) => /played|shown/.test(outcome) || heardShare > 0)
      .map(({ text }) => text)
      .join(" "),
    by: model,
    readTokens: promptTokens - cachedTokens,
  }));
  for (const { words, text } of ears.heard)
    console.log(JSON.stringify({ recording: words.map(({ word }) => word).join(" "), text }));
  for (const row of rows) console.log(JSON.stringify(row));
  const answered = rows.filter(({ reply }) => reply !== "").length;
  const faults = lost.length > 0 ? [`lost: ${lost.join(" ")}`] : [];
  if (answered !== TALK.length) faults.push(`${answered} of ${TALK.length} questions answered`);
  for (const { said, readTokens } of rows.slice(1))
    if (readTokens > READ_TOKENS_MAX) faults.push(`${readTokens} tokens read anew: ${said}`);
  return { questions: TALK.length, answered, lost, turns: rows, faults };
}
