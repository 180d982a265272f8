// The floor on the server. Properties:
// - one holder; a token only grows, also after the server lost its state;
// - nobody new before the last beat of the one before is old, unless it was given back;
// - more urgent first, then who came first; who does not ask any more is out of the queue.
import assert from "node:assert/strict";
import { describe, it } from "node:test";
import {
  BEAT_MS,
  BEAT_STOPPED_MS,
  EMPTY_FLOOR,
  GAP_MS,
  LEASE_MS,
  RENEW_MS,
  SILENT_MS,
  stepFloor,
  WAITER_MS,
  WAITERS_MAX,
  type Floor,
  type FloorAnswer,
  type FloorCommand,
  type Urgency,
} from "../../../src/fleet/floor/floor-core.js";

const START_MS = 1_800_000_000_000;

/** A server that has been asked often enough for its ages to mean something. */
class Rig {
  nowMs = START_MS;
  run = "one";
  floor: Floor = EMPTY_FLOOR;

  constructor() {
    this.pass(BEAT_STOPPED_MS);
  }

  ask(command: FloorCommand): FloorAnswer {
    const step = stepFloor(this.floor, command, this.nowMs, this.run);
    this.floor = step.floor;
    return step.answer;
  }

  take(robot: string, urgency: Urgency = 1, seen = 0): FloorAnswer {
    return this.ask({ op: "take", robot, urgency, seen });
  }

  token(robot: string, urgency: Urgency = 1): number {
    const answer = this.take(robot, urgency);
    assert.equal(answer.kind, "held", `${robot} gets the floor`);
    return (answer as { token: number }).token;
  }

  beat(robot: string, token: number, isSounding = true): FloorAnswer {
    return this.ask({ op: "beat", robot, token, isSounding });
  }

  /** Time in which others ask, so that it is no gap. */
  pass(ms: number): void {
    const endMs = this.nowMs + ms;
    while (this.nowMs < endMs) {
      this.ask({ op: "leave", robot: "nobody", token: 0 });
      this.nowMs = Math.min(endMs, this.nowMs + 500);
    }
  }
}

