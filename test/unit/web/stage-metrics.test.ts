// Gauges of the stage at /metrics. Properties:
// - each figure of the state is there, with its stage; who is away, has no floor or no room says so or says nothing;
// - without a fleet there is no sample.
import assert from "node:assert/strict";
import { test } from "node:test";
import { Registry } from "prom-client";
import type { BuddyState, StateSource } from "../../../src/state/buddy-state.js";
import type { FleetState } from "../../../src/state/fleet-state.js";
import { registerStageGauges } from "../../../src/web/metrics.js";

const FLEET: FleetState = {
  stage: "home",
  state: "there",
  text: "",
  id: "0000000a",
  name: "Ada",
  holder: { id: "0000000a", name: "Ada", token: 17, leftMs: 14_200 },
  queue: ["Bob"],
  members: [
    { id: "0000000a", name: "Ada" },
    { id: "0000000b", name: "Bob" },
  ],
  mode: "running",
  director: "0000000d",
  scriptLeft: 3,
  turns: 4,
  outbox: { waiting: 5, dropped: 6, bad: 7 },
  room: { state: "there", listeners: 8 },
  redis: "7.0.15",
};

async function scrape(fleet: FleetState | undefined): Promise<Record<string, number>> {
  const registry = new Registry();
  const source = { snapshot: () => ({ fleet }) as BuddyState } as StateSource;
  registerStageGauges(source, [registry]);
  const lines = (await registry.metrics()).matchAll(/^buddy_stage_(\w+)\{stage="home"\} (\S+)$/gm);
  return Object.fromEntries([...lines].map(([, name, value]) => [name, Number(value)]));
}

test("B1, B2, B4: the stage, its floor, queue, director, outbox and room are gauges", async () => {
  assert.deepEqual(await scrape(FLEET), {
    there: 1,
    safe_mode: 0,
    members: 2,
    queue: 1,
    floor_held: 1,
    floor_own: 1,
    floor_token: 17,
    floor_left_ms: 14_200,
    turns: 4,
    director: 1,
    script_left: 3,
    outbox_waiting: 5,
    outbox_dropped: 6,
    events_bad: 7,
    room_there: 1,
    room_listeners: 8,
  });
});

test("B1: what there is not is 0 where that says something, and else absent", async () => {
  const { holder: _holder, director: _director, room: _room, ...rest } = FLEET;
  const away = await scrape({ ...rest, state: "safe" });
  assert.deepEqual(
    [away["there"], away["safe_mode"], away["floor_held"], away["floor_own"], away["director"]],
    [0, 1, 0, 0, 0],
  );
  for (const name of ["floor_token", "floor_left_ms", "room_there", "room_listeners"]) {
    assert.equal(name in away, false, name);
  }
  assert.equal((await scrape({ ...FLEET, holder: { ...FLEET.holder!, id: "b" } }))["floor_own"], 0);
});

test("without a fleet there is no sample", async () => {
  assert.deepEqual(await scrape(undefined), {});
});
