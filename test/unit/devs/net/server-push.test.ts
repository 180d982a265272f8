// What the robot's server sends unasked (PROTOCOL §2.1): the pose when it has changed or once a second, the state each
// 500 ms, and nothing while the program is late.
import assert from "node:assert/strict";
import { test } from "node:test";
import { LOAD_LEVELS } from "../../../../devs/runtime/load.js";
import { V2, say, serverWorld, type ServerWorld } from "../../../support/server-world.js";

/** Watches the pose for `ms` from the first push on; gaps between the pushes, in ms. */
function gapsOf(
  world: ServerWorld,
  watchMs: number,
  ms: number,
  change: (nowMs: number) => void,
): number[] {
  const stream = world.open(V2);
  say(stream, `1 WATCH:${watchMs}`);
  const toldMs: number[] = [];
  const { send } = stream;
  stream.send = (data) => {
    // Pings apart: a client that only listens is asked whether it is there.
    if (data[0] !== 0x89) {
      assert.match(data.toString("utf8", 2), /^\* POSE /);
      toldMs.push(world.time.nowMs);
    }
    return send.call(stream, data);
  };
  for (let i = 0; i < ms; i++) {
    change(world.time.nowMs);
    world.pass(1);
  }
  return toldMs.slice(1).map((at, i) => at - (toldMs[i] as number));
}

test("WATCH: a pose that stays is told once a second, one that changes each period, none in between", () => {
  const rest = serverWorld();
  const gaps = gapsOf(rest, 40, 10_000, () => undefined);
  assert.equal(gaps.length, 9);
  for (const gap of gaps) assert.ok(gap >= 1000 && gap < 1250, `${gap} ms`);
  for (const watchMs of [40, 100, 500]) {
    const moving = serverWorld();
    const turn = () => (moving.robot.version += 1);
    const between = gapsOf(moving, watchMs, 10_000, turn);
    assert.ok(Math.abs(between.length - 10_000 / watchMs) <= 2, `${between.length} at ${watchMs}`);
    for (const gap of between) assert.ok(gap >= watchMs - 20 && gap <= watchMs + 20, `${gap} ms`);
  }
  const slow = serverWorld();
  const long = gapsOf(slow, 5000, 21_000, () => (slow.robot.version += 1));
  for (const gap of long) assert.ok(gap >= 4980 && gap < 5250, `${gap} ms`);
  assert.ok(long.length >= 2);
});

test("WATCH: the first change after a rest is told with the body's next step", () => {
  const world = serverWorld();
  const stream = world.open(V2);
  say(stream, "1 WATCH:40");
  world.pass(500);
  const before = stream.sent.length;
  world.robot.base = 120;
  world.robot.version++;
  world.pass(20);
  assert.equal(stream.sent.length, before + 1);
  assert.equal(stream.lastText(), "* POSE 1200,1150,850,2,41,60");
});

test("WATCH: each client at its own period, and one text for those who are due together", () => {
  const { open, pass, robot } = serverWorld();
  const clients = [40, 120, 0].map((ms) => ({ ms, stream: open(V2) }));
  const streams = clients.map(({ ms, stream }) => {
    if (ms > 0) say(stream, `1 WATCH:${ms}`);
    return { stream, before: stream.sent.length };
  });
  let texts = 0;
  const { poseText } = robot;
  robot.poseText = () => {
    texts++;
    return poseText.call(robot);
  };
  for (let i = 0; i < 1200; i++) {
    robot.version++;
    pass(1);
  }
  const [fast, slow, none] = streams.map(({ stream, before }) => stream.sent.length - before);
  assert.ok(fast && slow && Math.abs(fast - 30) <= 1 && Math.abs(slow - 10) <= 1);
  assert.equal(none, 0);
  assert.ok(texts <= 31, `${texts} texts`);
});

test("late: at level pushes nothing is pushed, every command is answered, and the pushes come back by themselves", () => {
  const { open, pass, robot, load } = serverWorld();
  const stream = open(V2);
  say(stream, "1 WATCH:40");
  say(stream, "2 STREAM:on");
  const pushed = (ms: number): { poses: number; states: number } => {
    const from = stream.sent.length;
    for (let i = 0; i < ms; i++) {
      robot.version++;
      pass(1);
    }
    const texts = stream.sent.slice(from).map((frame) => frame.toString("utf8"));
    const count = (what: string) => texts.filter((text) => text.includes(what)).length;
    return { poses: count("* POSE "), states: count("* STATE:") };
  };
  load.level = LOAD_LEVELS.indexOf("ambient");
  assert.deepEqual(Object.values(pushed(2000)).map(Math.sign), [1, 1]);
  load.level = LOAD_LEVELS.indexOf("pushes");
  assert.deepEqual(pushed(5000), { poses: 0, states: 0 });
  say(stream, "3 IDLE");
  assert.equal(stream.lastText(), '3 {"ok":true}');
  load.level = LOAD_LEVELS.indexOf("ambient");
  const { poses, states } = pushed(2000);
  assert.ok(poses >= 48 && poses <= 51, `${poses} poses: what was held back is not made up for`);
  assert.ok(states >= 3 && states <= 5, `${states} states`);
});

test("STREAM keeps its 500 ms beside a pose that rests, also while the body makes no steps", () => {
  const { open, pass, time, server } = serverWorld();
  server.tellPose = () => undefined;
  const stream = open(V2);
  say(stream, "1 WATCH:40");
  pass(130);
  say(stream, "2 STREAM:on");
  const toldMs: number[] = [];
  for (let ms = 0; ms < 10_000; ms++) {
    const before = stream.sent.length;
    pass(1);
    const news = stream.sent.slice(before).map((frame) => frame.toString("utf8"));
    if (news.some((text) => text.includes("* STATE:"))) toldMs.push(time.nowMs);
  }
  assert.equal(toldMs.length, 20);
  toldMs.slice(1).forEach((at, i) => {
    const gap = at - (toldMs[i] as number);
    assert.ok(gap >= 495 && gap <= 505, `${gap} ms`);
  });
});
