/** `buddy stage`: a stage of three light robots on this machine, to try and to measure (docs/FLEET.md). */
import { InvalidArgumentError, type Command } from "commander";
import { causeReasonOf } from "../host/reason.js";
import { untilSignal } from "../host/signals.js";
import { systemClock } from "../time/clock.js";
import type { StageReport } from "../stage/report.js";
import { EXIT_FAILED } from "./data-option.js";

const TURNS_MAX = 10_000;
/** Where people are to get a word in. */
const QUIET_MS = 20_000;

interface Flags {
  readonly turns?: number;
  readonly json: boolean;
}

export function addStageCommand(program: Command): void {
  program
    .command("stage")
    .description("three simulated robots that talk with each other on this machine (docs/FLEET.md)")
    .option("--turns <n>", "end after so many turns and say what became of them", turnsOf)
    .option("--json", "print the result as JSON, in the last line", false)
    .action(async (flags: Flags) => {
      const code = await run(flags);
      // LiveKit's library keeps a process for ever that has loaded it.
      process.stdout.write("", () => process.exit(code));
    });
}

function turnsOf(text: string): number {
  const turns = Number(text);
  if (Number.isInteger(turns) && turns > 0 && turns <= TURNS_MAX) return turns;
  throw new InvalidArgumentError(`expected 1 to ${TURNS_MAX}.`);
}

async function run({ turns, json }: Flags): Promise<number> {
  // Loaded here, so that no other command has any of it.
  const { Stage } = await import("../stage/stage.js");
  const { findLivekit, findRedis, versionOf } = await import("../stage/servers.js");
  const { hasRoomLibrary, loadRoomLibrary } = await import("../fleet/room/room-library.js");
  const { OVERLAP_MS_MAX } = await import("../stage/report.js");
  const redis = findRedis(process.env);
  if (redis === undefined) {
    const why =
      "NOT RUN: no redis-server was found; install it (apt install redis-server), or set REDIS_SERVER";
    process.stderr.write(`buddy stage: ${why}\n`);
    return EXIT_FAILED;
  }
  const server = findLivekit(process.env);
  if (server === undefined || !hasRoomLibrary(process.env)) {
    const why = "they are heard at their pages; `npm run livekit:get` gets server and libraries";
    process.stderr.write(`buddy stage: NOT RUN: the LiveKit room, ${why}\n`);
  }
  const livekit =
    server !== undefined && hasRoomLibrary(process.env)
      ? { server, library: await loadRoomLibrary(process.env) }
      : undefined;
  const say = (line: string): void => void process.stdout.write(`${line}\n`);
  const isOffline = turns !== undefined;
  const stage = new Stage({ clock: systemClock, redis, livekit, isOffline, log: say });
  const ended = new AbortController();
  void untilSignal().then(() => ended.abort());
  let report: StageReport;
  try {
    await stage.start();
    for (const { robot, url } of stage.pages()) say(`${robot}: ${url}`);
    const quietMs = turns === undefined ? QUIET_MS : undefined;
    report = await stage.play(turns ?? Infinity, ended.signal, quietMs);
  } catch (error) {
    process.stderr.write(`buddy stage: ${causeReasonOf(error)}\n`);
    return EXIT_FAILED;
  } finally {
    await stage.close();
  }
  const result = {
    ...report,
    redis: await versionOf(redis),
    livekit: livekit ? await versionOf(livekit.server) : null,
  };
  say(json ? JSON.stringify(result) : words(result));
  if (turns === undefined) return 0;
  const isGood = report.heard === turns && report.overlapMs <= OVERLAP_MS_MAX;
  return isGood ? 0 : EXIT_FAILED;
}

function words(result: Readonly<Record<string, unknown>>): string {
  return Object.entries(result)
    .map(([name, value]) => `${name} ${String(value)}`)
    .join(", ");
}
