/**
 * Whether Buddy's memory grows: `buddy start` with the demo camera, tracking, with no page, left alone for the minutes asked for.
 * Linux only: elsewhere the system does not tell.
 */
import { copyFileSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { startBuddy } from "../drill/run/buddy-process.js";
import { processTree } from "../host/process-load.js";
import { systemClock as clock } from "../time/clock.js";
import { processName } from "./buddy-processes.js";
import { told, type Figure } from "./figures.js";
import { growthFigures, type MemorySample } from "./memory-growth.js";

const SAMPLE_MS = 10_000;
/** For six marks with a sample each. */
const MINUTES_MIN = 6;

/**
 * Runs on a copy of Node. Pss shares the program's pages out among all that run it: with the copy these are Buddy's own
 * processes, whatever else of Node starts or ends on the machine meanwhile (that alone moved the sum by 40 MB).
 */
export async function memoryFigures(minutesAsked: number): Promise<Figure[]> {
  if (process.platform !== "linux") return [told("memory: NOT RUN, this is not Linux", "", 0)];
  const minutes = Math.max(MINUTES_MIN, minutesAsked);
  const folder = mkdtempSync(join(tmpdir(), "buddy-node-"));
  try {
    const node = join(folder, "node");
    copyFileSync(process.execPath, node);
    const buddy = await startBuddy([], { node });
    try {
      return growthFigures(await sampled(buddy.child.pid as number, minutes), minutes);
    } finally {
      await buddy.stop();
    }
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

async function sampled(root: number, minutes: number): Promise<MemorySample[]> {
  const fromMs = clock.nowMs();
  const samples: MemorySample[] = [];
  for (let minute = 0; minute < minutes;) {
    const loads = await processTree(root);
    if (loads.length === 0) throw new Error(`Buddy ended after ${minute.toFixed(1)} minutes`);
    minute = (clock.nowMs() - fromMs) / 60_000;
    const processes = loads.map((load) => ({
      name: processName(load),
      pid: load.pid,
      mb: load.pssBytes / 1e6,
    }));
    samples.push({ minute, processes });
    await clock.sleep(SAMPLE_MS);
  }
  return samples;
}
