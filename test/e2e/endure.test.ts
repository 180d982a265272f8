/**
 * What a robot must endure, for as long as one likes (docs/ENDURANCE.md). Short in `npm test`; by hand:
 *
 *     KILLS=200 node --import tsx --test --test-name-pattern=A5 test/e2e/endure.test.ts
 *     ALONE_S=600 … --test-name-pattern=D4 …
 *     WIFI_ROUNDS=20 WIFI_OFF_S=35 … --test-name-pattern=WiFi …
 *
 * SEED repeats the choices of a run; ENDURE_LOG names a file to which the line of figures is appended.
 */
import assert from "node:assert/strict";
import { test } from "node:test";
import { LOOP_OFF_MS } from "../../devs/body/silence.js";
import { seededChance } from "../../src/time/chance.js";
import { systemClock } from "../../src/time/clock.js";
import { until } from "../../src/time/until.js";
import { Books, Killer } from "./endure-killer.js";
import { expectedNeeds, NEEDS, type Needs } from "./endure-model.js";
import { count, quantile, tell, World } from "./endure-world.js";

const seed = count("SEED", 1);
const kills = count("KILLS", 5);
const aloneS = count("ALONE_S", 8);
const wifiRounds = count("WIFI_ROUNDS", 1);
const wifiOffS = count("WIFI_OFF_S", 3);

/** Robots killed side by side, when there are so many kills for each. */
const LANES_MAX = 3;
const LANE_KILLS_MIN = 20;

test(`A5, A1: the VM killed at ${kills} moments of saving: the last acknowledged state or the one in flight`, async () => {
  const startMs = systemClock.nowMs();
  const books = new Books();
  // Most of a round is waiting: several robots, each with its companion, are killed side by side.
  const lanes = Math.min(LANES_MAX, Math.ceil(kills / LANE_KILLS_MIN));
  const share = (lane: number): number => Math.floor((kills + lane) / lanes);
  const ends = await Promise.allSettled(
    Array.from({ length: lanes }, (_, lane) => killAgainAndAgain(books, share(lane), seed + lane)),
  );
  const { outcomes, kinds, inFlight, backMs, panics } = books;
  tell({
    drill: "killed while saving",
    seed,
    kills,
    lanes,
    ...outcomes,
    ...kinds,
    inFlight,
    backP50Ms: Math.round(quantile(backMs, 0.5)),
    backMsMax: Math.round(Math.max(...backMs)),
    panics,
    tookS: Math.round((systemClock.nowMs() - startMs) / 1000),
  });
  for (const end of ends) if (end.status === "rejected") throw end.reason;
  assert.equal(outcomes.own + outcomes.mirror, kills);
  assert.equal(panics, 0);
});

async function killAgainAndAgain(books: Books, times: number, laneSeed: number): Promise<void> {
  const world = await World.start();
  try {
    const killer = new Killer(world, seededChance(laneSeed), books);
    let self = await world.settled();
    for (let i = 0; i < times; i++) self = await killer.round(self);
  } finally {
    books.panics += world.panics;
    await world.end();
  }
}

/** Ambient life: no stretch longer than this without a servo packet, and more of them than a head at rest is told again. */
const STILL_MS_MAX = 5000;
const PACKETS_PER_S_MIN = 4;
/** Live heap at the end against the same at the start of the silence. */
const HEAP_GROWTH_BYTES_MAX = 1024;
const HEAP_PERIOD_MS = 5000;
/** QUERY has two decimals, and the model is not told what the robot chose. */
const NEED_TOLERANCE = 0.03;

async function queryNeeds(world: World): Promise<Needs & { uptime: number; atMs: number }> {
  const reply = await world.ask("QUERY");
  const atMs = systemClock.nowMs();
  const needs = Object.fromEntries(NEEDS.map((name) => [name, Number(reply[name])])) as Needs;
  return { ...needs, uptime: Number(reply["uptime"]), atMs };
}

