// The hot standby with real processes. D2: the output of an utterance whose renderer is killed or stopped at a random
// moment is, sample for sample, the one without a kill; a new standby is there within a second. Short here; the long
// form with its figures and picture: `STANDBY_KILLS=100 node --import tsx --test test/e2e/voice/standby.test.ts`.
import assert from "node:assert/strict";
import { mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, describe, test } from "node:test";
import { seededChance } from "../../../src/time/chance.js";
import { LEAD_MS } from "../../../src/voice/standby/standby.js";
import { isAlive } from "../../support/processes.js";
import { TestStandby } from "../../support/standby.js";
import { standbySvg, type Injury } from "./standby-plot.js";

const KILLS = Number(process.env["STANDBY_KILLS"] ?? 8);
const PLOT = process.env["STANDBY_PLOT"];
const isLong = KILLS >= 50;
/** Figures are judged in the long form only, on a machine that does nothing else. */
const p95 = (values: readonly number[]): number =>
  [...values].sort((a, b) => a - b)[Math.ceil(values.length * 0.95) - 1] ?? NaN;

const TEXT = "I speak on, whatever you do.";

describe("hot standby", { timeout: 900_000 }, () => {
  const folder = mkdtempSync(join(tmpdir(), "buddy-standby-"));
  const rig = new TestStandby(join(folder, "voice"));
  let whole: Buffer;

  before(async () => {
    rig.standby.start();
    await rig.untilBothReady();
    whole = await rig.say(TEXT);
  });

  after(async () => {
    const pids = rig.pids();
    await rig.standby.stop();
    for (const pid of pids) assert.equal(isAlive(pid), false, "no process is left");
    assert.deepEqual(readdirSync(folder), [], "A7: no file is left");
    rmSync(folder, { recursive: true });
  });

  test("the same text gives the same samples, and as many as were announced", async () => {
    assert.ok(whole.length > 22_050 * 2, `more than a second: ${whole.length}`);
    assert.deepEqual(await rig.say(TEXT), whole);
    assert.equal(rig.lastSamples * 2, whole.length);
  });

  test(`D2: ${KILLS} kills of the active renderer at random moments: not one sample lost or repeated`, async () => {
    const chance = seededChance(20);
    const injuries: Injury[] = [];
    for (let i = 0; i < KILLS; i++) {
      const how = i % 2 === 0 ? "SIGKILL" : "SIGSTOP";
      const speaking = rig.say(TEXT);
      // The reader is ahead by its lead; after its last buffer nothing runs that could be hurt.
      const phaseMs = chance.next() * (rig.lengthMs(whole) - LEAD_MS - 100);
      const injury = await rig.injure(how, phaseMs);
      assert.equal(
        (await speaking).compare(whole),
        0,
        `kill ${i} (${how} at ${Math.round(phaseMs)} ms)`,
      );
      await rig.untilBothReady();
      injuries.push({ ...injury, rebuiltMs: rig.lastRebuildMs() });
    }
    report(injuries);
  });

  test("I4: standby, then primary 20 ms later: the utterance is whole all the same", async () => {
    const speaking = rig.say(TEXT);
    await rig.sleep(300);
    const [active, standby] = rig.roles();
    process.kill(standby, "SIGKILL");
    await rig.sleep(20);
    process.kill(active, "SIGKILL");
    assert.equal((await speaking).compare(whole), 0);
    await rig.untilBothReady();
  });

  test("a cancel ends the sound at once, and the next utterance is whole", async () => {
    const speaking = rig.say(TEXT);
    await rig.sleep(200);
    rig.standby.cancel();
    const heard = rig.heardBytes();
    await rig.sleep(150);
    assert.equal(rig.heardBytes(), heard);
    assert.equal((await rig.say(TEXT)).compare(whole), 0);
    await Promise.race([speaking, Promise.resolve()]);
  });

  function report(injuries: readonly Injury[]): void {
    const of = (how: string): readonly Injury[] => injuries.filter((injury) => injury.how === how);
    const figures = [
      `death detected p95 ${p95(of("SIGKILL").map((i) => i.detectedMs)).toFixed(1)} ms`,
      `hang detected p95 ${p95(of("SIGSTOP").map((i) => i.detectedMs)).toFixed(1)} ms`,
      `rebuilt p95 ${p95(injuries.map((i) => i.rebuiltMs)).toFixed(0)} ms`,
      `switches ${rig.standby.view().switches} of ${injuries.length}`,
    ];
    console.log(`standby: ${injuries.length} injuries: ${figures.join(", ")}`);
    if (PLOT !== undefined) writeFileSync(PLOT, standbySvg(injuries));
    if (!isLong) return;
    assert.ok(p95(of("SIGKILL").map((i) => i.detectedMs)) <= 10, figures[0]);
    assert.ok(p95(of("SIGSTOP").map((i) => i.detectedMs)) <= 50, figures[1]);
    assert.ok(p95(injuries.map((i) => i.rebuiltMs)) <= 1000, figures[2]);
  }
});
