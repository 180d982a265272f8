// The double that hears by samples. Properties that must hold: it writes the words that stand whole in a recording, wherever it
// begins and whatever noise is in it; a word that was cut is missing, and what is no piece of the room has no words.
import assert from "node:assert/strict";
import { it } from "node:test";
import { sceneOf, withNoise, wordsIn } from "../../support/scene.js";
import { chord, hiss, RATE_HZ, speech } from "../../support/sounds.js";

const WORDS = "Hello Buddy, how are you today?";
const quiet = hiss(900, 0.003);
const room = sceneOf(quiet, { words: WORDS, sound: speech() }, quiet);
const part = (startMs: number, endMs: number): Float32Array =>
  room.sound.slice((startMs * RATE_HZ) / 1000, (endMs * RATE_HZ) / 1000);
const heard = (recording: Float32Array): string =>
  wordsIn(room, recording)
    .map(({ word }) => word)
    .join(" ");

it("G5: the whole sentence is heard, from anywhere before it to anywhere behind it, also quieter", () => {
  assert.equal(heard(part(0, 4000)), WORDS);
  assert.equal(heard(part(1000, 3100).map((value) => value / 3)), WORDS);
});

it("G5: a recording that begins 300 ms late or ends 300 ms early has lost a word", () => {
  assert.equal(heard(part(1430, 4000)), "Buddy, how are you today?");
  assert.equal(heard(part(0, 2660)), "Hello Buddy, how are you");
});

it("G5: with noise at 10 dB it hears the same", () => {
  const noisy = withNoise(room, 10, hiss(1000, 0.1));
  const recording = noisy.sound.slice(RATE_HZ / 2, 3.5 * RATE_HZ);
  assert.equal(
    wordsIn(noisy, recording)
      .map(({ word }) => word)
      .join(" "),
    WORDS,
  );
});

it("G5: what is no piece of the room has no words", () => {
  assert.equal(heard(chord(1500)), "");
  assert.equal(heard(hiss(1500, 0.1)), "");
});
