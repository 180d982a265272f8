/** Ten minutes of speech in which nobody says Buddy's name, near it in sound at times: by name, nothing of it may be told (G5). */
import { callIn } from "../../src/voice/speech/called.js";
import type { RealEars } from "../support/real-ears.js";
import { sceneOf } from "../support/scene.js";
import { hiss } from "../support/sounds.js";
import { handsFree, type Room } from "./room.js";
import { NEIGHBOUR, say, SPEAKERS } from "./voices.js";

/** A minute each, so that the microphone is opened anew. */
const SCENE_MS = 60_000;
const TALK = [
  "And now the weather for the rest of the week.",
  "The body of the violin is made of maple.",
  "Everybody was ready when the bus came.",
  "Freddy said that he would be late again.",
  "Hey, body language matters more than words.",
  "Nobody knows what the new bridge will cost.",
  "Hey Betty, could you pass me the butter?",
  "Okay, but he never told us about it.",
  "The river is high, and the road is closed.",
  "Bloody Mary is not what I ordered.",
  "Hello everyone, and welcome to the evening news.",
  "A muddy path leads down to the harbour.",
  "Can somebody turn the music down a little?",
  "Study the map before you leave the house.",
  "Our team won the second match by three goals.",
  "Hey Judy, what time is the train tomorrow?",
  "The president will speak about schools tonight.",
  "Buy the tickets early, they are cheaper then.",
  "Bud is short for budget in this report.",
  "My daughter plays the piano every afternoon.",
] as const;

export interface TelevisionOutcome {
  readonly minutes: number;
  readonly sentences: number;
  readonly recordings: number;
  readonly cut: string[];
  readonly falseWakes: string[];
}

export async function runTelevision(
  room: Room,
  real: RealEars,
  minutes: number,
): Promise<TelevisionOutcome> {
  const voices = [NEIGHBOUR, ...SPEAKERS];
  const found = { sentences: 0, recordings: 0, cut: [] as string[], falseWakes: [] as string[] };
  let next = 0;
  for (let minute = 0; minute < minutes; minute++) {
    const pieces: (Float32Array | ReturnType<typeof say>)[] = [hiss(2500, 0.004)];
    for (let ms = 2500; ms < SCENE_MS - 6000; next++) {
      const speaker = voices[next % voices.length] as (typeof voices)[number];
      const said = say(TALK[next % TALK.length] as string, speaker);
      // Television pauses, short and long: some sentences run together, some stand alone.
      const gap = hiss(300 + ((next * 7) % 5) * 450, 0.004);
      pieces.push(said, gap);
      ms += (said.sound.length + gap.length) / 16;
      found.sentences++;
    }
    pieces.push(hiss(4000, 0.004));
    await room.play(sceneOf(...pieces), (page) => handsFree(page, "by name"));
    found.recordings += room.ears.heard.length;
    found.cut.push(...room.ears.lost().map(({ word }) => word));
    found.falseWakes.push(...room.told());
    for (const { wav } of room.ears.heard) {
      const text = await real.words(wav);
      if (callIn(text, "Buddy") !== "none") found.falseWakes.push(text);
    }
    const { recordings, cut, falseWakes } = found;
    console.log(
      `minute ${minute + 1}: ${recordings} recordings, cut ${cut.length}, woke ${falseWakes.length}`,
    );
  }
  return { minutes, ...found };
}
