// The turn machine. Properties that must hold: one turn at a time; each utterance gets one answer; the one exit restores
// the robot and frees the floor; late results of an older turn decide nothing; what time ends is ended.
import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { turnDueMs } from "../../../../src/conversation/turn/turn-core.js";
import {
  TURN_RULES,
  type TurnEffect,
  type TurnInput,
} from "../../../../src/conversation/turn/turn-types.js";
import { BUDGET_MS, ends, lines, Machine } from "./machine.js";
import { seededChance } from "../../../../src/time/chance.js";

describe("turn", () => {
  it("gives the robot's commands in the order of the old host", () => {
    const machine = new Machine();
    machine.hear("t1");
    machine.sentence("t1", 0, ["NOD:2"]);
    machine.written("t1");
    machine.spoken("t1", 0);
    assert.deepEqual(lines(machine.effects), [
      ..."PRESENCE ACKNOWLEDGE THINKING STOP_THINKING NOD:2".split(" "),
      ..."SATISFY:social,0.15 SATISFY:stimulation,0.1 SPEAKING".split(" "),
      ..."STOP_THINKING STOP_SPEAKING IDLE".split(" "),
    ]);
    assert.deepEqual(ends(machine.effects), ["t1 done "]);
    assert.deepEqual(machine.state, { kind: "idle" });
  });

  it("speaks up by itself only when idle, and tells the robot so also when it comes to nothing", () => {
    const machine = new Machine();
    machine.feed({ type: "urge", turnId: "t1", budgetMs: BUDGET_MS });
    assert.equal(machine.state.kind, "thinking");
    const refused = machine.feed({ type: "urge", turnId: "t2", budgetMs: BUDGET_MS });
    assert.deepEqual(refused, [{ type: "refused", turnId: "t2", code: "TURN_BUSY" }]);
    const failed = machine.feed({ type: "failed", turnId: "t1", code: "TURN_FAILED" });
    assert.ok(lines(failed).includes("SPOKE"));
  });

  it("A11: a new utterance interrupts, whatever the old one was doing", () => {
    for (const stage of ["thinking", "speaking"] as const) {
      const machine = new Machine();
      machine.hear("t1");
      if (stage === "speaking") machine.sentence("t1", 0);
      assert.equal(machine.state.kind, stage);
      const effects = machine.hear("t2");
      assert.deepEqual(ends(effects), ["t1 interrupted TURN_INTERRUPTED"]);
      assert.ok(
        effects.some(({ type }) => type === "quiet"),
        "the model's request is closed",
      );
      assert.equal(
        effects.some(({ type }) => type === "hush"),
        stage === "speaking",
      );
      const kinds = effects.filter(({ type }) => type === "ended" || type === "think");
      assert.deepEqual(
        kinds.map(({ type }) => type),
        ["ended", "think"],
        "one after the other",
      );
      // What the old one still brings changes nothing.
      const before = machine.state;
      assert.deepEqual(machine.sentence("t1", 1), []);
      assert.deepEqual(machine.spoken("t1", 0), []);
      assert.deepEqual(machine.state, before);
    }
  });

  it("a stop ends it at once, and in idle still silences what is heard", () => {
    const machine = new Machine();
    machine.hear("t1");
    machine.sentence("t1", 0);
    const effects = machine.feed({ type: "stop" });
    assert.deepEqual(ends(effects), ["t1 stopped TURN_STOPPED"]);
    assert.ok(effects.some(({ type }) => type === "hush"));
    assert.deepEqual(lines(effects), ["STOP_THINKING", "STOP_SPEAKING", "IDLE"]);
    assert.ok(machine.feed({ type: "stop" }).some(({ type }) => type === "hush"));
  });

  it("A3: ends at its budget with a reason to be spoken, unless its reply is complete", () => {
    const hung = new Machine();
    hung.hear("t1");
    assert.equal(turnDueMs(hung.state), TURN_RULES.fillerMs);
    const filler = hung.at(TURN_RULES.fillerMs).feed({ type: "tick" });
    assert.deepEqual(filler, [{ type: "speak", turnId: "t1", index: -1 }]);
    assert.equal(turnDueMs(hung.state), BUDGET_MS);
    const over = hung.at(BUDGET_MS).feed({ type: "tick" });
    assert.deepEqual(ends(over), ["t1 failed TURN_BUDGET"]);
    assert.ok(over.some(({ type }) => type === "notice"));
    assert.ok(over.some(({ type }) => type === "floor"));

    const whole = new Machine();
    whole.hear("t1");
    whole.at(1000).sentence("t1", 0);
    whole.written("t1");
    whole.at(BUDGET_MS).feed({ type: "tick" });
    assert.equal(whole.state.kind, "speaking", "a complete reply is heard to its end");
    const late = whole.at(1000 + TURN_RULES.speechMsMax).feed({ type: "tick" });
    assert.deepEqual(ends(late), ["t1 done TURN_SPEECH_LONG"]);

    const cut = new Machine();
    cut.hear("t1");
    cut.at(1000).sentence("t1", 0);
    cut.written("t1", true);
    assert.deepEqual(ends(cut.at(BUDGET_MS).feed({ type: "tick" })), ["t1 failed TURN_BUDGET"]);
  });

  it("speaks no filler once a sentence is there", () => {
    const machine = new Machine();
    machine.hear("t1");
    machine.at(500).sentence("t1", 0);
    assert.deepEqual(machine.at(TURN_RULES.fillerMs).feed({ type: "tick" }), []);
  });

  it("hands the voice one sentence ahead, and moves when a sentence begins to be heard", () => {
    const machine = new Machine();
    machine.hear("t1");
    machine.sentence("t1", 0);
    assert.deepEqual(lines(machine.sentence("t1", 1, ["NOD:1"])), []);
    assert.deepEqual(machine.sentence("t1", 2), [], "two are with the voice already");
    const next = machine.spoken("t1", 0);
    assert.deepEqual(lines(next), ["NOD:1", "SPEAKING"]);
    assert.ok(next.some((effect) => effect.type === "speak" && effect.index === 2));
  });

  it("a look holds until the next sentence, and a gesture without words is a reply", () => {
    const machine = new Machine();
    machine.hear("t1");
    const effects = machine.sentence("t1", 0, ["LOOK:60,100"]);
    assert.ok(!lines(effects).includes("SPEAKING"), "the talking loop would turn it back");
    const silent = new Machine();
    silent.hear("t2");
    assert.ok(!lines(silent.sentence("t2", 0, ["NOD:2"], false)).includes("SPEAKING"));
    assert.deepEqual(ends(silent.written("t2")), [], "it has its time, as a sentence has");
    assert.deepEqual(ends(silent.spoken("t2", 0)), ["t2 done "]);
  });

  it("an empty reply fails and says so", () => {
    const machine = new Machine();
    machine.hear("t1");
    const effects = machine.written("t1");
    assert.deepEqual(ends(effects), ["t1 failed TURN_FAILED"]);
    assert.ok(effects.some(({ type }) => type === "notice"));
  });

  it("listening ends by itself, and opening the microphone silences the robot", () => {
    const machine = new Machine();
    machine.hear("t1");
    machine.sentence("t1", 0);
    const effects = machine.feed({ type: "listen" });
    assert.ok(effects.some(({ type }) => type === "hush"));
    assert.ok(lines(effects).includes("LISTENING"));
    machine.feed({ type: "stop" });
    machine.feed({ type: "listen" });
    machine.at(TURN_RULES.listenMsMax).feed({ type: "tick" });
    assert.equal(machine.state.kind, "idle");
    machine.feed({ type: "listen" });
    assert.deepEqual(lines(machine.feed({ type: "unheard" })), ["IDLE"]);
  });

  it("random inputs: never two turns, each answered once, every exit whole (seeded, 2,000 runs)", () => {
    for (let seed = 1; seed <= 2000; seed++) randomRun(seed);
  });
});

