/**
 * E1 as a table. Properties: the fifth failure in a row opens, a success between starts the count again; open lasts
 * 30 s; never more than three trials in a half-open; two successes close, one failure opens; results of an ended
 * state decide nothing; the last 100 transitions are kept with time and reason.
 */
import assert from "node:assert/strict";
import { describe, it } from "node:test";
import {
  BREAKER_RULES,
  newBreaker,
  stepBreaker,
  TRANSITIONS_MAX,
  type Answer,
  type Breaker,
  type BreakerEvent,
  type Ticket,
} from "../../../src/resilience/breaker-core.js";
import { NO_COUNTS, restoreBreaker, saveBreaker } from "../../../src/resilience/breaker-state.js";
import { seededChance } from "../../../src/time/chance.js";

const WALL_MS = 1_700_000_000_000;
const COUNTS = { ...NO_COUNTS, calls: 9, failures: 5, opened: 1 };

class Driver {
  breaker: Breaker = newBreaker(0);
  nowMs = 0;
  readonly tickets: Ticket[] = [];

  do(event: BreakerEvent): Answer {
    const now = { nowMs: this.nowMs, wallMs: WALL_MS + this.nowMs };
    const { breaker, answer } = stepBreaker(this.breaker, event, now);
    this.breaker = breaker;
    return answer;
  }

  /**
   * Plays a script: `a` ask (its ticket joins the queue), `s` `f` `c` the oldest call succeeds, fails, is cancelled,
   * a number waits that many ms, `i` isolate, `r` reset. An ask that is refused must be written `x`.
   */
  play(script: string): this {
    for (const word of script.split(" ")) {
      if (/^\d+$/.test(word)) this.nowMs += Number(word);
      else if (word === "a" || word === "x") {
        const answer = this.do({ type: "ask" });
        assert.equal(answer.kind, word === "a" ? "admitted" : "refused", `${script}: ${word}`);
        if (answer.kind === "admitted") this.tickets.push(answer.ticket);
      } else if (word === "i") this.do({ type: "isolate", reason: "by hand" });
      else if (word === "r") this.do({ type: "reset", reason: "by hand" });
      else this.result(word);
    }
    this.do({ type: "tick" });
    return this;
  }

  private result(word: string): void {
    const ticket = this.tickets.shift();
    assert.ok(ticket !== undefined, "a call to end");
    if (word === "s") this.do({ type: "success", ticket });
    else if (word === "f") this.do({ type: "failure", ticket, reason: "refused" });
    else if (word === "c") this.do({ type: "cancelled", ticket });
    else assert.fail(`unknown word ${word}`);
  }

  get kind(): string {
    return this.breaker.state.kind;
  }
}

const OPEN = "a f a f a f a f a f";
const HALF_OPEN = `${OPEN} 30000`;

