/**
 * The link under a hostile network (reliability A4-A7, A11, N3). Safety: whatever happens to the bytes, nothing wrong
 * is ever acted on, nothing twice, no session opens without the key. Liveness: once the network is well, the link is
 * back and echoes. `LINK_RUNS=10000` for the long form, `SEED=n` to repeat one.
 */
import assert from "node:assert/strict";
import { test } from "node:test";
import { LinkCode } from "../../../src/wire/errors.js";
import { DEVICE_ID, LinkSim, type Direction, type Fault } from "../../support/faulty-link.js";
import type { Chance } from "../../../src/time/chance.js";
import { FakeClock } from "../../../src/time/fake-clock.js";

const RUNS = Number(process.env.LINK_RUNS ?? 25);
const FIRST_SEED = Number(process.env.SEED ?? 1);
const SEEDS = process.env.SEED ? 1 : RUNS;
const DIRECTIONS: readonly Direction[] = ["toGateway", "toDevice"];

function pick<T>(list: readonly T[], chance: Chance): T {
  return list[Math.floor(chance.next() * list.length)] as T;
}

const at = (frame: Buffer, chance: Chance): number => Math.floor(chance.next() * frame.length);

const FAULTS: Record<string, Fault> = {
  "a byte corrupted": (frame, chance) => {
    const bad = Buffer.from(frame);
    const i = at(bad, chance);
    bad[i] = (bad[i] as number) ^ (1 + Math.floor(chance.next() * 255));
    return [bad];
  },
  "a byte removed": (frame, chance) => {
    const i = at(frame, chance);
    return [Buffer.concat([frame.subarray(0, i), frame.subarray(i + 1)])];
  },
  "a byte inserted": (frame, chance) => {
    const i = at(frame, chance);
    const extra = Buffer.from([Math.floor(chance.next() * 256)]);
    return [Buffer.concat([frame.subarray(0, i), extra, frame.subarray(i)])];
  },
  "a byte duplicated": (frame, chance) => {
    const i = at(frame, chance);
    return [Buffer.concat([frame.subarray(0, i + 1), frame.subarray(i)])];
  },
  "a frame lost": () => [],
  "a frame doubled": (frame) => [frame, frame],
};

/** Faces and observations carry their number: each may arrive once and in order, and none that was not sent. */
function checkDatagrams(sim: LinkSim): void {
  const numbers = sim.robot.datagrams.map((text) =>
    Number(/^VISION:\{"n":(\d+)\}$/.exec(text)?.[1]),
  );
  for (const seqs of [sim.robot.faces, numbers]) {
    let last = 0;
    for (const seq of seqs) {
      if (!(seq > last)) assert.fail(`datagram ${seq} after ${last} (${sim.story()})`);
      last = seq;
    }
  }
}

function checkGenerations(sim: LinkSim): void {
  sim.generations.forEach((generation, i) => {
    assert.ok(generation > (sim.generations[i - 1] ?? 0), `generations grow (${sim.story()})`);
  });
}

/** After the network is well: within the longest waits bytes and faces flow again. */
function checkRecovery(sim: LinkSim): void {
  sim.fault = {};
  sim.blackhole = {};
  const { echoedBytes } = sim;
  const faces = sim.robot.faces.length;
  const others = sim.robot.datagrams.length;
  // A length damaged just before may end the session only now, so the longest wait may come twice.
  const isWell = (): boolean =>
    sim.echoedBytes > echoedBytes &&
    sim.robot.faces.length > faces &&
    sim.robot.datagrams.length > others;
  sim.runUntil(isWell, 24_000, true);
  sim.run(200, true);
  checkDatagrams(sim);
  checkGenerations(sim);
}

