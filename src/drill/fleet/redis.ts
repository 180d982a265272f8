/** Redis: killed for a while, stopped, and replaced by its replica. */
import { systemClock as clock } from "../../time/clock.js";
import { until } from "../../time/until.js";
import { fleetDrill, type FleetContext } from "./fleet-drill.js";
import { NumberedEvents } from "./numbered.js";

const EVENTS = 1000;
/** Of them are told before the fault. */
const BEFORE = 200;
/** A second without an answer, and a look at the page. */
const AWAY_MS_MAX = 3000;
const BACK_MS_MAX = 2000;
const SAFE_MS = 30_000;
const SAFE_ROOM_MS = 1000;
/** Robots look every second. */
const LOOK_MS = 1000;
const VOICE_MS_MAX = 60_000;

const shared = {
  rows: ["B1"],
  steadyState: `Three robots talk on a stage; two members of another one tell and hear ${EVENTS} numbered events.`,
  expectation:
    "All robots say that the stage is away, one still answers the person before it, all are back within 2 s of Redis without a restart, and each event is heard once, in its order.",
  noticeMsMax: AWAY_MS_MAX,
  recoverMsMax: BACK_MS_MAX,
} as const;

interface Outage {
  readonly awayMs: number;
  /** Redis comes back without anything that it had, also what nobody has read yet. */
  readonly losesAll?: boolean;
  take(): Promise<void> | void;
  giveBack(): Promise<void>;
}

async function outage(
  context: FleetContext,
  { awayMs, take, giveBack, losesAll = false }: Outage,
): Promise<void> {
  const { world, inject, noticed, heal, recovered, holds, lost, atEnd, nowMs } = context;
  const { stage, robots, holder } = world;
  const pids = robots.map((robot) => stage.pidOf(robot));
  const states = async (): Promise<string[]> =>
    Promise.all(robots.map(async (robot) => (await stage.fleetOf(robot)).state));
  await world.untilHeard(holder);
  // Who is away already for what a busy machine cost it would be in safe mode too soon.
  await until("all robots on their stage", VOICE_MS_MAX, async () => {
    return (await states()).every((state) => state === "there");
  });
  // Here, so that many of them are told while Redis is away.
  const events = await NumberedEvents.of(world.dir, world.address);
  atEnd(() => events.close());
  await events.start(EVENTS);
  await until(`${BEFORE} events`, VOICE_MS_MAX, () => events.heard.length >= BEFORE);
  if (losesAll) await events.leaveUnread();
  const atMs = nowMs();
  await inject(take);
  events.readOn();
  await noticed("all robots to say that the stage is away", async () => {
    return (await states()).every((state) => state !== "there");
  });
  if (awayMs >= AWAY_MS_MAX) {
    const reply = await stage.ask(holder, "How are you?", true);
    holds("a robot answers the person before it meanwhile", reply !== "");
  }
  if (awayMs > SAFE_MS) {
    await until("fleet safe mode", 2 * SAFE_MS, async () => (await states()).includes("safe"), 50);
    const safeMs = nowMs() - atMs;
    const isInTime = Math.abs(safeMs - SAFE_MS) <= SAFE_ROOM_MS + LOOK_MS;
    holds("fleet safe mode after 30 s", isInTime, `${Math.round(safeMs)} ms`);
  }
  await clock.sleep(Math.max(0, atMs + awayMs - nowMs()));
  await heal(giveBack);
  await recovered("all robots to be on their stage again", async () => {
    return (await states()).every((state) => state === "there");
  });
  const wrong = await events.wrong(EVENTS);
  lost("numbered events", wrong, EVENTS);
  holds("each event is heard once, in its order", wrong === 0, `${wrong} of ${EVENTS} are not`);
  holds(
    "nothing was restarted",
    robots.every((robot, i) => stage.pidOf(robot) === pids[i]),
  );
}

/** With nothing of what it had: no file of it is kept. */
function killed(context: FleetContext, awayMs: number): Promise<void> {
  const { redis } = context.world;
  const kill = { take: () => redis.kill(), giveBack: () => redis.start() };
  return outage(context, { awayMs, ...kill, losesAll: true });
}

const NO_FILES = "Redis is killed, and starts again without anything that it had";

export const redisKilled5s = fleetDrill({
  ...shared,
  name: "redis-killed-5s",
  fault: `${NO_FILES}, after 5 s.`,
  doesNotShow: "A Redis that comes back with an old file: `test/e2e/fleet/redis.test.ts`.",
  run: (context) => killed(context, 5000),
});

export const redisKilled40s = fleetDrill({
  ...shared,
  name: "redis-killed-40s",
  fault: `${NO_FILES}, after 40 s: 10 s into fleet safe mode.`,
  doesNotShow: "What fleet safe mode says: a person types here, and is answered as ever.",
  run: (context) => killed(context, 40_000),
});

export const redisKilled5min = fleetDrill({
  ...shared,
  name: "redis-killed-5min",
  fault: `${NO_FILES}, after 5 minutes.`,
  doesNotShow: "More events meanwhile than an outbox keeps (5,000).",
  isOnlyByName: true,
  run: (context) => killed(context, 300_000),
});

export const redisStopped = fleetDrill({
  ...shared,
  name: "redis-stopped",
  fault: "SIGSTOP to Redis for 10 s: its connections stand and nothing is answered.",
  doesNotShow:
    "Calls of before that it executes late: `npm run floor` holds that none gives a floor.",
  run: (context) => {
    const { redis } = context.world;
    context.atEnd(() => redis.signal("SIGCONT"));
    return outage(context, {
      awayMs: 10_000,
      take: () => redis.signal("SIGSTOP"),
      giveBack: async () => redis.signal("SIGCONT"),
    });
  },
});

export const redisFailover = fleetDrill({
  ...shared,
  name: "redis-failover",
  fault:
    "Redis is killed, and a sentinel puts its replica in its place; the fault ends when it has.",
  expectation: `${shared.expectation} What the replica had not got yet is told again.`,
  doesNotShow: "A master that is only cut off and goes on: set `min-replicas-to-write 1` there.",
  hasReplica: true,
  run: (context) => {
    const { redis, failover } = context.world;
    if (failover === undefined) throw new Error("expected a replica");
    return outage(context, {
      awayMs: 0,
      take: () => redis.kill(),
      giveBack: async () => {
        await until("the replica to be master", VOICE_MS_MAX, () => failover.isOver());
      },
    });
  },
});
