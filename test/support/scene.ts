/** The sound of a room in which people say known words at known times, and which of the words a recording of it holds. */
import { joined, RATE_HZ } from "./sounds.js";

const FRAME = RATE_HZ / 100;
/** Of a recording's envelope, quieter is all the same. */
const FLOOR = 0.002;
/** Frames of a sentence that are quieter than this share of its loudest are no part of its words. */
const VOICED_SHARE = 0.05;
/** So much of a word must be in a recording: less is a word that was cut. */
const WHOLE_SHARE = 0.8;
/** What is no piece of this room fits nowhere better than this. */
const LIKENESS_MIN = 0.5;

interface Said {
  readonly words: string;
  readonly sound: Float32Array;
}

export interface SpokenWord {
  readonly word: string;
  readonly startMs: number;
  readonly endMs: number;
}

export interface Scene {
  readonly sound: Float32Array;
  readonly words: readonly SpokenWord[];
}

/** @param pieces one after the other: what is said, and what else is to be heard. */
export function sceneOf(...pieces: readonly (Said | Float32Array)[]): Scene {
  const words: SpokenWord[] = [];
  let atMs = 0;
  for (const piece of pieces) {
    if (!(piece instanceof Float32Array)) words.push(...wordsOf(piece, atMs));
    atMs += ((piece instanceof Float32Array ? piece : piece.sound).length * 1000) / RATE_HZ;
  }
  const sound = joined(...pieces.map((one) => (one instanceof Float32Array ? one : one.sound)));
  return { sound, words };
}

/** Adds noise that is quieter than the speech by `snrDb`, measured where there is speech. */
export function withNoise({ sound, words }: Scene, snrDb: number, noise: Float32Array): Scene {
  const power = (line: Float32Array): number =>
    line.reduce((sum, value) => sum + value * value, 0) / Math.max(1, line.length);
  const speech = joined(...words.map(({ startMs, endMs }) => cut(sound, startMs, endMs)));
  const gain = Math.sqrt(power(speech) / 10 ** (snrDb / 10) / power(noise));
  return { words, sound: sound.map((value, i) => value + gain * (noise[i % noise.length] ?? 0)) };
}

/** When, in ms of the scene, the recording begins and ends; undefined when it is none of it. */
export function placeOf(
  { sound }: Scene,
  recording: Float32Array,
): { readonly startMs: number; readonly endMs: number } | undefined {
  const whole = envelope(sound);
  const piece = centred(envelope(recording));
  let best = { likeness: 0, at: 0 };
  for (let at = 0; at + piece.length <= whole.length; at++) {
    const there = centred(whole.subarray(at, at + piece.length));
    const likeness = there.reduce((sum, value, i) => sum + value * (piece[i] ?? 0), 0);
    if (likeness > best.likeness) best = { likeness, at };
  }
  if (best.likeness < LIKENESS_MIN) return undefined;
  return { startMs: best.at * 10, endMs: (best.at + piece.length) * 10 };
}

/** The words that stand whole in the recording, in order. */
export function wordsIn(scene: Scene, recording: Float32Array): SpokenWord[] {
  const place = placeOf(scene, recording);
  if (place === undefined) return [];
  return scene.words.filter(({ startMs, endMs }) => {
    const there = Math.min(endMs, place.endMs) - Math.max(startMs, place.startMs);
    return there >= (endMs - startMs) * WHOLE_SHARE;
  });
}

/** Each word has a share of the voiced time by its letters: exact at the ends of a sentence, where words are cut. */
function wordsOf({ words, sound }: Said, atMs: number): SpokenWord[] {
  const levels = envelope(sound).map((value) => 10 ** value);
  const least = Math.max(...levels) * VOICED_SHARE;
  const voiced = [...levels.keys()].filter((i) => (levels[i] as number) > least);
  const list = words.split(/\s+/).filter((word) => word !== "");
  const letters = list.map((word) => word.length);
  const all = letters.reduce((sum, count) => sum + count, 0);
  let before = 0;
  return list.map((word, i) => {
    const first = voiced[Math.floor((before / all) * voiced.length)] ?? 0;
    before += letters[i] as number;
    const last = voiced[Math.ceil((before / all) * voiced.length) - 1] ?? 0;
    return { word, startMs: atMs + first * 10, endMs: atMs + (last + 1) * 10 };
  });
}

/** Of each 10 ms the logarithm of the level. */
function envelope(sound: Float32Array): Float32Array {
  return Float32Array.from({ length: Math.floor(sound.length / FRAME) }, (_, i) => {
    const frame = sound.subarray(i * FRAME, (i + 1) * FRAME);
    const power = frame.reduce((sum, value) => sum + value * value, 0) / FRAME;
    return Math.log10(Math.max(FLOOR, Math.sqrt(power)));
  });
}

/** Without its mean, and of length 1. */
function centred(line: Float32Array): Float32Array {
  const mean = line.reduce((sum, value) => sum + value, 0) / line.length;
  const moved = line.map((value) => value - mean);
  const length = Math.sqrt(moved.reduce((sum, value) => sum + value * value, 0));
  return moved.map((value) => value / Math.max(length, 1e-9));
}

function cut(sound: Float32Array, startMs: number, endMs: number): Float32Array {
  return sound.subarray((startMs * RATE_HZ) / 1000, (endMs * RATE_HZ) / 1000);
}
