/** `buddy director`: a director at work, and what a person tells a stage. */
import { randomBytes } from "node:crypto";
import { readFileSync } from "node:fs";
import { Argument, type Command } from "commander";
import type { Director } from "../fleet/director.js";
import type { GuardOptions } from "../fleet/room/room-guard.js";
import type { StageMode } from "../fleet/director/director-core.js";
import { causeReasonOf } from "../host/reason.js";
import { untilSignal } from "../host/signals.js";
import { Resilience } from "../resilience/resilience.js";
import { policiesOf } from "../resilience/policies-of.js";
import { systemClock } from "../time/clock.js";
import { until } from "../time/until.js";
import { systemChance } from "../time/chance.js";
import { EXIT_FAILED, EXIT_USAGE } from "./data-option.js";

const LIMIT_MS = 10_000;
const MODES: Readonly<Record<string, StageMode>> = {
  pause: "paused",
  resume: "running",
  end: "ended",
};
const ACTIONS = [
  "run",
  "status",
  "pause",
  "resume",
  "end",
  "quiet",
  "lead",
  "play",
  "script",
] as const;
type Action = (typeof ACTIONS)[number];

interface Flags {
  readonly fleet?: string;
  readonly stage: string;
  readonly fleetUser?: string;
  readonly room?: string;
}

export function addDirectorCommand(program: Command): void {
  program
    .command("director")
    .description("watch over a stage of several robots, or tell it something (docs/FLEET.md)")
    .addArgument(new Argument("[action]", "what to do").choices(ACTIONS).default("run"))
    .argument(
      "[words...]",
      "lead: a robot's name, or nothing; play: title and opening words; script: a JSON file",
    )
    .option("--fleet <url>", "the Redis of the fleet, also BUDDY_FLEET")
    .option("--fleet-user <name>", "name there; its password is in BUDDY_FLEET_PASSWORD")
    .option("--stage <name>", "the stage, also BUDDY_STAGE", process.env["BUDDY_STAGE"] ?? "home")
    .option(
      "--room <url>",
      "the LiveKit room where it mutes who talks without the floor, also BUDDY_ROOM",
    )
    .action(async (action: Action, words: string[], flags: Flags) => {
      process.exitCode = await run(action, words, flags);
      // LiveKit's library keeps a process for ever that has loaded it.
      if (action === "run") process.stdout.write("", () => process.exit());
    });
}

async function run(action: Action, words: readonly string[], flags: Flags): Promise<number> {
  // Loaded here, so that no other command has any of it.
  const { fleetAddress } = await import("../fleet/redis/address.js");
  const { STAGE_NAME } = await import("../fleet/stage/stage-calls.js");
  const { Director } = await import("../fleet/director.js");
  const url = flags.fleet ?? process.env["BUDDY_FLEET"] ?? "";
  const address = fleetAddress(url);
  if (address === undefined) {
    return told(`--fleet: expected the address of a Redis, got ${JSON.stringify(url)}`, EXIT_USAGE);
  }
  if (!STAGE_NAME.test(flags.stage)) {
    return told(`--stage: expected a name, got ${JSON.stringify(flags.stage)}`, EXIT_USAGE);
  }
  const room = action === "run" ? await roomOf(flags) : undefined;
  if (typeof room === "string") return told(room, EXIT_USAGE);
  const director = new Director({
    address,
    stage: flags.stage,
    user: flags.fleetUser ?? process.env["BUDDY_FLEET_USER"],
    password: process.env["BUDDY_FLEET_PASSWORD"],
    room,
    clock: systemClock,
    chance: systemChance,
    policies: policiesOf(new Resilience()),
    log: (_level, message) =>
      process.stdout.write(`${new Date(systemClock.wallMs()).toISOString()} ${message}\n`),
  });
  director.start(action === "run");
  try {
    if (action === "run") {
      await untilSignal();
      return 0;
    }
    await until("Redis to answer", LIMIT_MS, () => director.isConnected);
    process.stdout.write(`${await tellStage(director, action, words)}\n`);
    return 0;
  } catch (error) {
    return told(causeReasonOf(error), EXIT_FAILED);
  } finally {
    await director.close();
  }
}

/** @returns the room, undefined where none is meant, or what is wrong with it. */
async function roomOf(flags: Flags): Promise<GuardOptions | string | undefined> {
  const { isRoomUrl } = await import("../companion/fleet-options.js");
  const { roomName } = await import("../fleet/room/room-stay.js");
  const { BUDDY_ROOM, LIVEKIT_API_KEY: key, LIVEKIT_API_SECRET: secret } = process.env;
  const url = flags.room ?? BUDDY_ROOM ?? "";
  if (url === "") return undefined;
  if (!isRoomUrl(url)) {
    return `--room: expected the address of a LiveKit server, got ${JSON.stringify(url)}`;
  }
  if (!key || !secret) return "--room: expected LIVEKIT_API_KEY and LIVEKIT_API_SECRET";
  return { url, room: roomName(flags.stage), credentials: { key, secret } };
}

/** @returns what to print. @throws RangeError when the words make no sense */
async function tellStage(
  director: Director,
  action: Exclude<Action, "run">,
  words: readonly string[],
): Promise<string> {
  if (action === "quiet") {
    await director.quiet();
    return "quiet";
  }
  const mode = MODES[action];
  if (mode !== undefined) await director.once({ op: "mode", mode });
  if (action === "lead") {
    const name = words.join(" ");
    const { stage } = await director.once({ op: "look" });
    const robot = stage.members.find((one) => one.name.toLowerCase() === name.toLowerCase());
    if (name !== "" && robot === undefined) {
      const names = stage.members.map((one) => one.name).join(", ");
      throw new RangeError(`expected one of ${names || "nobody, the stage is empty"}, got ${name}`);
    }
    await director.once({ op: "lead", robot: robot?.id ?? "" });
  }
  if (action === "play") {
    const [title = "", ...opening] = words;
    if (opening.length === 0) throw new RangeError("expected a title and opening words");
    const id = randomBytes(4).toString("hex");
    const episode = {
      id,
      title: title.slice(0, 200),
      opening: opening.join(" ").slice(0, 500),
    };
    const { answer } = await director.once({ op: "append", episode });
    if (answer.kind === "full") throw new RangeError("the script is full");
  }
  if (action === "script") await addScript(director, words);
  const { stage, scriptLeft } = await director.once({ op: "look" });
  return JSON.stringify({ ...stage, scriptLeft });
}

/** Adds what a file lists, in its order; all of it is checked before anything is added. @throws RangeError or SystemError */
async function addScript(
  director: Director,
  [file = "", ...more]: readonly string[],
): Promise<void> {
  if (file === "" || more.length > 0) throw new RangeError("expected one JSON file");
  const { itemsOf } = await import("../fleet/events/script-file.js");
  const items = itemsOf(readFileSync(file, "utf8"));
  const { stage } = await director.once({ op: "look" });
  const episodes = items.map(({ robot: name, ...item }) => {
    const id = randomBytes(4).toString("hex");
    if (name === undefined) return { id, ...item };
    const robot = stage.members.find((one) => one.name.toLowerCase() === name.toLowerCase());
    if (robot === undefined) throw new RangeError(`${name} is not on the stage`);
    return { id, ...item, robot: robot.id };
  });
  for (const [i, episode] of episodes.entries()) {
    const { answer } = await director.once({ op: "append", episode });
    if (answer.kind === "full") throw new RangeError(`the script is full: ${i} were added`);
  }
}

function told(message: string, code: number): number {
  process.stderr.write(`buddy director: ${message}\n`);
  return code;
}
