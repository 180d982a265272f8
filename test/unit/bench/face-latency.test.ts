// The face → servo figure. Property: an answer counts however soon it comes, and what only refreshes a servo is none.
import assert from "node:assert/strict";
import { test } from "node:test";
import type { Rig } from "../../../src/bench/rig.js";
import { faceLatency } from "../../../src/bench/robot-figures.js";
import { systemClock } from "../../../src/time/clock.js";

const ANSWER_MS = 0.5;

type Listener = (part: string, message: Record<string, unknown>) => void;

/** A robot that has answered a face beside the centre, once for each side, before the datagram's sender goes on. */
function quickRobot(): Rig {
  let listener: Listener | undefined;
  let answered = "";
  const tell = (t: number): void => listener?.("robot", { type: "servo", axis: "base", t });
  const rig = {
    clock: { ...systemClock, sleep: (ms: number) => systemClock.sleep(Math.min(ms, 10)) },
    bar: (pc: number) => pc,
    onMessage: (added: Listener) => {
      listener = added;
      return () => (listener = undefined);
    },
    datagram: (text: string) => {
      const sentMs = systemClock.preciseWallMs();
      const x = /^FACE:(\d+),/.exec(text)?.[1] ?? "";
      if (x !== "120" && x !== answered) {
        answered = x;
        tell(sentMs - 1);
        tell(sentMs + ANSWER_MS);
      }
      return sentMs;
    },
  };
  return rig as unknown as Rig;
}

test("a robot that answers before the sender knows that the face has left is not said to be late", async () => {
  const figures = await faceLatency(quickRobot(), 3);
  assert.deepEqual(
    figures.map(({ value, count }) => ({ value, count })),
    [
      { value: `${ANSWER_MS} ms`, count: 3 },
      { value: `${ANSWER_MS} ms`, count: 3 },
    ],
  );
});
