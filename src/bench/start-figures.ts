/** From `buddy start` on an installed checkout to its ready line: processes, link, camera and first face included. */
import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { packageRoot } from "../host/package-root.js";
import { systemClock } from "../time/clock.js";
import { atMost, type Figure } from "./figures.js";

const READY_S_BAR = 10;
const READY_MS_MAX = 60_000;
const DOORS = ["--port", "--vision-port", "--ws-port", "--udp-port", "--link-port"];

/** Each start is of a new robot: an empty data directory. */
export async function startTimes(rounds: number): Promise<Figure[]> {
  const times: number[] = [];
  for (let round = 0; round < rounds; round++) times.push(await readyMs());
  const worst = Math.max(...times) / 1000;
  return [atMost("buddy start → ready, worst", worst, READY_S_BAR, "s", rounds)];
}

async function readyMs(): Promise<number> {
  const dataDir = mkdtempSync(join(tmpdir(), "buddy-bench-"));
  const flags = [...DOORS.flatMap((name) => [name, "0"]), "--data", dataDir, "--no-open"];
  const startMs = systemClock.nowMs();
  const child = spawn(
    process.execPath,
    [join(packageRoot(), "dist/src/cli.js"), "start", ...flags],
    {
      stdio: ["ignore", "pipe", "pipe"],
    },
  );
  const closed = once(child, "close");
  let output = "";
  try {
    return await new Promise<number>((resolve, reject) => {
      const cancel = systemClock.after(READY_MS_MAX, () =>
        reject(new Error(`not ready after ${READY_MS_MAX} ms: ${output}`)),
      );
      child.stderr.on("data", (chunk) => (output += String(chunk)));
      child.stdout.on("data", (chunk) => {
        output += String(chunk);
        if (!/^ready /m.test(output)) return;
        cancel();
        resolve(systemClock.nowMs() - startMs);
      });
      child.on("close", () => {
        cancel();
        reject(new Error(`ended before it was ready: ${output}`));
      });
    });
  } finally {
    child.kill("SIGTERM");
    await closed;
    rmSync(dataDir, { recursive: true, force: true });
  }
}
