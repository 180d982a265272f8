/** The last word to a simulated robot before its power goes: it saves first (A5), and the stop never waits for ever. */
import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { sayFarewell } from "../../../src/robot/farewell.js";
import { FakeClock } from "../../../src/time/fake-clock.js";

interface Parting {
  clock: FakeClock;
  asked: string[];
  lines: string[];
  mirrored: number;
  done: Promise<void>;
}

function part(answer: () => Promise<string>, isLinked = true): Parting {
  const parting: Parting = {
    clock: new FakeClock(),
    asked: [],
    lines: [],
    mirrored: 14,
    done: Promise.resolve(),
  };
  const send = (line: string): Promise<string> => {
    parting.asked.push(line);
    return answer();
  };
  parting.done = sayFarewell({
    robot: { isLinked, send },
    clock: parting.clock,
    mirrored: () => parting.mirrored,
    log: (line) => parting.lines.push(line),
  });
  return parting;
}

const saving = (): Promise<string> => Promise.resolve('{"ok":true,"generation":15}');

describe("farewell", () => {
  it("A5: waits until the mirror has the generation that the robot named", async () => {
    const parting = part(saving);
    let isDone = false;
    void parting.done.then(() => (isDone = true));
    await parting.clock.advance(200);
    assert.deepEqual(parting.asked, ["SHUTDOWN"]);
    assert.equal(isDone, false);
    parting.mirrored = 15;
    await parting.clock.advance(40);
    assert.equal(isDone, true);
    assert.deepEqual(parting.lines, []);
  });

  it("gives up a robot that does not save in time, and says so", async () => {
    const parting = part(saving);
    await parting.clock.advance(2000);
    await parting.done;
    assert.match(parting.lines.join(), /did not save in time/);
  });

  it("goes on when the robot refuses, babbles or does not answer", async () => {
    for (const answer of [
      () => Promise.resolve('{"ok":false,"reason":"not_loaded"}'),
      () => Promise.resolve("timeout"),
      () => Promise.reject(new Error("no answer")),
    ]) {
      const parting = part(answer);
      await parting.done;
      assert.equal(parting.lines.length, 1);
    }
  });

  it("asks nothing of a robot that is away", async () => {
    const parting = part(saving, false);
    await parting.done;
    assert.deepEqual(parting.asked, []);
  });
});
