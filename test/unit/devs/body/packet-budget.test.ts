/**
 * D11: never more than 45 servo packets in any second, pan and nod at least 18 each while they move, tilt from
 * what is left but never starved, nothing for an axis that rests, and one packet kept for a fresh face.
 */
import assert from "node:assert/strict";
import { test } from "node:test";
import { POWER, PacketBudget } from "../../../../devs/body/packet-budget.js";
import { seededChance } from "../../../../src/time/chance.js";

interface Sent {
  atMs: number;
  axis: number;
  packet: string;
}

/** What one call grants. */
function granted(
  budget: PacketBudget,
  degs: readonly number[],
  atMs: number,
  isFresh: boolean,
): Sent[] {
  const count = budget.grant(degs, atMs, isFresh);
  const packets = [budget.first, budget.second].slice(0, count);
  const sent = packets.map((packet) =>
    packet >= POWER
      ? { atMs, axis: packet - POWER, packet: "power" }
      : { atMs, axis: packet, packet: "angle" },
  );
  return sent;
}

/** The same as words. */
function words(budget: PacketBudget, degs: readonly number[], atMs: number): string {
  return granted(budget, degs, atMs, true)
    .map(({ axis, packet }) => `${axis} ${packet}`)
    .join(", ");
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
    sent.push(...granted(budget, degs, atMs, isFresh));
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
    for (let i = 0; i < 5; i++) sent.push(...granted(budget, degs, atMs, isFresh));
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
    assert.match(words(budget, [50 + i, -50 - i, 0], fromMs + 181), /angle/);
  }
});

test("servo bus: a new servo is told its angle, then to hold it; an unbound or busy one nothing", () => {
  const budget = new PacketBudget();
  assert.equal(words(budget, [10, 20, 30], 1000), "", "nobody is there");
  budget.setBound(1, true);
  assert.equal(words(budget, [10, 20, 30], 1000), "1 angle");
  budget.setBusy(1, true);
  assert.equal(words(budget, [10, 20, 30], 1001), "", "its packet has not left");
  budget.setBusy(1, false);
  assert.equal(words(budget, [10, 20, 30], 1002), "1 power");
  assert.equal(words(budget, [10, 20, 30], 1100), "", "it knows all");
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
  assert.equal(words(budget, [0.03, 0, 0], 1200), "0 angle", "quiet for a second");
  assert.equal(words(budget, [0.06, 0, 0], 1390), "", "not while it may still move");
  assert.equal(words(budget, [0.06, 0, 0], 1620), "0 angle");
  assert.equal(words(budget, [0.07, 0, 0], 2100), "", "a hundredth is nothing");
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
