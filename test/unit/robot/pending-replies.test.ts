// Properties: each request ends exactly once (answer, deadline or settleAll); an answer to a request
// that has ended is counted and reaches nobody; the ledger has a limit.
import assert from "node:assert/strict";
import { test } from "node:test";
import { PendingReplies } from "../../../src/robot/pending-replies.js";
import { FakeClock } from "../../../src/time/fake-clock.js";

test("answers are matched by id, whatever their order", async () => {
  const replies = new PendingReplies(new FakeClock(), 8);
  const ids: number[] = [];
  const first = replies.open("QUERY", 1000, (id) => ids.push(id));
  const second = replies.open("NOD:1", 1000, (id) => ids.push(id));
  replies.settle(ids[1] as number, "second");
  replies.settle(ids[0] as number, "first");
  assert.deepEqual(await Promise.all([first, second]), ["first", "second"]);
});

test("a late answer is counted and does not answer the next request", async () => {
  const clock = new FakeClock();
  const replies = new PendingReplies(clock, 8);
  let lateId = 0;
  const late = assert.rejects(
    replies.open("QUERY", 1000, (id) => (lateId = id)),
    {
      code: "ROBOT_TIMEOUT",
    },
  );
  await clock.advance(1000);
  await late;
  let nextId = 0;
  const next = replies.open("QUERY", 1000, (id) => (nextId = id));
  replies.settle(lateId, "late");
  replies.settle(nextId, "right");
  assert.equal(await next, "right");
  assert.equal(replies.unclaimedCount, 1);
});

test("A2: a lost link ends every wait as outcome unknown", async () => {
  const replies = new PendingReplies(new FakeClock(), 8);
  const waits = ["NOD:1", "QUERY"].map((line) =>
    assert.rejects(
      replies.open(line, 1000, () => {}),
      { code: "ROBOT_OUTCOME_UNKNOWN" },
    ),
  );
  replies.settleAll("the robot is away");
  await Promise.all(waits);
  assert.equal(replies.count, 0);
});

test("one more request than the limit is refused, and the others still wait", async () => {
  const replies = new PendingReplies(new FakeClock(), 2);
  void replies.open("A", 1000, () => {});
  void replies.open("B", 1000, () => {});
  await assert.rejects(
    replies.open("C", 1000, () => {}),
    { code: "ROBOT_BUSY" },
  );
  assert.equal(replies.count, 2);
  void replies.open("IDLE", 1000, () => {}, true);
  assert.equal(replies.count, 3, "a STOP always finds a place");
});

test("G9: a robot that answers slowly has as many requests waiting as it answers in time", async () => {
  const clock = new FakeClock();
  const replies = new PendingReplies(clock, 32);
  const open: number[] = [];
  const ask = (count: number): void => {
    for (let i = 0; i < count; i++) void replies.open("QUERY", 60_000, (id) => open.push(id));
  };
  const answer = (): void => replies.settle(open.shift() as number, "{}");
  ask(32);
  for (let answers = 0; answers < 100; answers++) {
    await clock.advance(50);
    answer();
    if (replies.count < 8) ask(1);
  }
  ask(8 - replies.count);
  await assert.rejects(
    replies.open("QUERY", 60_000, () => {}),
    { code: "ROBOT_BUSY", message: "at most 8 commands may wait for the robot" },
  );
  while (replies.count > 0) answer();
  // Time in which nobody waits says nothing of the pace, and a quick robot has its room again.
  await clock.advance(10_000);
  for (let answers = 0; answers < 60; answers++) {
    ask(1);
    answer();
  }
  ask(32);
  assert.equal(replies.count, 32);
});
