/** What the drills share: health as anybody outside reads it, and injuries to the processes of a real companion. */
import { spawn } from "node:child_process";
import { once } from "node:events";
import type { HealthDetails } from "../../src/state/health.js";
import { getJson, type BuddyProcess } from "./buddy-process.js";
import { until } from "../../src/time/until.js";
import { processOf } from "./processes.js";

/** Where a part's process is found, by what it runs. */
export const PART_ENTRIES = {
  gateway: "gateway/main.js",
  vision: "src/vision/main.js",
  camera: "demo-camera/main.js",
  robot: "simulator/main.js",
} as const;
export type PartName = keyof typeof PART_ENTRIES;

/** Long forms are run by hand: `DRILLS=long`. */
export const isLong = process.env["DRILLS"] === "long";

export async function health(buddy: BuddyProcess): Promise<HealthDetails> {
  return (await getJson(buddy.runtime.page, "/api/health")) as unknown as HealthDetails;
}

/** How one sees another, by the companion's table. */
export function sightOf(details: HealthDetails, observer: string, observed: string): string {
  const pair = details.pairs.find((one) => one.observer === observer && one.observed === observed);
  return pair?.sight ?? "no pair";
}

export function pidOf(buddy: BuddyProcess, part: PartName): number {
  return processOf(buddy.child.pid as number, PART_ENTRIES[part]);
}

/** Waits until health fits; @returns how long that took, ms. */
export async function untilHealth(
  buddy: BuddyProcess,
  what: string,
  limitMs: number,
  fits: (details: HealthDetails) => boolean,
): Promise<number> {
  const startMs = performance.now();
  let last: HealthDetails | undefined;
  try {
    await until(what, limitMs, async () => fits((last = await health(buddy))), 10);
  } catch (error) {
    const lines = last?.backends.filter(({ state }) => state !== "green") ?? [];
    const pairs = last?.pairs.filter(({ sight }) => sight !== "green") ?? [];
    throw new Error(`${(error as Error).message}: ${JSON.stringify([lines, pairs])}`, {
      cause: error,
    });
  }
  return performance.now() - startMs;
}

/** Everything that is wanted works: nothing yellow, nothing red, nobody hung or gone. */
export function isGreen(details: HealthDetails): boolean {
  return (
    details.backends.every(({ state }) => state === "green" || state === "off") &&
    details.pairs.every(({ sight }) => sight === "green" || sight === "unknown")
  );
}

/** The colour of one line of health. */
export function colourOf(details: HealthDetails, id: string): string | undefined {
  return details.backends.find((one) => one.id === id)?.state;
}

/** Runs a command to its end; throws with its words when it fails. */
export async function run(file: string, ...args: string[]): Promise<void> {
  const child = spawn(file, args, { stdio: ["ignore", "ignore", "pipe"] });
  let words = "";
  child.stderr.on("data", (chunk) => (words += String(chunk)));
  const [code] = (await once(child, "close")) as [number | null];
  if (code !== 0) throw new Error(`${file} ${args.join(" ")}: ${code} ${words}`);
}
