/**
 * The voice programs this can use, and running them. They are separate programs that the user installs, found in
 * the PATH; nothing of them is linked or bundled (espeak-ng is GPL).
 */
import { spawn } from "node:child_process";
import { plainEnvironment } from "../../host/programs.js";

export const PROGRAMS = ["espeak-ng", "flite"] as const;
export type ProgramName = (typeof PROGRAMS)[number];

/** Longest rendering of one piece of text; espeak-ng takes 15 ms, flite 100 ms. */
const RUN_MS_MAX = 5000;
/** More sound than a minute at 48 kHz in stereo is no speech. */
const OUTPUT_BYTES_MAX = 12 * 1024 * 1024;
const ERROR_CHARS_MAX = 200;
export class ProgramError extends Error {
  override readonly name = "ProgramError";
}

/**
 * Runs a program with `input` on its standard input.
 * @returns what it wrote, once it has ended with status 0.
 * @throws ProgramError when it is missing, killed, too slow, too loud or ends with an error.
 */
export function runProgram(
  file: string,
  args: readonly string[],
  input: string,
  signal: AbortSignal,
): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    const name = file.slice(Math.max(file.lastIndexOf("/"), file.lastIndexOf("\\")) + 1);
    const child = spawn(file, [...args], {
      stdio: ["pipe", "pipe", "pipe"],
      env: plainEnvironment(),
      signal,
      killSignal: "SIGKILL",
      timeout: RUN_MS_MAX,
    });
    const out: Buffer[] = [];
    let bytes = 0;
    let errors = "";
    child.stdout.on("data", (piece: Buffer) => {
      bytes += piece.length;
      if (bytes > OUTPUT_BYTES_MAX) child.kill("SIGKILL");
      else out.push(piece);
    });
    child.stderr.setEncoding("utf8").on("data", (text: string) => {
      errors = (errors + text).slice(0, ERROR_CHARS_MAX);
    });
    // A program that ends without reading all of the text says why by its status.
    child.stdin.on("error", () => undefined);
    child.stdin.end(input);
    child.on("error", (error) => reject(new ProgramError(`${name}: ${error.message}`)));
    child.on("close", (code, killedBy) => {
      if (code === 0) return resolve(Buffer.concat(out));
      const how =
        bytes > OUTPUT_BYTES_MAX
          ? "wrote too much"
          : killedBy !== null
            ? `was ended by ${killedBy}`
            : `failed (${code})`;
      reject(new ProgramError(`${name} ${how}${errors === "" ? "" : `: ${errors.trim()}`}`));
    });
  });
}
