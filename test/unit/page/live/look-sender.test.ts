/**
 * A drag on the look pad. Holds: one command at a time, at most ten a second, the newest aim wins, the last
 * one is sent, and an aim that was let go or is old is never sent (K2).
 */
import assert from "node:assert/strict";
import { test } from "node:test";
import { FakeClock } from "../../../../src/time/fake-clock.js";
import { type Aim, LookSender } from "../../../../src/page/live/look-sender.js";

function rig(): {
  clock: FakeClock;
  sent: number[];
  answer: () => Promise<void>;
  sender: LookSender;
} {
  const clock = new FakeClock();
  const sent: number[] = [];
  const waiting: Array<() => void> = [];
  const send = (aim: Aim): Promise<void> => {
    sent.push(aim.baseDeg);
    return new Promise((resolve) => waiting.push(resolve));
  };
  const sender = new LookSender(
    send,
    () => clock.nowMs(),
    (ms) => clock.sleep(ms),
  );
  const answer = async (): Promise<void> => {
    waiting.shift()?.();
    await clock.advance(0);
  };
  return { clock, sent, answer, sender };
}

const aim = (baseDeg: number): Aim => ({ baseDeg, nodDeg: 115 });

test("sends one at a time and skips to the newest", async () => {
  const { clock, sent, answer, sender } = rig();
  for (const base of [10, 20, 30]) sender.aim(aim(base));
  assert.deepEqual(sent, [10]);
  await answer();
  await clock.advance(100);
  assert.deepEqual(sent, [10, 30]);
  await answer();
  await clock.advance(1000);
  assert.deepEqual(sent, [10, 30]);
});

test("keeps 100 ms between commands however fast the robot answers", async () => {
  const { clock, sent, answer, sender } = rig();
  sender.aim(aim(10));
  await answer();
  await clock.advance(50);
  sender.aim(aim(20));
  await clock.advance(49);
  assert.deepEqual(sent, [10]);
  await clock.advance(1);
  assert.deepEqual(sent, [10, 20]);
});

test("K2: what was let go is never sent", async () => {
  const { clock, sent, answer, sender } = rig();
  sender.aim(aim(10));
  sender.aim(aim(20));
  sender.forget();
  await answer();
  await clock.advance(1000);
  assert.deepEqual(sent, [10]);
});

test("K2: an aim that waited too long behind a slow robot is dropped", async () => {
  const { clock, sent, answer, sender } = rig();
  sender.aim(aim(10));
  sender.aim(aim(20));
  await clock.advance(1501);
  await answer();
  await clock.advance(200);
  assert.deepEqual(sent, [10]);
  sender.aim(aim(30));
  assert.deepEqual(sent, [10, 30]);
});
