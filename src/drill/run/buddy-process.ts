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

/** A companion that was started and may not be ready yet. */
export interface LaunchedBuddy {
  readonly child: ChildProcess;
  readonly dataDir: string;
  /** Both its streams so far. */
  readonly output: () => string;
  /** The page's address as `host:port`; undefined until it is said. */
  readonly page: () => string | undefined;
  readonly isReady: () => boolean;
  /** Ends it and resolves with its exit code. @throws when it does not end within its bound; it is killed then. */
  stop(signal?: NodeJS.Signals): Promise<number | null>;
}

export interface BuddyProcess extends LaunchedBuddy {
  readonly runtime: Runtime;
  /** Milliseconds from spawn to the ready line. */
  readonly readyMs: number;
}

interface LaunchOptions {
  readonly env?: Record<string, string>;
  /** Kept after `stop`; without one it has a fresh directory, which is not. */
  readonly dataDir?: string;
  /** Command line that runs the companion's, for example under a limit; it ends with its process. */
  readonly under?: readonly string[];
  /** The Node that runs it and its parts; this process's own without it. */
  readonly node?: string;
}

/** @param flags further options of `buddy start`. */
export function launchBuddy(
  flags: readonly string[] = [],
  options: LaunchOptions = {},
): LaunchedBuddy {
  const dataDir = options.dataDir ?? mkdtempSync(join(tmpdir(), "buddy-e2e-"));
  const root = packageRoot();
  const [file = process.execPath, ...args] = [
    ...(options.under ?? []),
    options.node ?? process.execPath,
    join(root, "dist/src/cli.js"),
    "start",
    ...FREE_PORTS,
    "--data",
    dataDir,
    "--no-open",
    ...flags,
  ];
  const child = spawn(file, args, {
    cwd: root,
    env: { ...process.env, ...options.env },
    stdio: ["ignore", "pipe", "pipe"],
  });
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
  return {
    child,
    dataDir,
    output: () => output,
    page: () => /^page http:\/\/([^/\s]+)\S* : starting$/m.exec(output)?.[1],
    isReady: () => /^ready /m.test(output),
    stop,
  };
}

/** Launches a companion and waits for its ready line. A `dataDir` of the caller's own is kept after `stop`. */
export async function startBuddy(
  flags: readonly string[] = [],
  options: LaunchOptions & { readonly readyMsMax?: number } = {},
): Promise<BuddyProcess> {
  const startMs = systemClock.nowMs();
  const buddy = launchBuddy(flags, options);
  try {
    await until("the ready line", options.readyMsMax ?? READY_MS_MAX, () => {
      const { exitCode } = buddy.child;
      if (exitCode !== null) throw new Error(`exit ${exitCode} before ready`);
      return buddy.isReady();
    });
    const readyMs = systemClock.nowMs() - startMs;
    const runtime = readRuntime(buddy.dataDir);
    if (!runtime) throw new Error("ready, but no runtime.json");
    return { ...buddy, runtime, readyMs };
  } catch (error) {
    await buddy.stop("SIGKILL");
    throw new Error(`${reasonOf(error)}\n--- output ---\n${buddy.output()}`, { cause: error });
  }
}
