/**
 * Starts the companion as a user does (the built CLI in a process of its own, free ports, a fresh data
 * directory) and ends it again. Every wait has a limit and says what it waited for.
 */
import { spawn, type ChildProcess } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { reasonOf } from "../../host/reason.js";
import { readRuntime, type Runtime } from "../../datadir/runtime-file.js";
import { packageRoot } from "../../host/package-root.js";
import { systemClock } from "../../time/clock.js";
import { until } from "../../time/until.js";

const FREE_PORTS = ["--port", "--vision-port", "--ws-port", "--udp-port", "--link-port"].flatMap(
  (name) => [name, "0"],
);
const READY_MS_MAX = 60_000;
/** The companion's own stop is bounded at 20 s and a bit for what it kills then. */
const STOP_MS_MAX = 26_000;

export interface BuddyProcess {
  readonly child: ChildProcess;
  readonly dataDir: string;
  readonly runtime: Runtime;
  /** Milliseconds from spawn to the ready line. */
  readonly readyMs: number;
  readonly output: () => string;
  stop(signal?: NodeJS.Signals): Promise<number | null>;
}

/** @param flags further options of `buddy start`; a `dataDir` of the caller's own is kept after `stop`. */
export async function startBuddy(
  flags: readonly string[] = [],
  options: { env?: Record<string, string>; readyMsMax?: number; dataDir?: string } = {},
): Promise<BuddyProcess> {
  const dataDir = options.dataDir ?? mkdtempSync(join(tmpdir(), "buddy-e2e-"));
  const startMs = systemClock.nowMs();
  const root = packageRoot();
  const child = spawn(
    process.execPath,
    [
      join(root, "dist/src/cli.js"),
      "start",
      ...FREE_PORTS,
      "--data",
      dataDir,
      "--no-open",
      ...flags,
    ],
    { cwd: root, env: { ...process.env, ...options.env }, stdio: ["ignore", "pipe", "pipe"] },
  );
  let output = "";
  child.stdout.on("data", (chunk) => (output += String(chunk)));
  child.stderr.on("data", (chunk) => (output += String(chunk)));
  const stop = async (signal: NodeJS.Signals = "SIGTERM"): Promise<number | null> => {
    if (child.exitCode === null && child.signalCode === null) {
      // The limit's timer is ended with the wait: it would keep this process for as long as it lasts.
      const isGone = await new Promise<boolean>((resolve) => {
        const cancel = systemClock.after(STOP_MS_MAX, () => resolve(false));
        child.once("exit", () => {
          cancel();
          resolve(true);
        });
        child.kill(signal);
      });
      if (!isGone) {
        child.kill("SIGKILL");
        throw new Error(`the companion did not stop within ${STOP_MS_MAX} ms\n${output}`);
      }
    }
    if (options.dataDir === undefined) rmSync(dataDir, { recursive: true, force: true });
    return child.exitCode;
  };
  try {
    await until("the ready line", options.readyMsMax ?? READY_MS_MAX, () => {
      if (child.exitCode !== null) throw new Error(`exit ${child.exitCode} before ready`);
      return /^ready /m.test(output);
    });
    const readyMs = systemClock.nowMs() - startMs;
    const runtime = readRuntime(dataDir);
    if (!runtime) throw new Error("ready, but no runtime.json");
    return { child, dataDir, runtime, readyMs, output: () => output, stop };
  } catch (error) {
    await stop("SIGKILL");
    throw new Error(`${reasonOf(error)}\n--- output ---\n${output}`, { cause: error });
  }
}
