// Utterances cut out of real sound by the real model: a sentence is taken whole and ends soon after its last word;
// hiss, a fan and music begin nothing; what loudness alone can and cannot do is said by its own tests.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { type Happening, Listener, RECORDING_S_MAX } from "../../../../src/page/audio/listener.js";
import { WINDOW_SAMPLES } from "../../../../src/page/audio/silero/silero.js";
import {
  LoudnessJudge,
  ModelJudge,
  type SpeechJudge,
} from "../../../../src/page/audio/speech-judge.js";
import {
  chord,
  fan,
  hiss,
  joined,
  RATE_HZ,
  silence,
  speech,
  windowsOf,
} from "../../../support/sounds.js";

const FILE = new URL("../../../../src/page/audio/silero/weights.bin", import.meta.url);
const model = (): ModelJudge => new ModelJudge(new Uint8Array(readFileSync(FILE)).buffer);
const room = (ms: number): Float32Array => hiss(ms, 0.003);

interface Heard {
  readonly happening: Happening;
  readonly atMs: number;
}

function listen(listener: Listener, sound: Float32Array, isDeaf = false): Heard[] {
  const own = isDeaf ? "unknown" : 0;
  const heard: Heard[] = [];
  for (const [at, window] of windowsOf(sound, WINDOW_SAMPLES).entries()) {
    const happening = listener.hear(window, own);
    if (happening) heard.push({ happening, atMs: ((at + 1) * WINDOW_SAMPLES * 1000) / RATE_HZ });
  }
  return heard;
}

function typesOf(heard: readonly Heard[]): string[] {
  return heard.map(({ happening }) => happening.type);
}

const judges: [string, () => SpeechJudge][] = [
  ["the model", model],
  ["loudness", () => new LoudnessJudge()],
];
for (const [name, judge] of judges) {
  test(`hands-free, ${name}: a sentence in a quiet room is taken whole and ends soon`, () => {
    const sentence = speech();
    const sentenceMs = (sentence.length * 1000) / RATE_HZ;
    const heard = listen(new Listener(judge()), joined(room(1500), sentence, room(3000)));
    assert.deepEqual(typesOf(heard), ["begun", "said"]);
    const [begun, said] = heard;
    assert.ok(begun && begun.atMs > 1500 && begun.atMs < 2100, `begun at ${begun?.atMs}`);
    const endMs = 1500 + sentenceMs;
    assert.ok(said && said.atMs > endMs && said.atMs < endMs + 1600, `said at ${said?.atMs}`);
    // From before its first sound to after its last.
    const { happening } = said;
    assert.ok(happening.type === "said");
    const takenMs = (happening.windows.length * WINDOW_SAMPLES * 1000) / RATE_HZ;
    assert.ok(said.atMs - takenMs < 1700, "its beginning is there");
  });
}

const noises: [string, Float32Array][] = [
  ["a shower", hiss(4000, 0.2)],
  ["a fan as loud as a voice", fan(4000)],
  ["a chord on an organ", chord(4000)],
];
for (const [name, noise] of noises) {
  test(`hands-free: ${name} begins nothing; loudness alone takes it for speech`, () => {
    const listener = new Listener(model());
    assert.deepEqual(typesOf(listen(listener, noise)), []);
    assert.deepEqual(typesOf(listen(new Listener(new LoudnessJudge()), noise)).slice(0, 1), [
      "begun",
    ]);
  });
}

test("a sentence over a fan is heard and ended by the model", () => {
  const line = joined(room(1000), speech(), room(2000));
  const over = fan((line.length * 1000) / RATE_HZ).map((value, at) => value / 4 + (line[at] ?? 0));
  assert.deepEqual(typesOf(listen(new Listener(model()), over)), ["begun", "said"]);
});

test("Buddy's own voice begins nothing while it is deaf; afterwards it hears again", () => {
  const listener = new Listener(model());
  assert.deepEqual(listen(listener, joined(speech(), room(1000)), true), []);
  assert.deepEqual(typesOf(listen(listener, joined(room(500), speech(), room(2000)))), [
    "begun",
    "said",
  ]);
});

test("push to talk: begun by hand it records whatever is heard, deaf or not, and is ended by hand", () => {
  const listener = new Listener(model());
  listener.begin();
  assert.deepEqual(listen(listener, room(1024), true), []);
  assert.equal(listener.finish().length, 32);
});

test("push to talk ends when nobody speaks, when the microphone is dead, and after its limit", () => {
  const nobody = new Listener(model());
  nobody.begin();
  assert.deepEqual(typesOf(listen(nobody, room(8500))), ["nobody"]);
  const dead = new Listener(model());
  dead.begin();
  assert.deepEqual(typesOf(listen(dead, silence(2700))), ["dead"]);
  const endless: SpeechJudge = {
    kind: "model",
    endSilenceMs: 900,
    isSpeech: () => true,
    reset: () => undefined,
  };
  const talker = new Listener(endless);
  talker.begin();
  const [said] = listen(talker, room(RECORDING_S_MAX * 1000 + 100));
  assert.equal(said?.happening.type, "said");
  assert.ok(said.atMs <= RECORDING_S_MAX * 1000);
});

test("loudness: a loud room is learned, its noise is not speech, a voice over it is", () => {
  const listener = new Listener(new LoudnessJudge());
  assert.deepEqual(typesOf(listen(listener, joined(hiss(4000, 0.019), hiss(2000, 0.035)))), []);
  assert.deepEqual(typesOf(listen(listener, hiss(500, 0.3))), ["begun"]);
});

test("G5: what is said right behind a finished utterance begins with the last half second of that", () => {
  // Numbered windows; who speaks is the judge's word alone.
  const spoken = (at: number): boolean => (at >= 10 && at < 30) || (at >= 62 && at < 90);
  const judge: SpeechJudge = {
    kind: "model",
    endSilenceMs: 900,
    isSpeech: (window) => spoken(Math.round((window[0] ?? 0) * 1000)),
    reset: () => undefined,
  };
  const listener = new Listener(judge);
  const said: number[][] = [];
  for (let at = 0; at < 130; at++) {
    const happening = listener.hear(new Float32Array(WINDOW_SAMPLES).fill(at / 1000), 0);
    if (happening?.type !== "said") continue;
    said.push(happening.windows.map((window) => Math.round((window[0] ?? 0) * 1000)));
  }
  const [first = [], second = []] = said;
  assert.equal(said.length, 2);
  const lastOfFirst = first.at(-1) ?? 0;
  assert.ok(lastOfFirst > 55 && lastOfFirst < 62, `the first ends at ${lastOfFirst}`);
  assert.ok((second[0] ?? 99) <= 62 - 10, `the second begins at ${second[0]}`);
  assert.deepEqual(
    second,
    second.map((_, i) => (second[0] ?? 0) + i),
    "nothing is missing in it",
  );
});
