// The hot standby's decisions as a table. Properties that must hold (D1, D2, D3, I3, I4):
// - no switch before a first good buffer, none at a slow start, none for time without a CPU;
// - what the reader gets is buffer 0, 1, 2, … of one utterance, none lost and none twice, whatever fails when;
// - the failed slot is cleaned after the switch, rebuilt whether it was active or not, and a second failure counts at once.
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { isServing } from "../../../../src/voice/standby/standby-judge.js";
import {
  STANDBY,
  type SlotIndex,
  type StandbyEffect,
  type StandbyEvent,
} from "../../../../src/voice/standby/standby-types.js";
import { TwoRenderers, of } from "./two-renderers.js";

const types = (effects: readonly StandbyEffect[]): string[] => effects.map((e) => e.type);

describe("start", () => {
  test("D1, I3: a slow start is nobody's failure, and the primary stays the active one", () => {
    const rig = new TwoRenderers();
    assert.deepEqual(types(rig.log), ["spawn", "spawn"]);
    rig.ready(1);
    const effects = rig.wait(STANDBY.startMsMax - 1000, [1]);
    assert.deepEqual(effects, []);
    assert.equal(isServing(rig.state), false);
    rig.ready(0);
    assert.equal(rig.state.active, 0);
    assert.equal(isServing(rig.state), true);
  });

  test("D1: a primary that dies before its first buffer is rebuilt; the reader goes to one that has shown a good buffer", () => {
    const rig = new TwoRenderers();
    const effects = rig.exit(0);
    assert.deepEqual(
      types(effects),
      ["lost", "line", "spawn"],
      "no switch to a standby that is not ready",
    );
    assert.equal(rig.state.active, 0);
    assert.deepEqual(of(rig.ready(1), "switched")[0]?.to, 1);
  });

  test("one that never gets ready is replaced after its long budget", () => {
    const rig = new TwoRenderers();
    rig.ready(0);
    const effects = rig.wait(STANDBY.startMsMax + 100, [0]);
    assert.deepEqual(types(effects), ["lost", "line", "clear", "kill", "spawn"]);
  });
});

describe("a slow machine", () => {
  test("A8: each start that was too slow is followed by one that is given twice as long", () => {
    const rig = new TwoRenderers();
    rig.ready(0);
    const spawnedAfterMs = [STANDBY.startMsMax, 2 * STANDBY.startMsMax].map((boundMs) => {
      assert.deepEqual(types(rig.wait(boundMs - 1000, [0])), []);
      return types(rig.wait(1500, [0])).filter((type) => type === "spawn").length;
    });
    assert.deepEqual(spawnedAfterMs, [1, 1]);
  });

  test("A8: who waits for a CPU while nothing is spoken is not killed, whatever that takes; who hangs is", () => {
    const rig = new TwoRenderers();
    rig.ready(0);
    rig.ready(1);
    for (let starvedMs = 0; starvedMs < 60_000; starvedMs += 500) {
      assert.deepEqual(types(rig.wait(500, [0], [0, starvedMs + 500])), []);
    }
    assert.ok(types(rig.wait(STANDBY.hangIdleMs + 500, [0], [0, 0])).includes("kill"));
  });

  test("I3: while something is spoken hunger is forgiven for a second only", () => {
    const rig = new TwoRenderers().up().speak();
    assert.deepEqual(types(rig.wait(900, [0], [0, 900])), []);
    const effects = rig.wait(200, [0], [0, 10_000]);
    assert.deepEqual(of(effects, "lost")[0]?.slot, 1);
  });
});

