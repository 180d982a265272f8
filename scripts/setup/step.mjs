// One step of the set-up: a command that is run with an end, says that it goes on, shows what it printed when it
// fails, and then says what to do.
import { spawn } from "node:child_process";
import { constants } from "node:os";

/** A slow step says every so often that it is still at it. */
const PROGRESS_MS = 10_000;
/** npm tidies up when it is asked to stop. What it leaves is made anew anyway. */
const STOP_MS_MAX = 10_000;

/** What a failure's own words call for; the first that fits. */
const REMEDIES = [
  [/ENOSPC|no space left/i, "The disk is full. Make room, then run the same command again."],
  [
    /EACCES|EPERM|EROFS/,
    "This folder holds files that you may not change. Give them to yourself (chown -R) or clone into another folder.",
  ],
  [
    /ENOTFOUND|EAI_AGAIN|ECONNREFUSED|ECONNRESET|ETIMEDOUT|ENETUNREACH|ERR_SOCKET_TIMEOUT/,
    "The package registry was not reached. Look at the network and at `npm config get registry`, then run the same command again.",
  ],
  [
    /spawn npm ENOENT/,
    "There is no npm in the PATH. Install Node with npm, then run the same command again.",
  ],
];
const REMEDY =
  "Run the same command again. If it fails in the same way, delete node_modules and dist first.";

/** The next step for somebody who reads this output. */
export function remedyOf(output) {
  return REMEDIES.find(([pattern]) => pattern.test(output))?.[1] ?? REMEDY;
}

/**
 * Runs a command to its end. When it fails, takes more than `limitMin` minutes or is interrupted, this process ends
 * with a code other than 0.
 * @param {{ what: string, command: string, args: string[], limitMin: number, env?: NodeJS.ProcessEnv }} step
 */
export async function run({ what, command, args, limitMin, env = process.env }) {
  const startMs = performance.now();
  const passedS = () => (performance.now() - startMs) / 1000;
  process.stderr.write(`setup: ${what} ... `);
  const child = spawn(command, args, {
    env,
    stdio: ["ignore", "pipe", "pipe"],
    shell: process.platform === "win32",
  });
  let output = "";
  for (const stream of [child.stdout, child.stderr]) {
    stream.on("data", (chunk) => {
      output += chunk;
    });
  }
  const progress = setInterval(
    () => process.stderr.write(`${passedS().toFixed(0)} s ... `),
    PROGRESS_MS,
  );
  let why;
  const stop = (reason) => {
    if (why !== undefined) return;
    why = reason;
    process.stderr.write("stopping ... ");
    child.kill("SIGTERM");
    setTimeout(() => child.kill("SIGKILL"), STOP_MS_MAX).unref();
  };
  const limit = setTimeout(() => stop(`not done after ${limitMin} min`), limitMin * 60_000);
  const signals = ["SIGINT", "SIGTERM", "SIGHUP"];
  let signal;
  const interrupted = (name) => {
    signal ??= name;
    stop("interrupted");
  };
  for (const name of signals) process.on(name, interrupted);
  const failure = await new Promise((resolve) => {
    child.on("error", (error) => resolve(error.message));
    child.on("close", (code, killedBy) =>
      resolve(code === 0 ? undefined : `exit ${code ?? killedBy}`),
    );
  });
  clearInterval(progress);
  clearTimeout(limit);
  for (const name of signals) process.off(name, interrupted);
  if (failure === undefined && why === undefined) {
    console.error(`${passedS().toFixed(1)} s`);
    return;
  }
  if (signal !== undefined) {
    console.error(`interrupted. The same command begins this step anew.`);
    process.exit(128 + constants.signals[signal]);
  }
  console.error(`failed (${why ?? failure})\n${output}`);
  console.error(`setup: ${remedyOf(`${failure}\n${output}`)}`);
  process.exit(1);
}