describe("the floor on the server", () => {
  it("B2: one holder, who is told again if the first answer was lost", () => {
    const rig = new Rig();
    const token = rig.token("ada");
    assert.deepEqual(rig.take("bob"), { kind: "waiting", ahead: 1 });
    assert.deepEqual(rig.take("ada"), { kind: "held", token });
  });

  it("B2: a living holder renews a lease of 15 s every 3 s; a dead one loses it", () => {
    const rig = new Rig();
    const token = rig.token("ada");
    assert.equal(rig.floor.holder?.untilMs, rig.nowMs + LEASE_MS);
    rig.pass(BEAT_MS);
    rig.beat("ada", token);
    assert.equal(rig.floor.holder?.untilMs, rig.nowMs - BEAT_MS + LEASE_MS, "not yet due");
    rig.pass(RENEW_MS - BEAT_MS);
    rig.beat("ada", token);
    assert.equal(rig.floor.holder?.untilMs, rig.nowMs + LEASE_MS);
    rig.pass(LEASE_MS - 500);
    assert.equal(rig.take("bob").kind, "waiting");
    rig.pass(500);
    assert.equal(rig.take("bob").kind, "held");
    assert.deepEqual(rig.beat("ada", token), { kind: "lost" });
  });

  it("B2: the next one waits until the last beat is 3 s old, whatever took the floor away", () => {
    const rig = new Rig();
    const token = rig.token("ada");
    rig.pass(SILENT_MS - 500);
    rig.beat("ada", token, false);
    rig.pass(500);
    assert.deepEqual(rig.ask({ op: "reset", token, reason: "silence" }), { kind: "reset" });
    rig.pass(BEAT_STOPPED_MS - 501);
    assert.equal(rig.take("bob").kind, "waiting");
    rig.pass(1);
    assert.equal(rig.take("bob").kind, "held");
  });

  it("B2: what is given back is free at once, and only with the token of now", () => {
    const rig = new Rig();
    const token = rig.token("ada");
    assert.equal(rig.take("bob").kind, "waiting");
    rig.ask({ op: "leave", robot: "ada", token: token - 1 });
    assert.equal(rig.floor.holder?.robot, "ada", "of an earlier tenure");
    rig.ask({ op: "leave", robot: "ada", token });
    assert.equal(rig.take("bob").kind, "held");
  });

  it("B2: a robot is not given again what it believes to have given back", () => {
    const rig = new Rig();
    const token = rig.token("ada");
    assert.equal(rig.take("ada", 1, token).kind, "waiting");
    rig.pass(BEAT_STOPPED_MS);
    assert.ok((rig.take("ada", 1, token) as { token: number }).token > token);
  });

  it("B2: a reset only for a true reason, and for the holder that was meant", () => {
    const rig = new Rig();
    const token = rig.token("ada");
    const reset = (reason: "beats" | "silence" | "end", of = token): string =>
      rig.ask({ op: "reset", token: of, reason }).kind;
    rig.pass(BEAT_STOPPED_MS - 500);
    assert.equal(reset("beats"), "notReset");
    assert.equal(reset("silence"), "notReset");
    assert.equal(reset("end", token - 1), "notReset");
    rig.pass(500);
    assert.equal(reset("beats"), "reset");
    assert.equal(reset("beats"), "notReset", "it is done");
  });

  it("the queue: a person's question before an answer, an answer before a wish, then who came first", () => {
    const rig = new Rig();
    let token = rig.token("first");
    const order: string[] = [];
    const waiting = new Map<string, Urgency>([
      ["wish", 0],
      ["answer 1", 1],
      ["answer 2", 1],
      ["person", 2],
    ]);
    for (const [robot, urgency] of waiting) rig.take(robot, urgency);
    let holder = "first";
    while (waiting.size > 0) {
      rig.ask({ op: "leave", robot: holder, token });
      for (const [robot, urgency] of [...waiting]) {
        const answer = rig.take(robot, urgency);
        if (answer.kind !== "held") continue;
        token = answer.token;
        holder = robot;
        order.push(robot);
        waiting.delete(robot);
        break;
      }
    }
    assert.deepEqual(order, ["person", "answer 1", "answer 2", "wish"]);
  });

  it("the queue is fair: nobody of equals has the floor twice while another waits", () => {
    const rig = new Rig();
    const robots = ["a", "b", "c"];
    const order: string[] = [];
    for (let round = 0; round < 12; round++) {
      for (const robot of robots) {
        const answer = rig.take(robot);
        if (answer.kind !== "held") continue;
        order.push(robot);
        for (const other of robots) if (other !== robot) rig.take(other);
        rig.ask({ op: "leave", robot, token: answer.token });
        rig.pass(100);
      }
    }
    for (let at = 0; at + 2 < order.length; at++)
      assert.equal(new Set(order.slice(at, at + 3)).size, 3, order.join(" "));
  });

  it("the queue: who does not ask any more is out of it, and it has a limit", () => {
    const rig = new Rig();
    const token = rig.token("ada");
    rig.take("dead", 2);
    rig.pass(WAITER_MS);
    rig.take("bob", 0);
    rig.ask({ op: "leave", robot: "ada", token });
    assert.equal(rig.take("bob", 0).kind, "held");
    for (let i = 0; i < WAITERS_MAX; i++) rig.take(`w${i}`);
    assert.deepEqual(rig.take("one too many"), { kind: "full" });
  });

  it("B2: tokens grow also when the server has lost everything, and when its clock was set back", () => {
    const rig = new Rig();
    const before = rig.token("ada");
    rig.floor = EMPTY_FLOOR;
    rig.run = "two";
    rig.pass(BEAT_STOPPED_MS + 500);
    const after = rig.token("bob");
    assert.ok(after > before, `${after} > ${before}`);
    rig.nowMs -= 3_600_000;
    rig.floor = { ...EMPTY_FLOOR, run: "two" };
    rig.pass(BEAT_STOPPED_MS + 500);
    const asked = rig.take("carl", 1, after);
    assert.ok((asked as { token: number }).token > after, "it says what it has seen");
    const forged = { op: "take", robot: "eve", urgency: 2, seen: 9e15 } as const;
    rig.floor = { ...EMPTY_FLOOR, run: "two" };
    rig.pass(BEAT_STOPPED_MS + 500);
    assert.ok(
      (rig.ask(forged) as { token: number }).token < rig.nowMs + 1000,
      "not into the future",
    );
  });

  const UNSURE: readonly (readonly [string, (rig: Rig) => void])[] = [
    ["another server process", (rig) => (rig.run = "two")],
    ["its clock set back", (rig) => (rig.nowMs -= 3_600_000)],
    ["its clock set forward", (rig) => (rig.nowMs += 3_600_000)],
    ["it stood still", (rig) => (rig.nowMs += GAP_MS + 1)],
  ];
  for (const [what, happen] of UNSURE) {
    it(`B2: ${what}: a living holder goes on, nobody new for 3 s`, () => {
      const rig = new Rig();
      const token = rig.token("ada");
      happen(rig);
      assert.equal(rig.take("bob").kind, "waiting");
      assert.deepEqual(rig.beat("ada", token), { kind: "held", token });
      rig.pass(BEAT_STOPPED_MS);
      assert.equal(rig.floor.holder?.robot, "ada");
      const other = new Rig();
      other.token("ada");
      happen(other);
      other.take("bob");
      other.ask({ op: "reset", token: other.floor.holder?.token ?? 0, reason: "end" });
      other.pass(BEAT_STOPPED_MS - 1);
      assert.equal(other.take("bob").kind, "waiting", "not even after a reset");
    });
  }

  it("B2: a server that lost its state takes a living holder back, but nobody whose token was burnt or forged", () => {
    const rig = new Rig();
    const token = rig.token("ada");
    rig.floor = EMPTY_FLOOR;
    rig.run = "two";
    assert.deepEqual(rig.beat("ada", token), { kind: "held", token });
    const other = new Rig();
    const burnt = other.token("ada");
    other.ask({ op: "reset", token: burnt, reason: "end" });
    other.run = "two";
    assert.deepEqual(other.beat("ada", burnt), { kind: "lost" });
    assert.deepEqual(other.beat("eve", 9e15), { kind: "lost" });
    other.pass(BEAT_STOPPED_MS + 500);
    assert.deepEqual(other.beat("ada", burnt + 2), { kind: "lost" }, "only while it is unsure");
  });
});
