// `npm run stage:thousand`: 1,000 robots on 100 stages of one Redis, each with a connection of its own, as the floor makes them
// call: who speaks beats, who waits asks, all others look. Prints how long a free floor takes to get, what a robot costs Redis a
// second, and whether a stage ever had two holders. Options: --robots 1000 --stages 100 --seconds 20.
import { parseArgs } from "node:util";
import { Redis } from "ioredis";
import { BEAT_MS, ASK_MS, URGENCY } from "../../src/fleet/floor/floor-core.js";
import { stageScript } from "../../src/fleet/redis/stage-script.js";
import {
  readStage,
  stageArguments,
  stageKeys,
  type StageCommand,
  type StageReading,
} from "../../src/fleet/stage/stage-calls.js";
import { systemClock as clock } from "../../src/time/clock.js";
import { RedisServer } from "../support/redis.js";

/** How often an idle robot is heard of, and how long a turn is. */
const LOOK_MS = 1000;
const TURN_MS = 3000;
/** Robots of a stage that want to speak: one has the floor, the others wait. */
const WISHERS = 3;

const { values } = parseArgs({
  options: {
    robots: { type: "string", default: "1000" },
    stages: { type: "string", default: "100" },
    seconds: { type: "string", default: "20" },
  },
});
const robots = Number(values.robots);
const stages = Number(values.stages);
const seconds = Number(values.seconds);

type Stage = (...args: (string | number)[]) => Promise<string>;

class Caller {
  private readonly client: Redis;
  private readonly keys;

  constructor(
    port: number,
    readonly stage: string,
    readonly id: string,
  ) {
    this.keys = stageKeys(stage);
    const scripts = { buddyStage: { lua: stageScript(), numberOfKeys: 3 } };
    this.client = new Redis<"legacy">({
      host: "127.0.0.1",
      port,
      scripts,
      enableOfflineQueue: true,
    });
  }

  async call(command: StageCommand): Promise<StageReading> {
    const { client, keys, id } = this;
    const args = stageArguments(command, { id, name: id }, keys.channel);
    const run = (client as unknown as { buddyStage: Stage }).buddyStage;
    return readStage(await run.call(client, ...keys.stage, ...args));
  }

  close(): void {
    this.client.disconnect();
  }
}

const server = await new RedisServer().start();
const admin = server.admin();
const all = Array.from({ length: robots }, (_, i) => ({
  caller: new Caller(server.port, `s${i % stages}`, i.toString(16).padStart(8, "0")),
  isWisher: Math.floor(i / stages) < WISHERS,
}));
await Promise.all(all.map(({ caller }) => caller.call({ op: "look" })));
// Nobody gets the floor of a server that is new before this.
await clock.sleep(3500);

const acquireMs: number[] = [];
let turns = 0;
/** Who believes to have the floor, by stage. */
const holders = new Map<string, Set<string>>();
let twoHolders = 0;
let isOver = false;

async function idle({ caller }: (typeof all)[number]): Promise<void> {
  await clock.sleep((LOOK_MS * Number.parseInt(caller.id, 16)) / robots);
  while (!isOver) {
    await caller.call({ op: "look" });
    await clock.sleep(LOOK_MS);
  }
}

async function wish({ caller }: (typeof all)[number]): Promise<void> {
  const robot = caller.id;
  let seen = 0;
  await clock.sleep((LOOK_MS * Number.parseInt(caller.id, 16)) / robots);
  while (!isOver) {
    const askedMs = clock.nowMs();
    const { answer } = await caller.call({ op: "take", robot, urgency: URGENCY.answer, seen });
    if (answer.kind !== "held") {
      await clock.sleep(ASK_MS);
      continue;
    }
    acquireMs.push(clock.nowMs() - askedMs);
    const { token } = answer;
    const own = holders.get(caller.stage) ?? new Set();
    holders.set(caller.stage, own.add(robot));
    if (own.size > 1) twoHolders += 1;
    for (let spokeMs = 0; spokeMs < TURN_MS && !isOver; spokeMs += BEAT_MS) {
      await clock.sleep(BEAT_MS);
      const beat = await caller.call({ op: "beat", robot, token, isSounding: true });
      // Its beat came too late for the server, which a machine that is busy brings about.
      if (beat.answer.kind !== "held") break;
    }
    own.delete(robot);
    await caller.call({ op: "leave", robot, token });
    seen = token;
    turns += 1;
  }
}

const figure = async (section: string, name: string): Promise<number> =>
  Number(new RegExp(`^${name}:(\\d+)`, "m").exec(await admin.info(section))?.[1]);
const read = async (): Promise<Record<string, number>> => ({
  commands: await figure("stats", "total_commands_processed"),
  inBytes: await figure("stats", "total_net_input_bytes"),
  outBytes: await figure("stats", "total_net_output_bytes"),
});
const before = await read();
const beganMs = clock.nowMs();
const work = all.map((one) => (one.isWisher ? wish(one) : idle(one)));
await clock.sleep(seconds * 1000);
const after = await read();
const tookS = (clock.nowMs() - beganMs) / 1000;
isOver = true;
await Promise.all(work);

const sorted = acquireMs.sort((a, b) => a - b);
const percentile = (share: number): number =>
  Math.round((sorted[Math.ceil(sorted.length * share) - 1] ?? 0) * 10) / 10;
const perRobot = (name: string): number =>
  Math.round((((after[name] ?? 0) - (before[name] ?? 0)) / tookS / robots) * 100) / 100;
console.log(
  JSON.stringify({
    robots,
    stages,
    seconds,
    turns,
    acquired: sorted.length,
    acquireP50Ms: percentile(0.5),
    acquireP99Ms: percentile(0.99),
    perRobotAndSecond: {
      // Each call runs its script and what that calls.
      commands: perRobot("commands"),
      inBytes: perRobot("inBytes"),
      outBytes: perRobot("outBytes"),
    },
    twoHolders,
  }),
);
for (const { caller } of all) caller.close();
admin.disconnect();
await server.close();