describe("a failure while speaking", () => {
  const cases: readonly [string, (rig: TwoRenderers) => StandbyEffect[]][] = [
    ["dead", (rig) => rig.exit(0)],
    ["hung", (rig) => rig.wait(80, [1])],
    [
      "damaged",
      (rig) => rig.do({ type: "damaged", slot: 0, generation: rig.generation(0), why: "checksum" }),
    ],
  ];
  for (const [how, hurt] of cases) {
    test(`D2: active ${how}: switch at a buffer, then clean-up, then a new one`, () => {
      const rig = new TwoRenderers().up().speak();
      rig.send(0, 10);
      rig.send(1, 10);
      rig.pull(4);
      const effects = hurt(rig);
      const order = types(effects).filter((type) => type !== "line");
      assert.deepEqual(
        order,
        how === "dead"
          ? ["lost", "switched", "clear", "spawn"]
          : ["lost", "switched", "clear", "kill", "spawn"],
      );
      assert.equal(of(effects, "lost")[0]?.how, how);
      assert.match(
        of(effects, "line")
          .map((line) => line.text)
          .join("\n"),
        /A \(active\) is .*a new one starts now[^]*goes over to renderer B at buffer 4/,
      );
      rig.pull(4);
      assert.deepEqual(
        rig.delivered.map((d) => `${"AB"[d.slot]}${d.index}`),
        ["A0", "A1", "A2", "A3", "B4", "B5", "B6", "B7"],
      );
      const rebuilt = rig.ready(0);
      assert.deepEqual(of(rebuilt, "command"), [
        { type: "command", slot: 0, from: 8, room: 33 - 8 + 5 },
      ]);
      assert.equal(rig.state.active, 1, "no way back without a reason");
    });
  }

  test("a dead standby is rebuilt too, and the reader does not notice", () => {
    const rig = new TwoRenderers().up().speak();
    rig.send(0, 10);
    rig.send(1, 10);
    const effects = rig.exit(1);
    assert.deepEqual(types(effects), ["lost", "line", "clear", "spawn"]);
    rig.pull(10);
    assert.ok(rig.delivered.every((d) => d.slot === 0));
  });

  test("I4: standby, then primary in the same second: what is in the ring is used up, then the first new one goes on", () => {
    const rig = new TwoRenderers().up().speak();
    rig.send(0, 6);
    rig.send(1, 3);
    rig.exit(1);
    rig.nowMs += 1;
    const effects = rig.exit(0);
    assert.equal(of(effects, "spawn").length, 1, "the second failure is not swallowed");
    assert.equal(of(effects, "switched").length, 0, "nobody to go to");
    rig.pull(20);
    assert.equal(rig.delivered.length, 6, "all that was sent is still good");
    rig.ready(1);
    assert.equal(rig.state.active, 0, "ready is not enough: it holds no buffer");
    assert.equal(of(rig.send(1, 1), "switched").length, 1);
    rig.ready(0);
    rig.send(1, 5);
    rig.pull(20);
    assert.deepEqual(
      rig.delivered.map((d) => d.index),
      [...Array(12).keys()],
    );
  });

  test("a standby that has not the reader's buffer yet is not switched to", () => {
    const rig = new TwoRenderers().up().speak();
    rig.send(0, 8);
    rig.send(1, 3);
    rig.pull(5);
    assert.equal(of(rig.exit(0), "switched").length, 0);
    assert.equal(of(rig.send(1, 2), "switched").length, 0);
    assert.equal(of(rig.send(1, 1), "switched").length, 1);
    rig.pull(9);
    rig.send(1, 4);
    rig.pull(9);
    assert.deepEqual(
      rig.delivered.map((d) => d.index),
      [...Array(10).keys()],
    );
  });

  test("a process that lives and beats but delivers nothing is left, not killed", () => {
    const rig = new TwoRenderers().up().speak();
    rig.send(1, 5);
    rig.pull(1);
    const effects = rig.wait(STANDBY.stallMsMax + 20, [0, 1]);
    assert.deepEqual(types(effects), ["switched", "line"]);
    rig.pull(5);
    assert.equal(rig.delivered.length, 5);
  });

  test("a renderer that cannot render it gives way to the other; both: the utterance fails, nobody is killed", () => {
    const rig = new TwoRenderers().up().speak();
    const refuse = (slot: SlotIndex): StandbyEffect[] =>
      rig.do({ type: "refused", slot, generation: 1, utterance: 7, why: "espeak-ng was killed" });
    assert.equal(of(refuse(0), "switched").length, 0);
    assert.equal(of(rig.send(1, 1), "switched").length, 1);
    rig.speak(8);
    const again = (slot: SlotIndex): StandbyEffect[] =>
      rig.do({ type: "refused", slot, generation: 1, utterance: 8, why: "gone" });
    again(0);
    assert.deepEqual(of(again(1), "failed"), [{ type: "failed", id: 8, why: "gone" }]);
    assert.equal(of(rig.log, "kill").length + of(rig.log, "lost").length, 0);
  });
});

