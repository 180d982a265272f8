/** Sentences spoken by real programs, as 16 kHz sound: two espeak-ng and flite voices at three speeds. */
import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { findProgram } from "../../src/host/programs.js";
import { Resampler } from "../../src/page/audio/resampler.js";
import { readWav } from "../../src/voice/speech/pcm.js";
import { RATE_HZ } from "../support/sounds.js";

export interface TestSpeaker {
  readonly name: string;
  readonly program: "espeak-ng" | "flite";
  readonly args: readonly string[];
}

const espeak = (name: string, wordsPerMin: number): TestSpeaker => ({
  name: `espeak-ng ${name}, ${wordsPerMin} words/min`,
  program: "espeak-ng",
  args: ["-v", name, "-s", String(wordsPerMin)],
});
const flite = (name: string, stretch: number): TestSpeaker => ({
  name: `flite ${name}, ${stretch} × as long`,
  program: "flite",
  args: ["-voice", name, "--setf", `duration_stretch=${stretch}`],
});

export const SPEAKERS: readonly TestSpeaker[] = [
  ...[130, 175, 220].map((speed) => espeak("en-us", speed)),
  ...[1.3, 1, 0.8].map((stretch) => flite("slt", stretch)),
];
export const NEIGHBOUR = flite("rms", 1);
export const ASKER = flite("slt", 1);

/** Why nobody speaks here, or undefined. */
export function noSpeakers(): string | undefined {
  const missing = ["espeak-ng", "flite"].filter((name) => findProgram(name) === undefined);
  return missing.length === 0 ? undefined : `${missing.join(" and ")} not installed`;
}

/** @param level loudest sample, 0..1. */
export function say(
  words: string,
  { program, args }: TestSpeaker,
  level = 0.5,
): { words: string; sound: Float32Array } {
  const folder = mkdtempSync(join(tmpdir(), "buddy-say-"));
  try {
    const file = join(folder, "said.wav");
    const rest = program === "flite" ? ["-t", words, "-o", file] : ["-w", file, words];
    const { status, stderr } = spawnSync(program, [...args, ...rest], { encoding: "utf8" });
    if (status !== 0) throw new Error(`${program}: ${stderr}`);
    const decoded = readWav(readFileSync(file));
    if (decoded.kind === "bad") throw new Error(`${program}: ${decoded.why}`);
    const line = Float32Array.from(decoded.samples, (value) => value / 32_768);
    const sound =
      decoded.rateHz === RATE_HZ ? line : new Resampler(decoded.rateHz, RATE_HZ).push(line);
    const peak = sound.reduce((most, value) => Math.max(most, Math.abs(value)), 0);
    return { words, sound: sound.map((value) => (value * level) / peak) };
  } finally {
    rmSync(folder, { recursive: true });
  }
}
