// How drills are told. Properties:
// - every drill says what it breaks, expects and does not show, and names its rows;
// - what held, failed or was not run is told as what it is, with counts, percentiles, bounds and losses;
// - a row says how loaded the machine was;
// - tables are as prettier writes them, and README.md gets the first ten lines between its marks, nothing else of it changes.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { DRILLS } from "../../../../src/drill/drills.js";
import { drillPlot } from "../../../../src/drill/run/plot.js";
import {
  drillPage,
  intoReadme,
  readmeTable,
  resultLine,
} from "../../../../src/drill/run/report.js";
import type { DrillRecord, RunResult } from "../../../../src/drill/run/results.js";

const [drill] = DRILLS;
if (!drill) throw new Error("there is no drill");
const run = (result: Partial<RunResult>): RunResult => ({
  outcome: "held",
  noticeMs: 70,
  recoverMs: 1430,
  why: "",
  held: ["it is so"],
  lost: [{ what: "commands", count: 1, of: 10 }],
  ...result,
});
const record = (runs: RunResult[], column = "sim"): DrillRecord => ({
  drill: drill.name,
  column,
  date: "2026-01-31 12:00",
  commit: "abc1234",
  machine: "2 × chip",
  seed: 7,
  runs,
});

test("every drill says what it breaks, what it expects and what it does not show, and names its rows", () => {
  const names = DRILLS.map(({ name }) => name);
  assert.equal(new Set(names).size, names.length, "a name twice");
  for (const one of DRILLS) {
    assert.match(one.name, /^[a-z]+(-[a-z0-9]+)+$/);
    assert.ok(one.rows.length > 0, `${one.name} names no row`);
    for (const text of [one.steadyState, one.fault, one.expectation, one.doesNotShow]) {
      assert.match(text, /^[A-Z].{15,}\.$/s, `${one.name}: ${text}`);
    }
    assert.ok(one.noticeMsMax > 0 && one.recoverMsMax > 0, one.name);
  }
});

test("a repeat that held, failed or was not run is told as what it is", () => {
  assert.match(resultLine(drill, run({})), /^held .* noticed 0\.07 s .* recovered 1\.43 s/);
  const { recoverMs: _none, ...rest } = run({ outcome: "failed", why: "waited\n--- output" });
  assert.match(resultLine(drill, rest), /^FAILED .* recovered - .*waited$/);
  const notRun = run({ outcome: "notRun", why: "no redis" });
  assert.match(resultLine(drill, notRun), /^NOT RUN .*no redis$/);
});

test("the page has counts, percentiles, bounds, losses, date, commit and machine of each column", () => {
  const runs = [run({}), run({ noticeMs: 90 }), run({ outcome: "failed", why: "a | b" })];
  const page = drillPage(DRILLS, [record(runs), record([run({})], "esp32c3")]);
  assert.match(page, /2 × chip\./);
  assert.match(page, /\*\*2 of 3\*\*: a \\\| b/);
  assert.match(page, /\| 0\.07 \/ 0\.09 \/ 0\.09 \(≤ [\d.]+\)/);
  assert.match(page, /\| 3 of 30 commands/);
  assert.match(page, /abc1234, 2026-01-31 12:00/);
  assert.match(page, /## with the pace of an esp32c3\n[^]*\| 1 of 1 /);
  assert.match(page, /Held meanwhile: it is so\./);
});

test("a row says what else the machine had to do, where that was kept", () => {
  const ends = (...loads: (number | undefined)[]): string => {
    const page = drillPage(DRILLS, [record(loads.map((load) => run({ load })))]);
    return /abc1234, 2026-01-31 12:00([^|]*?) +\|/.exec(page)?.[1] ?? "none";
  };
  assert.equal(ends(2, 18, 9), ", load 2 to 18");
  assert.equal(ends(3, undefined), ", load 3");
  assert.equal(ends(undefined), "");
});

test("a column is as wide as its widest cell, as prettier has it", () => {
  const table = readmeTable(DRILLS, [record([run({})])]);
  const widths = new Set(table.split("\n").map((line) => [...line].length));
  assert.equal(widths.size, 1, table);
  assert.match(table, /^\| broken +\| held +\|/);
});

test("README.md has the marks, and only what is between them changes", () => {
  const readme = readFileSync(join(import.meta.dirname, "../../../../README.md"), "utf8");
  const changed = intoReadme(readme, "| a table |");
  assert.ok(changed.includes("\n\n| a table |\n\n<!-- /drills -->"));
  assert.equal(intoReadme(changed, "| a table |"), changed);
  assert.equal(changed.split("<!-- drills: ")[0], readme.split("<!-- drills: ")[0]);
  assert.equal(changed.split("<!-- /drills -->")[1], readme.split("<!-- /drills -->")[1]);
  assert.throws(() => intoReadme("# Buddy\n", "| |"), /no <!-- drills/);
});

test("the picture has a dot for each time that was measured", () => {
  const svg = drillPlot(DRILLS, [record([run({}), run({})])], "sim");
  // Two of the legend.
  assert.equal(svg.split("<circle ").length - 1, 2 + 4);
  assert.ok(svg.includes(`>${drill.name}</text>`));
});
