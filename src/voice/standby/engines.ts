/**
 * Text to samples, inside a renderer process. Each engine gives the same samples for the same text, every time and in
 * every process: that is what makes a switch in the middle inaudible.
 */
import { randomBytes } from "node:crypto";
import { mkdirSync } from "node:fs";
import { readFile, rm } from "node:fs/promises";
import { join } from "node:path";
import { z } from "zod";
import { hum } from "./hum.js";
import { atOurRate, readWav, SOUND_SAMPLES_MAX } from "../speech/pcm.js";
import { findProgram } from "../../host/programs.js";
import { ProgramError, runProgram, type ProgramName } from "./programs.js";
import { PIECE_CHARS_MAX } from "../speech/text.js";

/** What is rendered; the same for both renderers. `sound`: a WAV file that an online voice made, base64. */
export const renderJob = z.discriminatedUnion("engine", [
  z.object({
    engine: z.enum(["espeak-ng", "flite", "hum"]),
    text: z.string().min(1).max(PIECE_CHARS_MAX),
    language: z.string().regex(/^[A-Za-z]{2,3}(-[A-Za-z0-9]{2,8})*$/),
  }),
  z.object({ engine: z.literal("sound"), sound: z.string() }),
]);
export type RenderJob = z.infer<typeof renderJob>;

/**
 * @param scratch folder of this renderer alone, for the one program that cannot write to a pipe.
 * @throws ProgramError in plain words.
 */
export async function render(
  job: RenderJob,
  scratch: string,
  signal: AbortSignal,
): Promise<Int16Array> {
  switch (job.engine) {
    case "hum":
      return hum(job.text);
    case "sound":
      return decoded(Buffer.from(job.sound, "base64"), "the online voice");
    case "espeak-ng": {
      const [language = "en"] = job.language.toLowerCase().split("-");
      const args = ["--stdin", "--stdout", "-b", "1", "-v", language];
      return decoded(await runProgram(installed("espeak-ng"), args, job.text, signal), "espeak-ng");
    }
    case "flite":
      return flite(job.text, scratch, signal);
  }
}

function installed(name: ProgramName): string {
  const file = findProgram(name);
  if (file === undefined) throw new ProgramError(`${name} is not installed`);
  return file;
}

/** flite seeks in its output, so it needs a file. Its name has nothing of the text in it. */
async function flite(text: string, scratch: string, signal: AbortSignal): Promise<Int16Array> {
  mkdirSync(scratch, { recursive: true, mode: 0o700 });
  const file = join(scratch, `${randomBytes(8).toString("hex")}.wav`);
  try {
    await runProgram(installed("flite"), ["-voice", "slt", "-t", text, "-o", file], "", signal);
    return decoded(await readFile(file), "flite");
  } finally {
    await rm(file, { force: true });
  }
}

function decoded(wav: Buffer, by: string): Int16Array {
  const result = readWav(wav);
  if (result.kind === "bad") throw new ProgramError(`${by}: ${result.why}`);
  return atOurRate(result.samples, result.rateHz).subarray(0, SOUND_SAMPLES_MAX);
}