describe("breaker core", () => {
  const cases: [string, string, string][] = [
    ["starts closed", "0", "closed"],
    ["E1: four failures in a row leave it closed", "a f a f a f a f", "closed"],
    ["E1: the fifth opens it", OPEN, "open"],
    [
      "E1: a success between starts the count again",
      "a f a f a f a f a s a f a f a f a f",
      "closed",
    ],
    ["E1: five failures of calls made together open it", "a a a a a f f f f f", "open"],
    ["E1: open refuses", `${OPEN} x x 29000 x`, "open"],
    ["E1: it is open for 30 s and not less", `${OPEN} 29999 x`, "open"],
    ["E1: half-open after 30 s, without a call", HALF_OPEN, "halfOpen"],
    ["E1: three trials go through, the fourth does not", `${HALF_OPEN} a a a x x`, "halfOpen"],
    ["E1: three in all, not three at a time", `${HALF_OPEN} a a a s x`, "halfOpen"],
    ["E1: one success does not close it", `${HALF_OPEN} a s`, "halfOpen"],
    ["E1: two successes close it", `${HALF_OPEN} a s a s`, "closed"],
    ["E1: two successes of three trials together close it", `${HALF_OPEN} a a a s s`, "closed"],
    ["E1: a failed trial opens it again", `${HALF_OPEN} a f`, "open"],
    ["E1: a failed trial after a success opens it again", `${HALF_OPEN} a s a f`, "open"],
    ["E1: it is open again for whole 30 s", `${HALF_OPEN} 5000 a f 29999 x`, "open"],
    ["E1: and half-open again after that", `${HALF_OPEN} 5000 a f 30000 a a a x`, "halfOpen"],
    [
      "closed again, it takes five failures again",
      `${HALF_OPEN} a s a s a f a f a f a f`,
      "closed",
    ],
    ["a cancelled call is no failure", "a f a f a f a f a c a c", "closed"],
    ["a cancelled trial gives its place back", `${HALF_OPEN} a a a c a x`, "halfOpen"],
    ["trials that never come back fail after 30 s", `${HALF_OPEN} a a a 30000 x`, "open"],
    ["half-open with nothing under way waits for ever", `${HALF_OPEN} a s 3600000 a s`, "closed"],
    [
      "a late success of the closed time does not close",
      `a ${OPEN.replace("a f", "a a")} f f`,
      "open",
    ],
    ["E1: isolated refuses until it is reset", "i x 3600000 x", "isolated"],
    ["E1: reset by hand closes an isolated one", "i r a s", "closed"],
    ["E1: reset by hand closes an open one", `${OPEN} r a f a f a f a f`, "closed"],
    ["results do not change an isolated one", "a a i s f", "isolated"],
  ];
  for (const [name, script, expected] of cases) {
    it(`${name}: ${expected}`, () => assert.equal(new Driver().play(script).kind, expected));
  }

  it("failures of calls from before it opened do not count as failed trials", () => {
    const d = new Driver().play("a a a a a a a f f f f f 30000");
    assert.equal(d.kind, "halfOpen");
    d.play("f f");
    assert.equal(d.kind, "halfOpen");
    assert.deepEqual(d.do({ type: "success", ticket: 0 }), { kind: "late" });
  });

  it("says when asking again can help, and that a person must when it is isolated", () => {
    const open = new Driver().play(`${OPEN} 10000`).do({ type: "ask" });
    assert.deepEqual(open, { kind: "refused", retryInMs: 20_000, why: "it is open" });
    const isolated = new Driver().play("i").do({ type: "ask" });
    assert.equal(isolated.kind === "refused" ? isolated.retryInMs : 0, undefined);
  });

  it("E1: keeps transitions with time and reason", () => {
    const d = new Driver().play(`${HALF_OPEN} 500 a f`);
    assert.deepEqual(d.breaker.transitions, [
      {
        wallMs: WALL_MS,
        from: "closed",
        to: "open",
        reason: "5 failures in a row, last: refused",
      },
      {
        wallMs: WALL_MS + 30_000,
        from: "open",
        to: "halfOpen",
        reason: "open for 30 s, trying again",
      },
      { wallMs: WALL_MS + 30_500, from: "halfOpen", to: "open", reason: "trial failed: refused" },
    ]);
  });

  it(`E1: keeps the last ${TRANSITIONS_MAX} transitions`, () => {
    const d = new Driver();
    for (let i = 0; i < 75; i++) d.play("1 i 1 r");
    assert.equal(d.breaker.transitions.length, TRANSITIONS_MAX);
    assert.equal(d.breaker.transitions.at(-1)?.wallMs, WALL_MS + 150);
  });

  it("E1: counts time in each state", () => {
    const d = new Driver().play("1000 a s a c").play(`${OPEN} x x 30000 2000 a s a s`);
    assert.deepEqual(d.breaker.pastMs, { closed: 1000, open: 30_000, halfOpen: 2000, isolated: 0 });
  });

  it("time that passed unseen is told at the moment it was due", () => {
    const d = new Driver().play(`${HALF_OPEN} a a a 3600000`);
    assert.deepEqual(
      d.breaker.transitions.map(({ wallMs, to }) => [wallMs - WALL_MS, to]),
      [
        [0, "open"],
        [30_000, "halfOpen"],
        [60_000, "open"],
        [90_000, "halfOpen"],
      ],
    );
  });

  it("E1: callers in any order never have more than three trials under way in a half-open", () => {
    const seed = Number(process.env["SEED"] ?? 1);
    for (let run = 0; run < 300; run++) {
      const chance = seededChance(seed + run);
      const d = new Driver().play(HALF_OPEN);
      let underWay = 0;
      let epoch = d.breaker.epoch;
      for (let i = 0; i < 60; i++) {
        const roll = chance.next();
        const halfOpen = d.kind === "halfOpen";
        if (roll < 0.6) {
          const answer = d.do({ type: "ask" });
          if (answer.kind === "admitted") d.tickets.push(answer.ticket);
          if (answer.kind === "admitted" && halfOpen) underWay += 1;
        } else {
          const ticket = d.tickets.splice(Math.floor(chance.next() * d.tickets.length), 1)[0];
          if (ticket === undefined) continue;
          if (ticket === epoch) underWay -= 1;
          if (roll < 0.75) d.do({ type: "success", ticket });
          else if (roll < 0.85) d.do({ type: "cancelled", ticket });
          else d.do({ type: "failure", ticket, reason: "x" });
        }
        if (d.breaker.epoch !== epoch) underWay = 0;
        epoch = d.breaker.epoch;
        assert.ok(
          d.kind !== "halfOpen" || underWay <= BREAKER_RULES.trialsMax,
          `seed ${seed + run}`,
        );
        if (d.kind === "open") d.play("30000");
        if (d.breaker.epoch !== epoch) underWay = 0;
        epoch = d.breaker.epoch;
      }
    }
  });
});