test(`A2, D4: ${aloneS} s without a companion: life goes on, needs drift as computed, heap flat`, async () => {
  const world = await World.start();
  try {
    const selfBefore = await world.settled();
    const { traits } = await world.state();
    const before = await queryNeeds(world);
    await world.killCompanion();
    const goneMs = systemClock.nowMs();
    const heaps: number[] = [];
    let heapMisses = 0;
    while (systemClock.nowMs() - goneMs < aloneS * 1000) {
      const leftMs = goneMs + aloneS * 1000 - systemClock.nowMs();
      await systemClock.sleep(Math.min(HEAP_PERIOD_MS, leftMs));
      // A reading that does not come in time on a busy machine is none; too few are caught below.
      const heap = await world.robot.heap(true);
      if (heap) heaps.push(heap.usedBytes);
      else heapMisses += 1;
    }
    const aliveAt = world.servo.map(({ tMs }) => tMs).filter((tMs) => tMs >= goneMs);
    const stills = gapsOf([goneMs, ...aliveAt, systemClock.nowMs()]);
    await world.startCompanion();
    const selfAfter = await world.answering();
    const after = await queryNeeds(world);
    const awayS = (after.atMs - goneMs) / 1000;
    const expected = expectedNeeds({
      traits: traits ?? {},
      startUptimeS: before.uptime,
      start: before,
      hereS: (goneMs - before.atMs) / 1000,
      awayS,
    });
    const third = Math.max(1, Math.floor(heaps.length / 3));
    const heapGrowth = Math.max(...heaps.slice(-third)) - Math.max(...heaps.slice(0, third));
    const shown = await until("the page to show all of it", 15_000, async () => {
      const robot = await world.state();
      return robot.causes !== undefined && robot.boots !== undefined && robot;
    });
    const needs = Object.fromEntries(
      NEEDS.map((name) => [
        name,
        [before[name], after[name], expected.least[name], expected.greatest[name]],
      ]),
    );
    tell({
      drill: "companion gone",
      aloneS,
      awayS: Math.round(awayS),
      silenceS: selfAfter.companion.silenceS,
      servoPackets: aliveAt.length,
      stillMsMax: Math.round(Math.max(...stills)),
      needsBeforeAfterLeastGreatest: needs,
      heapLiveFirstLast: [heaps[0], heaps.at(-1)],
      heapGrowth,
      heapReadings: heaps.length,
      heapMisses,
      vmRestarts: world.robot.status().restarts,
      pauseMs: selfAfter.duties.pauseMs,
      panics: world.panics,
      causes: shown.causes?.length,
    });
    assert.equal(world.panics, 0);
    assert.ok(heaps.length > heapMisses, "its heap could be read");
    assert.equal(selfAfter.boot.count, selfBefore.boot.count, "no new boot");
    assert.equal(shown.boots, selfBefore.boot.count, "the page: no new boot");
    const lived = after.uptime - before.uptime - (after.atMs - before.atMs) / 1000;
    assert.ok(Math.abs(lived) <= 2, `its uptime went on: ${lived} s off`);
    assert.ok(Math.abs(selfAfter.companion.silenceS - awayS) < 5, "it knows how long it was alone");
    assert.ok(Math.max(...stills) <= STILL_MS_MAX, `it stood still for ${Math.max(...stills)} ms`);
    assert.ok(aliveAt.length >= aloneS * PACKETS_PER_S_MIN, `${aliveAt.length} servo packets`);
    for (const name of NEEDS) {
      const figures = `${name} ${JSON.stringify(needs[name])}`;
      assert.ok(after[name] >= expected.least[name] - NEED_TOLERANCE, figures);
      assert.ok(after[name] <= expected.greatest[name] + NEED_TOLERANCE, figures);
      assert.ok(Math.abs(shown[name] - after[name]) < 0.1, `the page: ${figures}`);
    }
    assert.ok(
      shown.causes?.some(({ agoS }) => agoS < awayS + 15),
      "the page: why it did what it did meanwhile",
    );
    assert.ok(heapGrowth <= HEAP_GROWTH_BYTES_MAX, `heap: ${heaps.join(" ")}`);
  } finally {
    await world.end();
  }
});

function gapsOf(times: readonly number[]): number[] {
  return times.slice(1).map((tMs, i) => tMs - (times[i] as number));
}

/** After a loop has begun the head needs so long to be in its swing. */
const SWING_MS = 500;
/** How long the loop is watched before the cut and after the return. */
const WATCH_MS = 2000;
/** After a command the head does not even breathe for 4 s. */
const STILL_AFTER_MS = 5000;
const BACK_MS_MAX = 2000;
/** Between two steps of the motion layer, which computes each 20 ms. */
const PAUSE_MS_MAX = 60;
const STEP_MS = 20;
const isWifiLong = wifiRounds >= 20;

/** Pauses between servo packets, of whichever axis, while the THINKING loop asks for one with each step. */
async function swing(world: World, during: () => Promise<void>): Promise<number[]> {
  await world.ask("THINKING");
  await systemClock.sleep(SWING_MS);
  const fromMs = systemClock.nowMs();
  await during();
  const toMs = systemClock.nowMs();
  return gapsOf([fromMs, ...servoTimes(world, fromMs).filter((tMs) => tMs <= toMs), toMs]);
}

