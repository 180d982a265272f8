import assert from "node:assert/strict";
import { test } from "node:test";
import {
  CABLE,
  CABLE_AGAIN_MS,
  CABLE_FIRST_MS,
  CABLE_REFUSED_MS,
  NETWORK,
  NOT_YET,
  PROBE_MS,
  RoadPlan,
  STEADY_MS,
} from "../../../../devs/link/road.js";
import { REPLACED_WAIT_MS } from "../../../../devs/link/retry.js";
import { LinkCode } from "../../../../src/wire/errors.js";

const LATER = 100_000;
const { LINK_SILENT, LINK_LOST, LINK_CLOSING, LINK_KEY, LINK_REPLACED } = LinkCode;

test("A4: the network is tried first, and the cable is not offered while it may still come", () => {
  const plan = new RoadPlan();
  assert.equal(plan.next(0, true, true), NETWORK);
  assert.equal(plan.next(CABLE_FIRST_MS - 1, false, true), NOT_YET);
  assert.equal(plan.next(CABLE_FIRST_MS, false, true), CABLE, "no network until now");
  assert.equal(plan.next(CABLE_FIRST_MS, false, false), NOT_YET, "nobody at the other end");
});

test("A4: a silent network is followed by the cable at once, whether it may be dialled or not", () => {
  for (const isNetworkDue of [true, false]) {
    const plan = new RoadPlan();
    plan.noteEnd(LATER, NETWORK, true, LINK_SILENT);
    assert.equal(plan.next(LATER, isNetworkDue, true), CABLE);
    assert.equal(plan.next(LATER, isNetworkDue, false), isNetworkDue ? NETWORK : NOT_YET);
  }
});

test("A4: while neither answers they take turns", () => {
  const plan = new RoadPlan();
  let now = LATER;
  const tried: number[] = [];
  let last = NETWORK;
  for (let i = 0; i < 6; i++) {
    plan.noteEnd(now, last, false, LINK_LOST);
    now += CABLE_AGAIN_MS;
    last = plan.next(now, true, true);
    tried.push(last);
  }
  assert.deepEqual(tried, [CABLE, NETWORK, CABLE, NETWORK, CABLE, NETWORK]);
});

test("A4: the cable waits after a try in vain, a refused key, a twin, and when it has made room", () => {
  const waits: [boolean, number, number][] = [
    [false, LINK_SILENT, CABLE_AGAIN_MS],
    [true, LINK_LOST, 0],
    [true, LINK_CLOSING, CABLE_AGAIN_MS],
    [false, LINK_KEY, CABLE_REFUSED_MS],
    [true, LINK_REPLACED, REPLACED_WAIT_MS],
  ];
  for (const [wasOpen, code, waitMs] of waits) {
    const plan = new RoadPlan();
    plan.noteEnd(LATER, CABLE, wasOpen, code);
    assert.equal(plan.next(LATER + waitMs, false, true), CABLE, `code ${code}`);
    if (waitMs > 0) assert.equal(plan.next(LATER + waitMs - 1, false, true), NOT_YET);
  }
});

test("A4: after a twin has taken the place by network, the cable stays away as long", () => {
  const plan = new RoadPlan();
  plan.noteEnd(LATER, NETWORK, true, LINK_REPLACED);
  assert.equal(plan.next(LATER + REPLACED_WAIT_MS - 1, false, true), NOT_YET);
});

test("A4: the network is taken again when it has been reached for 10 s without a miss", () => {
  const plan = new RoadPlan();
  let now = LATER;
  const probe = (isGood: boolean): boolean => {
    plan.noteProbe(now, isGood);
    assert.equal(plan.probeAtMs, now + PROBE_MS);
    const isSteady = plan.isSteady(now);
    now += PROBE_MS;
    return isSteady;
  };
  const probesToSteady = STEADY_MS / PROBE_MS;
  for (let i = 0; i < probesToSteady; i++) assert.equal(probe(true), false);
  assert.equal(probe(false), false, "one miss and it begins anew");
  for (let i = 0; i < probesToSteady; i++) assert.equal(probe(true), false);
  assert.equal(probe(true), true);
  plan.noteEnd(now, CABLE, true, LINK_CLOSING);
  assert.equal(plan.isSteady(now), false, "what was seen counts once");
});
