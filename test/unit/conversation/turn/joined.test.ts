// Speech while the machine thinks (G5): it joins what is not answered yet, and nobody is talked over.
import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { turnDueMs } from "../../../../src/conversation/turn/turn-core.js";
import { TURN_RULES } from "../../../../src/conversation/turn/turn-types.js";
import { BUDGET_MS, ends, lines, Machine } from "./machine.js";

describe("speech while it thinks", () => {
  it("G5: speech while it thinks joins; what is written meanwhile waits until they have finished", () => {
    const machine = new Machine();
    machine.hear("t1");
    assert.deepEqual(machine.at(100).feed({ type: "listen" }), [], "nothing is broken off");
    assert.deepEqual(machine.at(200).sentence("t1", 0), [], "it does not talk over them");
    assert.deepEqual(machine.at(TURN_RULES.fillerMs).feed({ type: "tick" }), [], "nor a filler");
    const joined = machine.feed({
      type: "heard",
      turnId: "t2",
      budgetMs: BUDGET_MS,
      isJoined: true,
    });
    assert.deepEqual(ends(joined), ["t1 interrupted TURN_JOINED"]);
    assert.ok(joined.some((effect) => effect.type === "think" && effect.turnId === "t2"));

    // A noise, or a television that nothing was understood of.
    machine.feed({ type: "listen" });
    machine.sentence("t2", 0);
    assert.ok(machine.feed({ type: "unheard" }).some(({ type }) => type === "speak"));
    // Once it speaks, speech interrupts, unless it only went on after a pause.
    const cut = machine.feed({ type: "heard", turnId: "t3", budgetMs: BUDGET_MS });
    assert.deepEqual(ends(cut), ["t2 interrupted TURN_INTERRUPTED"]);
    machine.sentence("t3", 0);
    const on = machine.feed({ type: "heard", turnId: "t4", budgetMs: BUDGET_MS, isJoined: true });
    assert.deepEqual(ends(on), ["t3 interrupted TURN_JOINED"]);
  });

  it("G5: a voice silences it at once; a cough lets it go on with the sentence that was cut", () => {
    const machine = new Machine();
    machine.hear("t1");
    machine.sentence("t1", 0, ["NOD:1"]);
    machine.sentence("t1", 1, ["NOD:2"]);
    machine.written("t1");
    const cut = machine.at(400).feed({ type: "listen" });
    assert.deepEqual(
      cut.map((effect) => (effect.type === "robot" ? effect.line : effect.type)),
      ["hush", "STOP_SPEAKING", "LISTENING"],
    );
    assert.equal(machine.state.kind, "speaking");
    assert.deepEqual(machine.spoken("t1", 0, false), [], "it was cut: that ends nothing");
    assert.deepEqual(machine.feed({ type: "listen" }).length, 2, "told again, nothing is hushed");
    const on = machine.at(900).feed({ type: "unheard" });
    assert.deepEqual(
      on.flatMap((effect) => (effect.type === "speak" ? [effect.index] : [])),
      [0, 1],
    );
    assert.deepEqual(lines(on), ["SPEAKING"], "the gesture was made before");
    machine.spoken("t1", 0);
    assert.deepEqual(ends(machine.spoken("t1", 1)), ["t1 done "]);

    const said = new Machine();
    said.hear("t1");
    said.sentence("t1", 0);
    said.feed({ type: "listen" });
    const next = said.at(800).hear("t2");
    assert.deepEqual(ends(next), ["t1 interrupted TURN_INTERRUPTED"]);
    assert.equal(said.state.kind, "thinking");
  });

  it("G5: a microphone that brings nothing holds the answer back for its limit, and no longer", () => {
    const machine = new Machine();
    machine.hear("t1");
    machine.at(100).feed({ type: "listen" });
    machine.sentence("t1", 0);
    const dueMs = TURN_RULES.listenMsMax + 100;
    machine.at(TURN_RULES.fillerMs).feed({ type: "tick" });
    assert.equal(turnDueMs(machine.state), Math.min(dueMs, BUDGET_MS));
    const early = machine.state;
    const late = new Machine();
    late.hear("t1");
    late.feed({ type: "listen" });
    late.at(2000).sentence("t1", 0);
    late.written("t1");
    const spoken = late.at(TURN_RULES.listenMsMax).feed({ type: "tick" });
    assert.ok(spoken.some(({ type }) => type === "speak" || type === "ended"));
    assert.equal(early.kind, "thinking");
  });
});
