/**
 * Every way of talking to Buddy, in two voices at three speeds with noise at 10 dB (G5). Words of which no recording holds the whole
 * are cut: there may be none. How many words Whisper writes wrong stands beside what it makes of the same sound without a page.
 */
import { until } from "../../src/time/until.js";
import type { RealEars } from "../support/real-ears.js";
import { type Scene, sceneOf, withNoise } from "../support/scene.js";
import { hiss, wavOf } from "../support/sounds.js";
import { handsFree, type Room } from "./room.js";
import { say, SPEAKERS, type TestSpeaker } from "./voices.js";

const NOISE_DB = 10;
const WAYS = ["push to talk", "hands-free", "by name", "over Buddy's voice"] as const;
type Way = (typeof WAYS)[number];

interface WayOutcome {
  readonly way: Way;
  readonly speaker: string;
  readonly words: number;
  readonly cut: string[];
  /** Words that differ from what was said: through the page, and from the file itself. */
  readonly wrongByPage: number;
  readonly wrongByFile: number;
  /** What was told to Buddy, by samples, and how Whisper would have written each recording. */
  readonly told: string[];
  readonly written: string[];
}

const pause = (ms: number): Float32Array => new Float32Array(ms * 16);
const noisy = (scene: Scene): Scene => withNoise(scene, NOISE_DB, hiss(3000, 0.1));

function sceneFor(way: Way, speaker: TestSpeaker): Scene {
  const said = (words: string): ReturnType<typeof say> => say(words, speaker);
  switch (way) {
    case "push to talk":
      return noisy(
        sceneOf(pause(500), said("What is the weather like in the mountains today?"), pause(4000)),
      );
    case "hands-free":
      return noisy(
        sceneOf(
          pause(1500),
          said("Please turn your head a little"),
          pause(600),
          said("to the left and look at the window."),
          pause(1500),
          said("My dog is called Rex."),
          pause(1200),
          said("Can you tell me a joke about robots?"),
          pause(4000),
        ),
      );
    case "by name":
      return noisy(
        sceneOf(
          pause(3000),
          said("The kettle is boiling in the kitchen."),
          pause(2500),
          said("Hey Buddy, turn your head"),
          pause(1200),
          said("to the left, please."),
          pause(2500),
          said("Hey Buddy, what time is it right now?"),
          pause(4000),
        ),
      );
    case "over Buddy's voice":
      return noisy(
        sceneOf(pause(4000), said("Wait, I want to ask you something else."), pause(4000)),
      );
  }
}

async function act(room: Room, way: Way, page: Parameters<typeof handsFree>[0]): Promise<void> {
  if (way === "push to talk") return page.locator('[data-testid="talk"]').click();
  if (way === "over Buddy's voice") {
    await until("the sound is on", 20_000, () => room.rig.voice.state().state === "hum");
    void room.rig.voice.speak("I could talk about servos all day. ".repeat(20), room.rig.options());
    await until("it sounds", 20_000, () => room.rig.services.current.voice.state === "speaking");
  }
  await handsFree(page, way === "by name" ? "by name" : "free");
}

export async function runWays(room: Room, real: RealEars): Promise<WayOutcome[]> {
  const outcomes: WayOutcome[] = [];
  for (const way of WAYS) {
    for (const speaker of SPEAKERS) {
      const scene = sceneFor(way, speaker);
      await room.play(scene, (page) => act(room, way, page));
      const truth = scene.words.map(({ word }) => word).join(" ");
      const written: string[] = [];
      for (const { wav } of room.ears.heard) written.push(await real.words(wav));
      const outcome = {
        way,
        speaker: speaker.name,
        words: scene.words.length,
        cut: room.ears.lost().map(({ word }) => word),
        wrongByPage: wrongWords(truth, written.join(" ")),
        wrongByFile: wrongWords(truth, await real.words(wavOf(scene.sound))),
        told: room.told(),
        written,
      };
      console.log(JSON.stringify(outcome));
      outcomes.push(outcome);
    }
  }
  return outcomes;
}

/** The edit distance of two texts in words, without marks and case. */
export function wrongWords(truth: string, written: string): number {
  const a = plain(truth);
  const b = plain(written);
  let row = Array.from({ length: b.length + 1 }, (_, i) => i);
  for (const [i, word] of a.entries()) {
    const next = [i + 1];
    for (const [j, other] of b.entries()) {
      const same = (row[j] as number) + (word === other ? 0 : 1);
      next.push(Math.min(same, (row[j + 1] as number) + 1, (next[j] as number) + 1));
    }
    row = next;
  }
  return row.at(-1) as number;
}

function plain(text: string): string[] {
  return text.toLowerCase().match(/[\p{L}\p{N}]+/gu) ?? [];
}
