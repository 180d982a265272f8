/**
 * D11: never more than 45 servo packets in any second, pan and nod at least 18 each while they move, tilt from
 * what is left but never starved, nothing for an axis that rests, and one packet kept for a fresh face.
 */
import assert from "node:assert/strict";
import { test } from "node:test";
import { PacketBudget } from "../../../../devs/body/packet-budget.js";
import { seededChance } from "../../../../src/time/chance.js";

interface Sent {
  atMs: number;
  axis: number;
  packet: string;
}

/** Runs a bound budget for `ms` with 50 steps/s; an axis that moves changes by 1° each step. */
function drive(
  budget: PacketBudget,
  moving: readonly boolean[],
  ms: number,
  facesPerS = 0,
  fromMs = 0,
): Sent[] {
  const sent: Sent[] = [];
  let nextFaceMs = fromMs;
  for (let atMs = fromMs; atMs < fromMs + ms; atMs++) {
    const isFresh = facesPerS > 0 && atMs >= nextFaceMs;
    if (isFresh) nextFaceMs += 1000 / facesPerS;
    if (atMs % 20 !== 0 && !isFresh) continue;
    const degs = moving.map((moves) => (moves ? (atMs / 20) % 60 : 0));
    for (;;) {
      const packet = budget.next(degs, atMs, isFresh);
      if (packet === "none") break;
      sent.push({ atMs, axis: budget.axis(), packet });
    }
  }
  return sent;
}

function bound(): PacketBudget {
  const budget = new PacketBudget();
  for (let axis = 0; axis < 3; axis++) budget.setBound(axis, true);
  return budget;
}

function most(sent: readonly Sent[]): number {
  let max = 0;
  for (const { atMs } of sent) {
    max = Math.max(max, sent.filter((one) => one.atMs >= atMs && one.atMs < atMs + 1000).length);
  }
  return max;
}

test("D11: at most 45 packets in any second, pan and nod at least 18 each and alike, tilt not starved", () => {
  for (const facesPerS of [0, 15, 30]) {
    const sent = drive(bound(), [true, true, true], 20_000, facesPerS);
    assert.ok(most(sent) <= 45, `${most(sent)} in a second`);
    const perS = [0, 1, 2].map((axis) => sent.filter((one) => one.axis === axis).length / 20);
    const text = `${facesPerS} faces/s: ${perS.join(", ")}`;
    assert.ok((perS[0] ?? 0) >= 18 && (perS[1] ?? 0) >= 18, text);
    assert.ok(Math.abs((perS[0] ?? 0) - (perS[1] ?? 0)) <= 1, `alike: ${text}`);
    assert.ok((perS[2] ?? 0) >= 1, text);
  }
});

test("D11: whatever is asked, in whatever pattern, the limit of a second holds", () => {
  const chance = seededChance(99);
  const budget = bound();
  const sent: Sent[] = [];
  for (let atMs = 0; atMs < 20_000; atMs += Math.floor(chance.next() * 15)) {
    const degs = [0, 1, 2].map(() => chance.next() * 180 - 90);
    const isFresh = chance.next() < 0.5;
    if (chance.next() < 0.02) budget.setBound(Math.floor(chance.next() * 3), chance.next() < 0.5);
    for (let i = 0; i < 10; i++) {
      const packet = budget.next(degs, atMs, isFresh);
      if (packet === "none") break;
      sent.push({ atMs, axis: budget.axis(), packet });
    }
  }
  assert.ok(most(sent) <= 45, `${most(sent)} in a second`);
});

test("D11: an axis that rests gets nothing but a reminder now and then", () => {
  const sent = drive(bound(), [true, false, false], 30_000);
  const others = sent.filter((one) => one.axis !== 0).length;
  assert.ok(others <= 2 * 2 * 11, `${others} packets for two axes at rest in 30 s`);
  assert.ok(others >= 6, "but they are reminded: a servo may have been restarted");
  assert.ok(sent.length / 30 > 35, "the moving one may use the rest");
});

test("D11: a fresh face finds a packet waiting, even just after a step of three moving axes", () => {
  const budget = bound();
  drive(budget, [true, true, true], 5000);
  for (let i = 0; i < 20; i++) {
    const fromMs = 5000 + i * 200;
    drive(budget, [true, true, true], 181, 0, fromMs);
    assert.equal(budget.next([50 + i, -50 - i, 0], fromMs + 181, true), "angle");
  }
});

test("servo bus: a new servo is told its angle, then to hold it; an unbound or busy one nothing", () => {
  const budget = new PacketBudget();
  assert.equal(budget.next([10, 20, 30], 1000, true), "none", "nobody is there");
  budget.setBound(1, true);
  assert.equal(budget.next([10, 20, 30], 1000, true), "angle");
  assert.equal(budget.axis(), 1);
  budget.setBusy(1, true);
  assert.equal(budget.next([10, 20, 30], 1001, true), "none", "its packet has not left");
  budget.setBusy(1, false);
  assert.equal(budget.next([10, 20, 30], 1002, true), "power");
  assert.equal(budget.next([10, 20, 30], 1100, true), "none", "it knows all");
});

test("servo bus: a servo that comes back is told everything again", () => {
  const budget = bound();
  drive(budget, [false, false, false], 1000);
  budget.setBound(0, false);
  assert.deepEqual(drive(budget, [false, false, false], 500, 0, 1000), []);
  budget.setBound(0, true);
  const sent = drive(budget, [false, false, false], 500, 0, 1500);
  assert.deepEqual(
    sent.map(({ axis, packet }) => `${axis} ${packet}`),
    ["0 angle", "0 power"],
  );
});

test("servo bus: a rest of less than a tenth is sent once the axis is quiet", () => {
  const budget = bound();
  drive(budget, [false, false, false], 1000);
  assert.equal(budget.next([0.05, 0, 0], 1010, true), "angle", "quiet for a second");
  assert.equal(budget.next([0.1, 0, 0], 1030, true), "none", "not while it may still move");
  assert.equal(budget.next([0.1, 0, 0], 1230, true), "angle");
  assert.equal(budget.next([0.11, 0, 0], 1500, true), "none", "a hundredth is nothing");
});

test("D11: what others send comes out of the servos' part, and is made up for", () => {
  const budget = bound();
  drive(budget, [true, true, false], 2000);
  const sentMs: number[] = [];
  for (let fromMs = 2000; fromMs < 6000; fromMs += 100) {
    budget.charge(1);
    for (const one of drive(budget, [true, true, false], 100, 0, fromMs)) sentMs.push(one.atMs);
  }
  // Ten a second are charged: 35 are left of 45.
  for (let fromMs = 2000; fromMs <= 5000; fromMs += 20) {
    const inSecond = sentMs.filter((atMs) => atMs >= fromMs && atMs < fromMs + 1000).length;
    assert.ok(inSecond <= 35, `${inSecond} packets in the second from ${fromMs}`);
    assert.ok(inSecond >= 30, `${inSecond} packets in the second from ${fromMs}`);
  }
});