describe("breaker over a restart", () => {
  const at = (nowMs: number, wallMs: number) => ({ nowMs, wallMs });

  function restoredAfter(script: string, passedMs: number) {
    const d = new Driver().play(script);
    const saved = JSON.stringify(saveBreaker(d.breaker, COUNTS, at(d.nowMs, WALL_MS)));
    // The new process's monotonic clock has another zero.
    const restored = restoreBreaker(JSON.parse(saved), at(77, WALL_MS + passedMs), BREAKER_RULES);
    assert.ok(restored.kind === "ok");
    return restored;
  }

  const cases: [string, string, number, unknown][] = [
    ["failures so far are kept", "a f a f a f", 0, { kind: "closed", failures: 3 }],
    [
      "open keeps the rest of its time",
      `${OPEN} 10000`,
      5000,
      { kind: "open", untilMs: 77 + 15_000 },
    ],
    ["open while we were away for long is due", OPEN, 3_600_000, { kind: "open", untilMs: 77 }],
    [
      "a clock set back makes it no longer",
      OPEN,
      -3_600_000,
      { kind: "open", untilMs: 77 + 30_000 },
    ],
    [
      "half-open may have new trials",
      `${HALF_OPEN} a a a`,
      0,
      { kind: "halfOpen", trials: 0, successes: 0, lastTrialMs: 77 },
    ],
    ["isolated stays isolated", "i", 3_600_000, { kind: "isolated" }],
  ];
  for (const [name, script, passedMs, expected] of cases) {
    it(`E1: ${name}`, () =>
      assert.deepEqual(restoredAfter(script, passedMs).breaker.state, expected));
  }

  it("E1: counts, transitions and time in state survive", () => {
    const d = new Driver().play(`${HALF_OPEN} a f`);
    const back = restoredAfter(`${HALF_OPEN} a f`, 0);
    assert.deepEqual(back.counts, COUNTS);
    assert.deepEqual(back.breaker.transitions, d.breaker.transitions);
    assert.equal(back.breaker.pastMs.open, 30_000);
  });

  const good = saveBreaker(newBreaker(0), COUNTS, at(0, WALL_MS));
  const damaged: [string, unknown][] = [
    ["nothing", undefined],
    ["another version", { ...good, version: 2 }],
    ["a negative count", { ...good, counts: { ...good.counts, calls: -1 } }],
    ["an unknown state", { ...good, kind: "ajar" }],
    ["a field too many", { ...good, extra: 1 }],
    ["NaN", { ...good, openLeftMs: Number.NaN }],
    [
      "more transitions than are kept",
      {
        ...good,
        transitions: new Array(101).fill({ wallMs: 1, from: "open", to: "open", reason: "" }),
      },
    ],
  ];
  for (const [name, raw] of damaged) {
    it(`refuses ${name} with a reason`, () => {
      const restored = restoreBreaker(raw, at(0, WALL_MS), BREAKER_RULES);
      assert.equal(restored.kind, "bad");
      assert.ok(restored.kind === "bad" && restored.why.length > 0);
    });
  }

  it("no saved failure count can open it by itself", () => {
    const raw = { ...good, failures: 1_000_000 };
    const restored = restoreBreaker(raw, at(0, WALL_MS), BREAKER_RULES);
    assert.deepEqual(restored.kind === "ok" && restored.breaker.state, {
      kind: "closed",
      failures: 4,
    });
  });
});
