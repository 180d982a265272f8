/**
 * What Buddy costs the machine: processor and memory of each process of `buddy start` with the demo camera, tracking, with nobody
 * there, told to speak and with a page open. Linux only: elsewhere the system does not tell.
 */
import { spawn } from "node:child_process";
import { fileURLToPath } from "node:url";
import { startBuddy } from "../drill/run/buddy-process.js";
import { listeningPort } from "../drill/run/processes.js";
import { processTree } from "../host/process-load.js";
import { systemClock as clock } from "../time/clock.js";
import { until } from "../time/until.js";
import { budgetMb, processName } from "./buddy-processes.js";
import { atMost, told, type Figure } from "./figures.js";

/** After a change of what it does, until that is what it costs. */
const SETTLE_MS = 5000;
/** Each part is measured for this share of the minutes asked for, at least so long. */
const MEASURE_MS_MIN = 20_000;
/** Where the photograph is in no view of a head that looks about. */
const AWAY = { name: "still", nodDeg: 170, baseDeg: 0 };
const AWAY_MS_MAX = 60_000;
const SENTENCE = "I will say this again until somebody has measured what it costs to say it.";
const SAY_EVERY_MS = 4000;
const CALL_MS_MAX = 10_000;

/** Bars of docs/BENCH.md: share of one core, megabytes. */
const BARS = { trackingPercent: 40, trackingMb: 400, nobodyPercent: 10 };

interface Effort {
  readonly what: string;
  /** Of the camera and searched, each second: a machine that is too busy for all of them shows a share that is too small. */
  readonly picturesPerS: number;
  readonly searchedPerS: number;
  readonly processes: readonly { name: string; percent: number; mb: number }[];
}

/** @param minutes of the whole; each of the four parts is measured for 20 s at least. */
export async function effortFigures(minutes: number): Promise<Figure[]> {
  if (process.platform !== "linux") return [told("effort: NOT RUN, this is not Linux", "", 0)];
  const measureMs = Math.max(MEASURE_MS_MIN, (minutes * 60_000) / 4 - SETTLE_MS);
  const buddy = await startBuddy();
  const pid = buddy.child.pid as number;
  const page = `http://${buddy.runtime.page}`;
  try {
    const tracking = await measure("tracking", pid, page, measureMs);
    const talking = await withTalk(page, () =>
      measure("told to speak, no page to hear it", pid, page, measureMs),
    );
    const open = await withPage(page, () => measure("a page open", pid, page, measureMs));
    await sendAway(pid, page);
    const nobody = await measure("nobody there", pid, page, measureMs);
    return [
      ...figuresOf(tracking, BARS.trackingPercent, BARS.trackingMb),
      ...figuresOf(nobody, BARS.nobodyPercent, BARS.trackingMb),
      ...figuresOf(talking),
      ...figuresOf(open),
    ];
  } finally {
    await buddy.stop();
  }
}

async function measure(what: string, pid: number, page: string, ms: number): Promise<Effort> {
  await clock.sleep(SETTLE_MS);
  const before = await processTree(pid);
  const fromMs = clock.nowMs();
  await clock.sleep(ms);
  const after = await processTree(pid);
  const tookMs = clock.nowMs() - fromMs;
  const processes = after.map((load) => {
    // One that began meanwhile, as a synthesiser does for a sentence, has used all that it used since.
    const usedMs = load.cpuMs - (before.find((one) => one.pid === load.pid)?.cpuMs ?? 0);
    return {
      name: processName(load),
      percent: (100 * usedMs) / tookMs,
      mb: load.pssBytes / 1e6,
    };
  });
  const { vision } = await stateOf(page);
  const picturesPerS = vision.camera.framesPerS;
  return { what, picturesPerS, searchedPerS: vision.detector.framesPerS, processes };
}

interface SeenState {
  readonly vision: {
    readonly faces: number;
    readonly camera: { readonly framesPerS: number };
    readonly detector: { readonly framesPerS: number };
  };
}

async function stateOf(page: string): Promise<SeenState> {
  return (await call(`${page}/api/state`)) as SeenState;
}

/** While a sentence is to be said every few seconds. No page is open that plays it: what the voice itself costs is not in this. */
async function withTalk(page: string, work: () => Promise<Effort>): Promise<Effort> {
  const say = (): void => {
    const body = JSON.stringify({ text: SENTENCE });
    // A sentence that is refused, because the one before is not over, costs nothing: the figure would show it.
    void call(`${page}/api/say`, body).catch(() => undefined);
  };
  say();
  const cancel = clock.every(SAY_EVERY_MS, say);
  try {
    return await work();
  } finally {
    cancel();
  }
}

/** While a page takes pictures and poses. It is a process of its own, and not counted. */
async function withPage(page: string, work: () => Promise<Effort>): Promise<Effort> {
  const program = fileURLToPath(new URL("../drill/page-client.js", import.meta.url));
  const url = `${page.replace("http", "ws")}/live`;
  const client = spawn(process.execPath, [program, url], { stdio: "ignore" });
  try {
    return await work();
  } finally {
    client.kill("SIGKILL");
  }
}

/** Takes the photograph out of every view and waits until nobody is seen. */
async function sendAway(pid: number, page: string): Promise<void> {
  const tree = await processTree(pid);
  const camera = tree.find((load) => processName(load) === "demo camera");
  if (camera === undefined) throw new Error("no demo camera below this Buddy");
  const port = listeningPort(camera.pid);
  await call(`http://127.0.0.1:${port}/path`, JSON.stringify(AWAY));
  await until("nobody to be seen", AWAY_MS_MAX, async () => {
    const { vision } = await stateOf(page);
    return vision.faces === 0;
  });
}

async function call(url: string, body?: string): Promise<unknown> {
  const answer = await fetch(url, {
    ...(body !== undefined && {
      method: "POST",
      headers: { "content-type": "application/json" },
      body,
    }),
    signal: AbortSignal.timeout(CALL_MS_MAX),
  });
  if (!answer.ok) throw new Error(`${url} answered ${answer.status}`);
  return answer.json();
}

/** A row for all and one for each process. Bars are for all together. */
function figuresOf(effort: Effort, percentBar?: number, mbBar?: number): Figure[] {
  const { what, picturesPerS, searchedPerS, processes } = effort;
  const sum = (of: "percent" | "mb"): number => processes.reduce((all, one) => all + one[of], 0);
  const cpu = `${what}: processor, all ${processes.length} processes`;
  const memory = `${what}: memory (Pss), all`;
  return [
    percentBar === undefined
      ? told(cpu, `${sum("percent").toFixed(1)} % of a core`, 1)
      : atMost(cpu, sum("percent"), percentBar, "% of a core", 1),
    mbBar === undefined
      ? told(memory, `${sum("mb").toFixed(0)} MB`, 1)
      : atMost(memory, sum("mb"), mbBar, "MB", 1),
    told(`${what}: pictures taken, searched`, `${picturesPerS}, ${searchedPerS} /s`, 1),
    ...processes.map(({ name, percent, mb }) => {
      const mbMax = budgetMb(name);
      const row = told(`${what}: ${name}`, `${percent.toFixed(1)} %, ${mb.toFixed(0)} MB`, 1);
      if (mbBar === undefined || mbMax === undefined) return row;
      return { ...row, bar: `≤ ${mbMax} MB`, isMet: mb <= mbMax };
    }),
  ];
}