function randomRun(seed: number): void {
  const chance = seededChance(seed);
  const pick = (count: number): number => Math.floor(chance.next() * count);
  const machine = new Machine();
  const asked: string[] = [];
  for (let step = 0; step < 30; step++) {
    // Half of all inputs come in the same millisecond as the one before.
    if (chance.next() < 0.5) machine.at(machine.nowMs + pick(4000));
    const turnId = `t${Math.max(1, asked.length - pick(2))}`;
    const index = pick(3);
    const inputs: (() => TurnInput)[] = [
      () => ({ type: "heard", turnId: newId(asked), budgetMs: BUDGET_MS }),
      () => ({ type: "urge", turnId: newId(asked), budgetMs: BUDGET_MS }),
      () => ({ type: "sentence", turnId, sentence: { index, hasWords: true, lines: [] } }),
      () => ({ type: "spoken", turnId, index, isHeard: chance.next() < 0.7 }),
      () => ({ type: "written", turnId, isBounded: chance.next() < 0.5 }),
      () => ({ type: "failed", turnId, code: "TURN_FAILED" }),
      () => ({ type: "listen" }),
      () => ({ type: "unheard" }),
      () => ({ type: "stop" }),
      () => ({ type: "tick" }),
    ];
    machine.feed((inputs[pick(inputs.length)] as () => TurnInput)());
  }
  machine.feed({ type: "close" });
  check(machine.effects, asked, seed);
}

function newId(asked: string[]): string {
  const id = `t${asked.length + 1}`;
  asked.push(id);
  return id;
}

function check(effects: readonly TurnEffect[], asked: readonly string[], seed: number): void {
  let running: string | undefined;
  let holder: string | undefined;
  const answered: string[] = [];
  const restored = new Set<string>();
  for (const effect of effects) {
    if (effect.type === "think") {
      assert.equal(running, undefined, `seed ${seed}: two turns at once`);
      running = effect.turnId;
    }
    if (effect.type === "floor") {
      if (effect.isTaken) assert.equal(holder, undefined, `seed ${seed}: two hold the floor`);
      holder = effect.isTaken ? effect.turnId : undefined;
    }
    if (effect.type === "robot" && effect.line === "IDLE") restored.add(effect.turnId);
    if (effect.type === "ended") {
      assert.equal(effect.turnId, running, `seed ${seed}: another turn ended`);
      assert.ok(restored.has(effect.turnId), `seed ${seed}: the robot was not restored`);
      assert.equal(holder, undefined, `seed ${seed}: the floor was not freed`);
      running = undefined;
    }
    if (effect.type === "ended" || effect.type === "refused") answered.push(effect.turnId);
  }
  assert.equal(running, undefined, `seed ${seed}: a turn is left`);
  assert.deepEqual(answered.sort(), [...asked].sort(), `seed ${seed}: each utterance, once`);
}
