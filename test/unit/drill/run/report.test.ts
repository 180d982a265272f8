import assert from "node:assert/strict";
import { test } from "node:test";
import type { DrillResult } from "../../../../src/drill/run/drill.js";
import { DRILLS } from "../../../../src/drill/drills.js";
import { drillPage, resultLine, type DrillRow } from "../../../../src/drill/run/report.js";

const [drill] = DRILLS;
if (!drill) throw new Error("there is no drill");
const row = (result: Partial<DrillResult>): DrillRow => ({
  drill,
  result: {
    name: drill.name,
    outcome: "held",
    noticeMs: 70,
    recoverMs: 1430,
    why: "",
    held: ["it is so"],
    ...result,
  },
});
const STAMP = { date: "2026-01-31 12:00", commit: "abc1234", machine: "2 × chip", seed: 7 };

test("every drill says what it breaks, what it expects and what it does not show, and names its rows", () => {
  const names = DRILLS.map(({ name }) => name);
  assert.equal(new Set(names).size, names.length, "a name twice");
  for (const one of DRILLS) {
    assert.match(one.name, /^[a-z]+(-[a-z]+)+$/);
    assert.ok(one.rows.length > 0, `${one.name} names no row`);
    for (const text of [one.steadyState, one.fault, one.expectation, one.doesNotShow]) {
      assert.match(text, /^[A-Z].{15,}\.$/s, `${one.name}: ${text}`);
    }
    assert.ok(one.noticeMsMax > 0 && one.recoverMsMax > 0, one.name);
  }
});

test("a drill that held, failed or was not run is told as what it is", () => {
  assert.match(resultLine(row({})), /^held .* noticed 0\.07 s .* recovered 1\.43 s/);
  const failed = resultLine(
    row({ outcome: "failed", recoverMs: undefined, why: "waited\n--- output" }),
  );
  assert.match(failed, /^FAILED .* recovered - .*waited$/);
  assert.match(resultLine(row({ outcome: "notRun", why: "no redis" })), /^NOT RUN .*no redis$/);
});

test("the page has date, commit, machine, seed, bounds and what is not shown", () => {
  const page = drillPage([row({}), row({ outcome: "failed", why: "a | b" })], STAMP);
  assert.match(page, /2026-01-31 12:00 UTC, commit abc1234, seed 7, 2 × chip\./);
  assert.match(page, /\| held \| 0\.07 s \(≤ 1\.00 s\) \| 1\.43 s/);
  assert.match(page, /\*\*FAILED\*\*: a \\\| b/);
  assert.match(page, /Held meanwhile: it is so\./);
  assert.match(page, /Does not show: /);
});