/** The same while nobody asks for anything; breathing does not ask for a packet with each step. */
async function breathing(world: World, forMs: number): Promise<number[]> {
  await world.ask("STOP_THINKING");
  await systemClock.sleep(STILL_AFTER_MS);
  const fromMs = systemClock.nowMs();
  await systemClock.sleep(forMs);
  return gapsOf(servoTimes(world, fromMs));
}

function servoTimes(world: World, fromMs: number): number[] {
  return world.servo.map(({ tMs }) => tMs).filter((tMs) => tMs >= fromMs);
}

test(`A2: WiFi off ${wifiOffS} s, ${wifiRounds} times: the link is back, and the head never paused`, async () => {
  const world = await World.start();
  try {
    await world.settled();
    const calm = await swing(world, () => systemClock.sleep(WATCH_MS * Math.min(10, wifiRounds)));
    const first = await world.answering();
    const backMs: number[] = [];
    const pauses: number[] = [];
    const stepPauses: number[] = [];
    const packetsOff: number[] = [];
    const ambientOff: number[] = [];
    const ambientBack: number[] = [];
    const ambientCalm = await breathing(world, wifiOffS * 1000);
    for (let i = 0; i < wifiRounds; i++) {
      // The loop outlives the cut by the time that the contract of silence gives it.
      let offMs = 0;
      const cutPauses = await swing(world, async () => {
        await systemClock.sleep(WATCH_MS);
        world.robot.wifi(false);
        offMs = systemClock.nowMs();
        await systemClock.sleep(LOOP_OFF_MS - 200);
      });
      await systemClock.sleep(offMs + wifiOffS * 1000 - systemClock.nowMs());
      packetsOff.push(servoTimes(world, offMs).length);
      ambientOff.push(...gapsOf(servoTimes(world, offMs + LOOP_OFF_MS + SWING_MS)));
      await assert.rejects(world.self(), "WiFi is off, and it still answers");
      const onMs = systemClock.nowMs();
      world.robot.wifi(true);
      const self = await world.answering();
      backMs.push(systemClock.nowMs() - onMs);
      ambientBack.push(...gapsOf(servoTimes(world, onMs - SWING_MS)));
      stepPauses.push(self.duties.pauseMs);
      pauses.push(...cutPauses, ...(await swing(world, () => systemClock.sleep(WATCH_MS))));
      world.servo.length = 0;
      assert.equal(self.boot.count, first.boot.count, "no new boot");
      assert.equal(self.wifi.losses, first.wifi.losses + i + 1, "it counts its losses");
    }
    const backP95Ms = quantile(backMs, 0.95);
    const figures = {
      drill: "WiFi off",
      rounds: wifiRounds,
      offS: wifiOffS,
      backP50Ms: Math.round(quantile(backMs, 0.5)),
      backP95Ms: Math.round(backP95Ms),
      backMsMax: Math.round(Math.max(...backMs)),
      servoPauses: pauses.length,
      pauseP99Ms: Math.round(quantile(pauses, 0.99)),
      pauseMsMax: Math.round(Math.max(...pauses)),
      calmPauseP99Ms: Math.round(quantile(calm, 0.99)),
      calmPauseMsMax: Math.round(Math.max(...calm)),
      stepPauseBeforeMs: first.duties.pauseMs,
      stepPauseAfterMs: stepPauses.at(-1),
      stepPauses,
      ambientP99Ms: [ambientCalm, ambientOff, ambientBack].map((gaps) =>
        Math.round(quantile(gaps, 0.99)),
      ),
      ambientOver60Share: [ambientCalm, ambientOff, ambientBack].map(
        (gaps) => gaps.filter((ms) => ms > PAUSE_MS_MAX).length / gaps.length,
      ),
      servoPacketsOffMin: Math.min(...packetsOff),
      hasOwnProcessor: world.hasOwnProcessor,
      panics: world.panics,
    };
    tell(figures);
    assert.equal(world.panics, 0);
    assert.ok(Math.min(...packetsOff) > 0, "it moved while it was cut off");
    if (!isWifiLong) return;
    assert.ok(backP95Ms <= BACK_MS_MAX, `back after ${backMs.map(Math.round).join(", ")} ms`);
    // At the turning points of its swing the head has nothing to tell the servos for 0.1 s, with and without an outage.
    const { pauseP99Ms, calmPauseP99Ms } = figures;
    assert.ok(pauseP99Ms <= calmPauseP99Ms + STEP_MS, JSON.stringify(figures));
    // By its own clock, since its start: what it paused before the first outage is none of the outages'.
    const allowedMs = Math.max(PAUSE_MS_MAX, first.duties.pauseMs);
    assert.ok((stepPauses.at(-1) ?? Infinity) <= allowedMs, JSON.stringify(figures));
  } finally {
    await world.end();
  }
});
