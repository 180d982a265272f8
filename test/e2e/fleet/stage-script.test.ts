// The script of a stage on a real Redis: it answers each command as the floor's core does, whatever came before, and what else
// it keeps (members, script, mode) has its limits. Random commands print their seed.
import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import type { Redis } from "ioredis";
import {
  EMPTY_FLOOR,
  stepFloor,
  URGENCY,
  type Floor,
  type FloorCommand,
  type Urgency,
} from "../../../src/fleet/floor/floor-core.js";
import { MEMBERS_MAX, SCRIPT_MAX, stageScript } from "../../../src/fleet/redis/stage-script.js";
import {
  readStage,
  stageArguments,
  stageKeys,
  type StageCommand,
  type StageReading,
} from "../../../src/fleet/stage/stage-calls.js";
import { seededChance } from "../../../src/time/chance.js";
import { redisOptions, RedisServer } from "../../support/redis.js";

const COMMANDS = Number(process.env["FLOOR_COMMANDS"] ?? 1000);
const SEED = Number(process.env["SEED"] ?? 7);

describe("the stage on a Redis", redisOptions("the stage's script"), () => {
  const server = new RedisServer();
  let redis: Redis;
  let real: string;
  /** The same with a clock that the test says. */
  let said: string;
  before(async () => {
    await server.start();
    redis = server.admin();
    real = String(await redis.script("LOAD", stageScript()));
    const clock = "local now, run = tonumber(ARGV[8]), ARGV[9]";
    said = String(await redis.script("LOAD", stageScript(clock)));
  });
  after(async () => {
    redis.disconnect();
    await server.close();
  });

  const call = async (
    stage: string,
    command: StageCommand,
    caller: { id: string; name: string },
    clock?: { nowMs: number; run: string },
  ): Promise<StageReading> => {
    const { stage: keys, channel } = stageKeys(stage);
    const args = stageArguments(command, caller, channel);
    const sha = clock === undefined ? real : said;
    const rest = clock === undefined ? [] : [clock.nowMs, clock.run];
    const answer = await redis.evalsha(sha, keys.length, ...keys, ...args, ...rest);
    return readStage(String(answer));
  };

  it(`B2: ${COMMANDS} random commands are answered as the core answers them (seed ${SEED})`, async () => {
    const chance = seededChance(SEED);
    const pick = <T>(of: readonly T[]): T => of[Math.floor(chance.next() * of.length)] as T;
    const robots = ["a", "b", "c", "d"];
    const urgencies = Object.values(URGENCY);
    let floor: Floor = EMPTY_FLOOR;
    let nowMs = 1_800_000_000_000;
    let run = "run 0";
    const tokens = [0];
    for (let i = 0; i < COMMANDS; i++) {
      const token = chance.next() < 0.6 ? (floor.holder?.token ?? 0) : pick(tokens.slice(-8));
      const robot = chance.next() < 0.5 ? (floor.holder?.robot ?? "a") : pick(robots);
      const urgency = pick(urgencies) as Urgency;
      const command = pick<FloorCommand>([
        { op: "take", robot, urgency, seen: pick([0, token, token, 9e15]) },
        { op: "take", robot: pick(robots), urgency, seen: 0 },
        { op: "beat", robot, token, isSounding: chance.next() < 0.5 },
        { op: "beat", robot: pick(robots), token: token + pick([0, 1, 2]), isSounding: true },
        { op: "leave", robot, token },
        { op: "reset", token, reason: pick(["beats", "silence", "end"] as const) },
      ]);
      nowMs += Math.floor(chance.next() * pick([20, 600, 600, 600, 1900, 4000]));
      if (chance.next() < 0.01) nowMs += pick([-3_600_000, 3_600_000]);
      if (chance.next() < 0.02) run = `run ${i}`;
      const step = stepFloor(floor, command, nowMs, run);
      floor = step.floor;
      if (floor.holder !== undefined) tokens.push(floor.holder.token);
      const caller = { id: robot, name: "" };
      const {
        answer,
        stage,
        token: greatest,
      } = await call("diff", command, caller, { nowMs, run });
      const at = `command ${i} of seed ${SEED}: ${JSON.stringify(command)}`;
      assert.deepEqual(answer, step.answer, at);
      assert.deepEqual(stage.holder, floor.holder, at);
      assert.deepEqual(stage.waiters, floor.waiters, at);
      assert.equal(greatest, floor.token, at);
    }
    assert.ok(tokens.length > COMMANDS / 20, "somebody had the floor most of the time");
  });

  it("tells who is there, forgets nobody that asks, and takes no more than it can hold", async () => {
    const ada = { id: "0000000a", name: "Ada" };
    const bob = { id: "0000000b", name: "Bob" };
    await call("who", { op: "look" }, ada);
    const { stage } = await call("who", { op: "look" }, bob);
    assert.deepEqual(stage.members.map(({ name }) => name).sort(), ["Ada", "Bob"]);
    const left = await call("who", { op: "quit", token: 0 }, bob);
    assert.deepEqual(
      left.stage.members.map(({ name }) => name),
      ["Ada"],
    );
    for (let i = 0; i < MEMBERS_MAX + 5; i++) {
      await call("who", { op: "look" }, { id: `r${i}`, name: `R${i}` });
    }
    assert.equal(await redis.hlen(stageKeys("who").stage[1]), MEMBERS_MAX);
    await redis.hset(stageKeys("who").stage[1], "eve", "no JSON");
    const clean = await call("who", { op: "look" }, ada);
    assert.ok(!clean.stage.members.some(({ id }) => id === "eve"));
  });

  it("keeps mode, lead and script; an item is cued once, and there is an end to the script", async () => {
    const director = { id: "d", name: "" };
    const episode = { id: "e1", title: "Rain", opening: "It rains." };
    const append = (): Promise<StageReading> => call("play", { op: "append", episode }, director);
    assert.equal((await append()).answer.kind, "appended");
    await call("play", { op: "lead", robot: "0000000a" }, director);
    const paused = await call("play", { op: "mode", mode: "paused" }, director);
    const { mode, lead, script } = paused.stage;
    assert.deepEqual(
      { mode, lead, script },
      { mode: "paused", lead: "0000000a", script: [episode] },
    );
    const text = paused.next ?? "";
    assert.equal((await call("play", { op: "cue", text }, director)).answer.kind, "cued");
    assert.equal((await call("play", { op: "cue", text }, director)).answer.kind, "notCued");
    for (let i = 0; i < SCRIPT_MAX; i++) await append();
    assert.equal((await append()).answer.kind, "full");
    const ended = await call("play", { op: "mode", mode: "ended" }, director);
    assert.equal(ended.scriptLeft, 0);
  });

  it("begins anew where its own key cannot be read, and says so; another version is refused", async () => {
    const [key] = stageKeys("bad").stage;
    await redis.set(key, "{ not JSON");
    assert.equal((await call("bad", { op: "look" }, { id: "a", name: "" })).isDamaged, true);
    assert.equal((await call("bad", { op: "look" }, { id: "a", name: "" })).isDamaged, false);
    await redis.set(key, JSON.stringify({ v: 2, token: 1 }));
    await assert.rejects(
      call("bad", { op: "look" }, { id: "a", name: "" }),
      /^ReplyError: FLEETVERSION/,
    );
  });
});
