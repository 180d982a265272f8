/**
 * The hot standby at its limits, and in 400 seeded runs.
 */
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { seededChance } from "../../../../src/time/chance.js";
import { STANDBY } from "../../../../src/voice/standby/standby-types.js";
import { TwoRenderers, of } from "./two-renderers.js";

describe("limits", () => {
  test("poison: an utterance that kills three renderers without a buffer is given up, and they live on", () => {
    const rig = new TwoRenderers().up().speak(7);
    rig.exit(0);
    rig.exit(1);
    rig.wait(400, []);
    rig.up();
    const effects = rig.exit(0);
    assert.match(of(effects, "failed")[0]?.why ?? "", /killed 3 renderers/);
    rig.speak(8);
    rig.send(1, 1);
    rig.pull(1);
    assert.equal(rig.delivered.length, 1);
  });

  test("I5: short lives in a row are started with growing waits, a long one at once again", () => {
    const rig = new TwoRenderers().up();
    const waits: number[] = [];
    for (let i = 0; i < 7; i++) {
      const effects = rig.exit(1);
      const waitMs = Number(
        /starts in (\d+) ms/.exec(of(effects, "line")[0]?.text ?? "")?.[1] ?? 0,
      );
      waits.push(waitMs);
      const spawned = of(effects, "spawn").length + of(rig.wait(waitMs, [0]), "spawn").length;
      assert.equal(spawned, 1);
      rig.ready(1);
    }
    assert.deepEqual(waits, [0, 250, 500, 1000, 5000, 30_000, 30_000]);
    rig.wait(1000, [0, 1]);
    assert.equal(of(rig.exit(1), "spawn").length, 1);
  });

  test("room: a renderer never runs further ahead than its ring, and one that does is replaced", () => {
    const rig = new TwoRenderers().up().speak();
    rig.send(0, STANDBY.ringBuffers);
    assert.equal(of(rig.log, "lost").length, 0);
    assert.equal(of(rig.send(0, 1), "lost")[0]?.how, "damaged");
  });

  test("nothing for 5 s: given up, so that it is said in another way", () => {
    const rig = new TwoRenderers().up().speak();
    rig.pull(1);
    const effects = rig.wait(STANDBY.stuckMsMax + 20, [0, 1]);
    assert.equal(of(effects, "failed").length, 1);
    assert.equal(rig.state.speech, undefined);
  });

  test("a hang is known within 50 ms of the last beat while speaking", () => {
    assert.ok(STANDBY.hangMs + STANDBY.tickMs + STANDBY.beatMs < 50);
  });
});

test("D2: 400 seeded runs of 60 buffers with deaths, hangs, stalls and damage at any moment: 0, 1, 2, … each once", () => {
  for (let seed = 0; seed < 400; seed++) {
    const chance = seededChance(seed);
    const rig = new TwoRenderers().up().speak();
    const last = 59;
    const asleep = [false, false];
    for (let turn = 0; turn < 4000 && rig.state.speech; turn++) {
      for (const slot of [0, 1] as const) {
        const { phase } = rig.state.slots[slot];
        if (phase.kind === "starting" && chance.next() < 0.05) {
          asleep[slot] = false;
          rig.ready(slot);
        } else if (phase.kind === "ready") {
          if (chance.next() < 0.004) rig.exit(slot);
          else if (chance.next() < 0.003) asleep[slot] = true;
          else if (chance.next() < 0.002) {
            rig.do({ type: "damaged", slot, generation: rig.generation(slot), why: "checksum" });
          } else if (!asleep[slot]) {
            rig.beat(slot);
            const { until, isWhole } = rig.state.slots[slot];
            const room = rig.state.speech?.room ?? 0;
            if (!isWhole && until < room && chance.next() < 0.5) rig.send(slot, 1, last);
          }
        }
      }
      if (chance.next() < 0.3) rig.pull(1);
      rig.nowMs += STANDBY.tickMs;
      rig.do({ type: "tick", starvedMs: [0, 0] });
    }
    const indexes = rig.delivered.map((d) => d.index);
    const end = of(rig.log, "finished").length === 1 ? last + 1 : indexes.length;
    assert.deepEqual(indexes, [...Array(end).keys()], `seed ${seed}`);
    assert.equal(of(rig.log, "finished").length + of(rig.log, "failed").length, 1, `seed ${seed}`);
  }
});