for (const [name, fault] of Object.entries(FAULTS)) {
  test(`${name} now and then: nothing wrong is acted on, and the link comes back`, () => {
    let faults = 0;
    for (let seed = FIRST_SEED; seed < FIRST_SEED + SEEDS; seed++) {
      const sim = new LinkSim({ seed });
      const rate = sim.chance.next() * 0.1;
      const faulty: Fault = (frame, chance) =>
        chance.next() < rate ? fault(frame, chance) : [frame];
      const which = pick<Direction[]>([["toGateway"], ["toDevice"], [...DIRECTIONS]], sim.chance);
      for (const direction of which) sim.fault[direction] = faulty;
      sim.run(4000, true);
      checkRecovery(sim);
      faults += sim.faults;
      const ends = [...sim.endCodes.toDevice, ...sim.endCodes.toGateway];
      assert.ok(!ends.includes(LinkCode.LINK_CREDIT), `credit was kept (${sim.story()})`);
    }
    assert.ok(process.env.SEED ?? faults > 0, "faults were injected");
  });
}

test("swapped frames end the session as LINK_FRAME_AUTH", () => {
  const sim = new LinkSim({ seed: 5 });
  sim.runUntil(() => sim.isLinked(), 2000);
  sim.run(500, true);
  let held: Buffer | undefined;
  sim.fault.toDevice = (frame) => {
    if (!held) {
      held = frame;
      return [];
    }
    return [frame, held];
  };
  sim.runUntil(() => sim.endCodes.toDevice.length > 0, 2000, true);
  assert.equal(sim.endCodes.toDevice[0], LinkCode.LINK_FRAME_AUTH);
  checkRecovery(sim);
});

test("a connection cut at each byte leaves no half command and nothing in memory", () => {
  // One clean run tells how many bytes the interesting part of a session has.
  const bytesOf = (sim: LinkSim, direction: Direction): number =>
    sim.sent[direction].reduce((sum, frame) => sum + frame.length, 0);
  for (const direction of DIRECTIONS) {
    const clean = new LinkSim({ seed: 7 });
    clean.runUntil(() => clean.isLinked(), 2000);
    clean.run(100, true);
    const positions = Math.min(bytesOf(clean, direction), process.env.LINK_RUNS ? 4000 : 400);
    for (let cutAt = 0; cutAt < positions; cutAt++) {
      const sim = new LinkSim({ seed: 7 });
      let passed = 0;
      let isCut = false;
      sim.fault[direction] = (frame) => {
        if (isCut) return [frame];
        const rest = cutAt - passed;
        passed += frame.length;
        if (rest >= frame.length) return [frame];
        isCut = true;
        return [frame.subarray(0, rest)];
      };
      sim.runUntil(() => isCut, 3000, true);
      sim.run(20);
      sim.reset();
      sim.runUntil(() => sim.isLinked(), 12_000);
      checkDatagrams(sim);
    }
  }
});

test("with one direction silent both ends give the session up within 1.5 s", () => {
  for (const direction of DIRECTIONS) {
    const sim = new LinkSim({ seed: 11 });
    sim.runUntil(() => sim.isLinked(), 2000);
    sim.run(2000, true);
    const device = sim.device();
    const gateway = sim.gatewaySession();
    sim.blackhole[direction] = true;
    const tookMs = sim.runUntil(
      () => device?.state === "ended" && gateway?.isEnded() === true,
      5000,
      true,
    );
    assert.ok(tookMs <= 1500, `${direction}: ${tookMs} ms`);
    const deaf = direction === "toDevice" ? sim.endCodes.toDevice : sim.endCodes.toGateway;
    assert.equal(deaf[0], LinkCode.LINK_SILENT);
    checkRecovery(sim);
  }
});

test("A2: with both directions silent both ends give the session up by themselves", () => {
  const sim = new LinkSim({ seed: 12 });
  sim.runUntil(() => sim.isLinked(), 2000);
  sim.run(1000, true);
  const gateway = sim.gatewaySession();
  sim.blackhole = { toDevice: true, toGateway: true };
  const tookMs = sim.runUntil(() => gateway?.isEnded() === true, 5000, true);
  assert.ok(tookMs <= 1500, `${tookMs} ms`);
  sim.run(30_000);
  assert.equal(sim.isLinked(), false);
  checkRecovery(sim);
});