describe("what is not a failure", () => {
  test("time without a CPU is not silence, and neither is our own sleep", () => {
    const rig = new TwoRenderers().up().speak();
    rig.send(0, 5);
    rig.send(1, 5);
    assert.deepEqual(rig.wait(80, [1], [60, 0]), []);
    rig.beat(0);
    // This process did not run for half a second: what they sent waits unread.
    rig.nowMs += 500;
    assert.deepEqual(rig.do({ type: "tick", starvedMs: [0, 0] }), []);
  });

  test("both silent at once: more likely the machine, so both are given longer; then one after the other is replaced", () => {
    const rig = new TwoRenderers().up().speak();
    rig.send(0, 5);
    rig.send(1, 5);
    assert.deepEqual(rig.wait(STANDBY.hangBothMs - 10, []), []);
    const [first, ...others] = of(rig.wait(60, []), "lost");
    assert.equal(first?.slot, 0);
    assert.equal(others.length, 0, "the last one may only be slow");
    rig.ready(0);
    assert.equal(of(rig.wait(40, [0]), "lost")[0]?.slot, 1, "now it is not the last one");
  });

  test("I3: the last one that works is slow before it is hung; what it sends late is played", () => {
    const rig = new TwoRenderers().up().speak();
    rig.send(1, 5);
    rig.exit(0);
    assert.equal(rig.state.active, 1);
    assert.deepEqual(types(rig.wait(STANDBY.hangLastMs - 100, [])), [], "nobody better is there");
    rig.send(1, 5);
    assert.deepEqual(types(rig.wait(STANDBY.hangLastMs - 100, [])), []);
    const gone = rig.wait(200, []);
    assert.deepEqual(of(gone, "lost")[0]?.how, "hung");
  });

  test("I3: one that was replaced soon is given twice as long before it is called hung", () => {
    const rig = new TwoRenderers().up().speak();
    rig.exit(1);
    rig.ready(1);
    assert.equal(rig.state.slots[1].shortLives, 1);
    assert.deepEqual(of(rig.wait(STANDBY.wakeMs + 2 * STANDBY.hangMs - 15, [0]), "lost"), []);
    assert.equal(of(rig.wait(20, [0]), "lost")[0]?.slot, 1);
  });

  test("renderers that are spoken to after a rest have time to quicken their beat", () => {
    const rig = new TwoRenderers().up();
    assert.deepEqual(rig.wait(1000, [0, 1]), []);
    rig.nowMs += 200;
    rig.speak();
    assert.deepEqual(rig.wait(50, []), []);
  });

  test("events of a process that was replaced change nothing", () => {
    const rig = new TwoRenderers().up().speak();
    rig.send(0, 5);
    rig.send(1, 5);
    rig.exit(0);
    const before = rig.state;
    for (const type of ["ready", "heard"] as const) rig.do({ type, slot: 0, generation: 1 });
    rig.do({ type: "exit", slot: 0, generation: 1, why: "late" });
    rig.do({ type: "buffer", slot: 0, generation: 1, utterance: 7, index: 5, isLast: false });
    assert.deepEqual(rig.state, before);
  });

  test("buffers of an utterance that was cancelled are dropped, and nothing of it is delivered", () => {
    const rig = new TwoRenderers().up().speak(7);
    rig.send(0, 5);
    rig.do({ type: "cancel" });
    rig.speak(8);
    const late = { type: "buffer", slot: 0, generation: 1, utterance: 7, index: 5, isLast: false };
    assert.deepEqual(rig.do(late as StandbyEvent), []);
    rig.pull(3);
    assert.deepEqual(rig.delivered, []);
  });
});
