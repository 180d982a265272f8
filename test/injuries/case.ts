/**
 * A start on a data directory of which one file was injured, as a person who has that bad luck sees it: does it start or say
 * what to do, what does it say about the file, and what of the past is still there.
 */
import { cpSync, lstatSync, mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";
import { readRuntime } from "../../src/datadir/runtime-file.js";
import { launchBuddy, startBuddy, type LaunchedBuddy } from "../../src/drill/run/buddy-process.js";
import { systemClock } from "../../src/time/clock.js";
import { until } from "../../src/time/until.js";
import { INJURIES } from "./injuries.js";

const START_MS_MAX = 90_000;
const SETTLE_MS_MAX = 30_000;
const FACT = "I like sailing";
const PER_HOUR = 7;

/** Something of the past. */
interface Kept {
  isThere(buddy: Answers): Promise<boolean>;
  /** It is read before the page answers at all: what is not there then does not come. */
  readonly isReadFirst: boolean;
}

/** What a person would miss, and how one sees that it is there. */
const KEPT: Readonly<Record<string, Kept>> = {
  "what was said": {
    isThere: async ({ json }) => JSON.stringify(await json("/api/memory")).includes(FACT),
    isReadFirst: true,
  },
  settings: {
    isThere: async ({ json }) =>
      ((await json("/api/mind/settings")) as { perHourMax?: number }).perHourMax === PER_HOUR,
    isReadFirst: true,
  },
  "the robot's life": {
    isThere: async ({ json }) => {
      const { robot } = (await json("/api/state")) as { robot: { saved?: { origin?: string } } };
      return robot.saved?.origin === "own" || robot.saved?.origin === "mirror";
    },
    isReadFirst: false,
  },
};

interface Answers {
  json(path: string, init?: RequestInit): Promise<unknown>;
}

export interface CaseResult {
  readonly file: string;
  readonly injury: string;
  readonly outcome: "starts" | "refuses" | "NEITHER";
  /** From the command to ready, or to its end. */
  readonly seconds: number;
  /** Lines of the terminal, of the page's health and of its log that tell of the file. */
  readonly said: readonly string[];
  readonly lost: readonly string[];
  /** What the injured file was moved to, so that a person can look at it. */
  readonly kept: readonly string[];
}

function answersOf(page: string): Answers {
  return {
    json: async (path, init) => {
      const answer = await fetch(`http://${page}${path}`, {
        ...init,
        signal: AbortSignal.timeout(20_000),
      });
      return answer.json();
    },
  };
}

/** @returns a data directory with a past: somebody said something, changed a setting, and the robot has lived twice. */
export async function makePast(): Promise<string> {
  const dataDir = mkdtempSync(join(tmpdir(), "buddy-past-"));
  for (const round of [1, 2]) {
    const buddy = await startBuddy([], { dataDir, readyMsMax: START_MS_MAX });
    try {
      const { json } = answersOf(buddy.runtime.page);
      const headers = { "content-type": "application/json" };
      if (round === 1) {
        const text = `My name is Tom. Remember that ${FACT}.`;
        await json("/api/say", { method: "POST", headers, body: JSON.stringify({ text }) });
        const body = JSON.stringify({ perHourMax: PER_HOUR });
        await json("/api/mind/settings", { method: "PUT", headers, body });
      }
      await until("the robot to have saved itself", SETTLE_MS_MAX, async () => {
        const { robot } = (await json("/api/state")) as { robot: { boots?: number } };
        return (robot.boots ?? 0) >= round;
      });
    } finally {
      await buddy.stop();
    }
  }
  return dataDir;
}

/** One log stands for all: they are written by the same code. */
const A_LOG = join("logs", "health.log");

/** Regular files of the directory that a start reads or writes; what only a compiler made is left out. */
export function filesOf(dataDir: string): string[] {
  return readdirSync(dataDir, { recursive: true, encoding: "utf8" })
    .filter((name) => lstatSync(join(dataDir, name)).isFile())
    .filter((name) => !name.includes("/bin/"))
    .filter((name) => !name.startsWith("logs") || name === A_LOG)
    .sort();
}

/** @param injury one of `INJURIES`, or "none" @throws RangeError for any other */
export async function tryCase(past: string, file: string, injury: string): Promise<CaseResult> {
  const injure = injury === "none" ? () => undefined : INJURIES[injury];
  if (!injure) throw new RangeError(`no injury "${injury}"`);
  const dataDir = mkdtempSync(join(tmpdir(), "buddy-injured-"));
  try {
    cpSync(past, dataDir, { recursive: true });
    const before = new Set(readdirSync(dataDir, { recursive: true, encoding: "utf8" }));
    injure(join(dataDir, file));
    const startMs = systemClock.nowMs();
    const buddy = launchBuddy([], { dataDir });
    try {
      const outcome = await outcomeOf(buddy);
      const seconds = Math.round((systemClock.nowMs() - startMs) / 100) / 10;
      const told = [buddy.output()];
      const page = readRuntime(dataDir)?.page;
      const lost =
        outcome === "starts" && page !== undefined ? await missing(answersOf(page), told) : [];
      const kept = readdirSync(dataDir, { recursive: true, encoding: "utf8" })
        .filter((name) => !before.has(name) && name.startsWith(`${file}.`))
        .filter((name) => !/-(?:wal|shm)$/.test(name));
      return { file, injury, outcome, seconds, said: linesAbout(told, file, dataDir), lost, kept };
    } finally {
      await buddy.stop();
    }
  } finally {
    rmSync(dataDir, { recursive: true, force: true });
  }
}

async function outcomeOf(buddy: LaunchedBuddy): Promise<CaseResult["outcome"]> {
  try {
    await until("ready, or the end", START_MS_MAX, () => {
      return buddy.isReady() || buddy.child.exitCode !== null;
    });
  } catch {
    return "NEITHER";
  }
  return buddy.child.exitCode === null ? "starts" : "refuses";
}

/** @returns what of the past is not there, each waited for as a person would; adds what health says to `told` */
async function missing(buddy: Answers, told: string[]): Promise<string[]> {
  const lost: string[] = [];
  for (const [what, { isThere, isReadFirst }] of Object.entries(KEPT)) {
    let isHere = false;
    try {
      await until(what, SETTLE_MS_MAX, async () => {
        // A busy machine answers late: an answer that did not come is asked for again.
        const answer = await isThere(buddy).catch(() => undefined);
        isHere = answer === true;
        return isHere || (isReadFirst && answer !== undefined);
      });
    } catch {
      // Its time is up.
    }
    if (!isHere) lost.push(what);
  }
  const { health } = (await buddy.json("/api/state")) as {
    health: { parts: { title: string; state: string; text: string; next: string }[] };
  };
  for (const { title, state, text, next } of health.parts)
    if (state !== "green" && state !== "off") told.push(`${title}: ${text} ${next}`);
  return lost;
}

function linesAbout(told: readonly string[], file: string, dataDir: string): string[] {
  // What every start says, and what a busy machine adds.
  const progress =
    /^(?:page |ready |waiting for |stopping|I have only my own small head|Face detector: The detector is loading)|: the parent is silent/;
  return told
    .flatMap((text) => text.split("\n"))
    .map((line) => line.replaceAll(dataDir, "DATA").trim())
    .filter((line) => line !== "" && !progress.test(line))
    .filter((line, index, all) => all.indexOf(line) === index)
    .sort((a, b) => Number(b.includes(basename(file))) - Number(a.includes(basename(file))));
}
