// A robot whose settings store was wiped whole while it was off has its state back from the mirror within 5 s of the link,
// and the page's state says so. Rows A5 (the store), A1 (the boot is told).
import assert from "node:assert/strict";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";
import type { RobotState } from "../../src/state/buddy-state.js";
import { getJson, PlainRobot, startBuddy, type BuddyProcess } from "../support/buddy-process.js";
import { until } from "../../src/time/until.js";

/** The bar of row A5 is 5 s after the link; the state is polled, so that a busy machine may add a little. */
const BACK_MS_MAX = 5000;

const dataDir = mkdtempSync(join(tmpdir(), "buddy-mirror-e2e-"));
let buddy: BuddyProcess | undefined;
after(async () => {
  await buddy?.stop();
  rmSync(dataDir, { recursive: true, force: true });
});

async function robotState(door: string): Promise<RobotState> {
  return (await getJson(door, "/api/state"))["robot"] as RobotState;
}

async function start(): Promise<string> {
  buddy = await startBuddy(["--camera", "none"], { dataDir });
  return buddy.runtime.page;
}

async function tell(line: string): Promise<Record<string, unknown>> {
  const robot = new PlainRobot((buddy as BuddyProcess).runtime.robotWs);
  await robot.open();
  const reply = await robot.ask(line);
  robot.close();
  return reply;
}

test("A5: the settings store wiped whole while it is off: state back from the mirror within 5 s of the link", async () => {
  const page = await start();
  const first = await until("its first saved state", 20_000, async () => {
    const robot = await robotState(page);
    const { saved } = robot;
    return saved?.origin !== undefined && (saved.mirror?.generation ?? 0) > 0 && robot;
  });
  assert.equal(first.saved?.origin, "fresh");
  assert.deepEqual(await tell("IDLE_MOTION:off"), { ok: true, idleMotion: false });
  const kept = await until("the mirror to have it", 20_000, async () => {
    const { saved } = await robotState(page);
    const generation = saved?.mirror?.generation ?? 0;
    return generation > (first.saved?.generation ?? 0) && generation === saved?.generation && saved;
  });
  await buddy?.stop();

  rmSync(join(dataDir, "robot"), { recursive: true });
  const again = await start();
  const linkedAtMs = performance.now();
  const back = await until("the state to be back", BACK_MS_MAX, async () => {
    const robot = await robotState(again);
    return robot.saved?.origin === "mirror" && robot.saved.took !== "" && robot;
  });
  console.log(`state back ${Math.round(performance.now() - linkedAtMs)} ms after ready`);
  assert.equal(back.saved?.took, "taken");
  assert.equal(back.idleMotion, false, "what its owner had set");
  assert.equal(back.boots, (first.boots ?? 0) + 1, "its boots go on");
  assert.ok((back.saved?.generation ?? 0) > kept.generation);
  await until("the receipt", BACK_MS_MAX, async () => {
    const { saved } = await robotState(again);
    return (
      saved?.mirror?.offered?.result === "taken" && saved.mirror.generation === saved.generation
    );
  });
  const { causes, wifi } = await until("all it tells of itself", BACK_MS_MAX, async () => {
    const robot = await robotState(again);
    return robot.causes !== undefined && robot;
  });
  assert.equal(wifi?.phase, "online");
  assert.ok(Array.isArray(causes));
});