test("a link that flaps is not dialled more than its budget, and recovers", () => {
  const sim = new LinkSim({ seed: 13 });
  const endMs = 600_000;
  while (sim.nowMs < endMs) {
    sim.run(2000);
    sim.reset();
  }
  // The quick tries of the start, then one in 10 s.
  assert.ok(sim.dials <= 36 + 1 + endMs / 10_000, `${sim.dials} dials in 10 min`);
  sim.runUntil(() => sim.isLinked(), 12_000);
});

test("a gateway that stays away is dialled for ever, at most six times a minute after the start", () => {
  const sim = new LinkSim({ seed: 14 });
  sim.isDown = true;
  sim.run(180_000);
  const { dials } = sim;
  sim.run(600_000);
  const perMinute = (sim.dials - dials) / 10;
  assert.ok(perMinute <= 6 && perMinute > 3, `${perMinute} dials a minute`);
});

test("N1: a wrong key never gets a session, on either side, and says so", () => {
  const wrong = Buffer.alloc(32, 8);
  for (const options of [{ deviceKey: wrong }, { gatewayKey: wrong }]) {
    const sim = new LinkSim({ seed: 21, ...options });
    sim.run(60_000);
    assert.deepEqual(sim.generations, []);
    assert.ok(sim.dials > 2);
    assert.ok(sim.endCodes.toDevice.every((code) => code === LinkCode.LINK_KEY));
    assert.ok(sim.endCodes.toGateway.every((code) => code === LinkCode.LINK_KEY));
  }
});

test("N3: frames of an old session injected into a new one end it and do nothing", () => {
  const sim = new LinkSim({ seed: 22 });
  sim.runUntil(() => sim.isLinked(), 2000);
  sim.run(500, true);
  const recorded = { toDevice: [...sim.sent.toDevice], toGateway: [...sim.sent.toGateway] };
  sim.reset();
  for (const direction of DIRECTIONS) {
    for (const frame of recorded[direction]) {
      sim.runUntil(() => sim.isLinked(), 70_000);
      sim.run(15);
      sim.robot.datagrams.length = 0;
      sim.robot.faces.length = 0;
      const { echoedBytes } = sim;
      const ends = sim.endCodes.toDevice.length;
      sim.inject(direction, frame);
      sim.runUntil(() => sim.endCodes.toDevice.length > ends, 2000);
      assert.deepEqual([...sim.robot.datagrams, ...sim.robot.faces], []);
      assert.equal(sim.echoedBytes, echoedBytes);
      if (sim.nowMs > 400_000) break;
    }
  }
});

test("a stranger who replays all that a device ever said gets no session", async () => {
  const { GatewaySession } = await import("../../../src/gateway/session.js");
  const { DatagramSlots } = await import("../../../src/gateway/datagram-slots.js");
  const { nodeCrypto } = await import("../../../src/gateway/node-crypto.js");
  const sim = new LinkSim({ seed: 23 });
  sim.runUntil(() => sim.isLinked(), 2000);
  sim.run(1000, true);
  let proven = 0;
  let ended = -1;
  const session = new GatewaySession(
    { crypto: nodeCrypto, datagrams: new DatagramSlots(), clock: new FakeClock() },
    {
      write: () => undefined,
      keyOf: (id) => (id === DEVICE_ID ? Buffer.alloc(32, 7) : undefined),
      nextGeneration: () => ++proven,
      onProven: () => assert.fail("proven"),
      onListen: () => LinkCode.OK,
      onMirror: () => assert.fail("mirror"),
      onEnd: (code) => (ended = code),
    },
  );
  session.receive(Buffer.concat(sim.sent.toGateway));
  assert.equal(ended, LinkCode.LINK_KEY);
  assert.equal(proven, 0);
});
