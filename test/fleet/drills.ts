// `npm run stage:drills`: three robots on a stage, as `buddy stage` starts them, and what goes wrong while one of them speaks. A
// person asks another one at once: measured is the time until its voice, and time in which two were heard. Each run's stage is
// a new one. Options: names of drills, --runs 20, --json. Exit 1 when a run does not hold.
import { parseArgs } from "node:util";
import { hasRoomLibrary, loadRoomLibrary } from "../../src/fleet/room/room-library.js";
import { overlapMs, OVERLAP_MS_MAX } from "../../src/stage/report.js";
import { findLivekit, findRedis } from "../../src/stage/servers.js";
import { ROBOTS, Stage } from "../../src/stage/stage.js";
import { systemClock as clock } from "../../src/time/clock.js";
import { until } from "../../src/time/until.js";

/** From the fault to the next voice: 3 s until the floor is taken back, and a sentence's beginning. */
const NEXT_MS_MAX = 4000;
/** In a room: a packet of 20 ms that LiveKit's library had in hand when the process was stopped, and what the codec makes of its end. */
const ROOM_OVERLAP_MS_MAX = 40;
const WAIT_MS_MAX = 60_000;
/** A holder that was stopped goes on after this: while the next one speaks, and before its supervisor takes it for hung. */
const STOPPED_MS = 5000;

interface Run {
  readonly nextMs: number;
  readonly overlapMs: number;
}

const DRILLS: Readonly<Record<string, (pid: number) => Promise<void>>> = {
  "holder-killed": async (pid) => void process.kill(pid, "SIGKILL"),
  "holder-stopped": async (pid) => {
    process.kill(pid, "SIGSTOP");
    await clock.sleep(STOPPED_MS);
    process.kill(pid, "SIGCONT");
  },
};

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { runs: { type: "string", default: "20" }, json: { type: "boolean", default: false } },
});
const names = positionals.length > 0 ? positionals : Object.keys(DRILLS);
const unknown = names.find((name) => DRILLS[name] === undefined);
const redis = findRedis(process.env);
if (unknown !== undefined || redis === undefined) {
  const why = redis === undefined ? "NOT RUN: no redis-server" : `unknown drill ${unknown}`;
  console.error(`${why}; there are: ${Object.keys(DRILLS).join(", ")}`);
  process.exit(2);
}
const server = findLivekit(process.env);
const hasRoom = server !== undefined && hasRoomLibrary(process.env);
const livekit = hasRoom ? { server, library: await loadRoomLibrary(process.env) } : undefined;
if (livekit === undefined)
  console.error("NOT RUN: the LiveKit room; they are heard at their pages");

async function drill(name: string): Promise<Run> {
  const stage = new Stage({
    clock,
    redis: redis as string,
    livekit,
    isOffline: true,
    log: () => undefined,
  });
  try {
    await stage.start();
    const [holder, next] = ROBOTS;
    await stage.ask(holder, "What can you do?");
    const isHeard = (robot: string): boolean => stage.heard().some((one) => one.robot === robot);
    await until(`${holder} to speak`, WAIT_MS_MAX, () => isHeard(holder));
    const endMs = clock.nowMs();
    const over = DRILLS[name]?.(stage.pidOf(holder));
    await stage.ask(next, "How are you?");
    await until(`${next} to speak`, WAIT_MS_MAX, () => isHeard(next));
    await over;
    const begun = stage.heard().find(({ robot }) => robot === next);
    // Whoever goes on after a stop has time to be heard, if it could be.
    await until("silence", WAIT_MS_MAX, () => stage.quietMs > 3000);
    const heard = stage.heard();
    return { nextMs: Math.round((begun?.startMs ?? 0) - endMs), overlapMs: overlapMs(heard) };
  } finally {
    await stage.close();
  }
}

let isGood = true;
for (const name of names) {
  const runs: Run[] = [];
  for (let i = 0; i < Number(values.runs); i++) {
    const run = await drill(name);
    const twoMsMax = livekit === undefined ? OVERLAP_MS_MAX : ROOM_OVERLAP_MS_MAX;
    const holds = run.nextMs <= NEXT_MS_MAX && run.overlapMs <= twoMsMax;
    if (!holds) isGood = false;
    console.error(
      `${name} ${i + 1}: next voice after ${run.nextMs} ms, two at once ${run.overlapMs} ms`,
    );
    runs.push(run);
  }
  const sorted = runs.map(({ nextMs }) => nextMs).sort((a, b) => a - b);
  const result = {
    drill: name,
    runs: runs.length,
    nextP95Ms: sorted[Math.ceil(sorted.length * 0.95) - 1],
    overlapMs: runs.reduce((sum, run) => sum + run.overlapMs, 0),
    isHeardIn: livekit === undefined ? "pages" : "room",
  };
  console.log(values.json ? JSON.stringify(result) : result);
}
// LiveKit's library keeps a process for ever that has loaded it.
process.stdout.write("", () => process.exit(isGood ? 0 : 1));
