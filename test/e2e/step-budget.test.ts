/**
 * The budget of bytes and VM steps (docs/architecture/budget.md): what the firmware may cost a chip, counted exactly in the stock VM.
 * Properties: the code leaves room for more; at rest a fifth of the smallest chip, half of it at 30 faces a second, and no slice that keeps the sockets
 * waiting; from power on, and while clients come, too.
 */
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { before, describe, it, test } from "node:test";
import { codeEndIn } from "../../scripts/relink/image.js";
import { measure } from "../../src/bench/profile/profile.js";
import type { ScenarioReport } from "../../src/bench/profile/report.js";
import { SCENARIOS, type ScenarioName } from "../../src/bench/profile/scenarios.js";
import { sourceNames } from "../../src/bench/profile/source-names.js";
import { packageRoot } from "../../src/host/package-root.js";

const WINDOWS = 8;
/** 50 ms on an ESP32-C3 (`src/simulator/vm/chips.ts`). */
const SLICE_STEPS_MAX = 12_000;
/** Steps a second, median; undefined where only the slices have a bar. */
const STEPS_PER_S_MAX: Partial<Record<ScenarioName, number | undefined>> = {
  rest: 50_000,
  face15: 80_000,
  face30: 110_000,
  "face30+clients6": 150_000,
  upgrade: undefined,
  boot: undefined,
};

const firmware = join(packageRoot(), "dist/firmware/sim.devs");

/** Header, function table and code of the released image; the VM can address 65,535 bytes. */
const CODE_BYTES_BAR = 54_000;

test("F1: the release leaves room for what is to come", () => {
  const bytes = codeEndIn(readFileSync(firmware));
  assert.ok(bytes <= CODE_BYTES_BAR, `${bytes} bytes of code, at most ${CODE_BYTES_BAR}`);
});

// One after the other, and nothing beside: a VM that is late does more in a second that counts (face15 88,979 of 80,000 with a second
// scenario at the same time on two processors, 73,920 alone).
describe("F1 F4 F5: the firmware's budget", () => {
  for (const [name, stepsMax] of Object.entries(STEPS_PER_S_MAX)) {
    const scenario = SCENARIOS[name as ScenarioName];
    describe(`${name}: ${scenario.what}`, () => {
      let report: ScenarioReport;
      before(async () => {
        const names = sourceNames(readFileSync(firmware.replace(/\.devs$/, "-dbg.json"), "utf8"));
        report = await measure(scenario, firmware, names, WINDOWS);
      });

      it(`no slice is longer than ${SLICE_STEPS_MAX} steps`, () => {
        assert.ok(
          report.longestSlice.steps <= SLICE_STEPS_MAX,
          JSON.stringify(report.longestSlice, undefined, 1),
        );
      });

      if (stepsMax === undefined) return;
      it(`it takes at most ${stepsMax} steps a second`, () => {
        const most = report.functions.slice(0, 10);
        assert.ok(
          report.stepsPerS.median <= stepsMax,
          JSON.stringify({ ...report.stepsPerS, most }, undefined, 1),
        );
      });
    });
  }
});
