/** First failure loud, repeats quiet, recovery once; and a file that anyone can follow. */
import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { ACTIVE_MAX, REMIND_MS, stepAlerts, type Alerts } from "../../../src/ops/alert-core.js";
import type { AlertFacts } from "../../../src/state/health.js";
import { AlertBook, parseAlerts } from "../../../src/ops/alerts.js";
import { BoundedLog, type LogFiles } from "../../../src/datadir/bounded-log.js";
import { Redactor } from "../../../src/datadir/redact.js";
import { FakeClock } from "../../../src/time/fake-clock.js";

const disk: AlertFacts = {
  key: "disk",
  severity: "warning",
  text: "It is full.",
  next: "Make room.",
};

/** Plays raises (`w`arning, `c`ritical), clears (`x`) and waits (minutes); gives what was told. */
function play(script: string): string[] {
  let alerts: Alerts = [];
  let wallMs = 0;
  const told: string[] = [];
  for (const word of script.split(" ")) {
    if (/^\d+$/.test(word)) wallMs += Number(word) * 60_000;
    else {
      const severity = word === "c" ? "critical" : "warning";
      const step = stepAlerts(
        alerts,
        word === "x"
          ? { type: "clear", key: "disk", text: "Room again." }
          : { type: "raise", facts: { ...disk, severity } },
        wallMs,
      );
      alerts = step.alerts;
      if (step.record) told.push(`${step.record.event} ${step.record.count}`);
    }
  }
  return told;
}

describe("alert core", () => {
  const cases: [string, string, string[]][] = [
    ["the first is told", "w", ["raised 1"]],
    ["repeats are counted, not told", "w 5 w 5 w 5 w", ["raised 1"]],
    [
      "one that stands is told again after an hour",
      "w 30 w 30 w 30 w 30 w",
      ["raised 1", "stands 3", "stands 5"],
    ],
    ["one that gets worse is told at once", "w 1 c 1 c", ["raised 1", "worse 2"]],
    ["the recovery is told once", "w 1 w x x", ["raised 1", "cleared 2"]],
    ["after it, it is new again", "w x w", ["raised 1", "cleared 1", "raised 1"]],
    ["a recovery of nothing is not told", "x", []],
  ];
  for (const [name, script, told] of cases) it(name, () => assert.deepEqual(play(script), told));

  it(`keeps at most ${ACTIVE_MAX} at a time`, () => {
    let alerts: Alerts = [];
    for (let i = 0; i < 200; i++) {
      alerts = stepAlerts(alerts, { type: "raise", facts: { ...disk, key: `k${i}` } }, i).alerts;
    }
    assert.equal(alerts.length, ACTIVE_MAX);
    assert.equal(alerts.at(-1)?.key, "k199");
  });

  it("an hour is an hour", () => assert.equal(REMIND_MS, 3_600_000));
});

describe("alerts file", () => {
  function setUp() {
    const clock = new FakeClock();
    let text = "";
    const files: LogFiles = {
      makeFolder: async () => undefined,
      append: async (_path, more) => void (text += more),
      size: async () => 0,
      move: async () => undefined,
      remove: async () => undefined,
    };
    const redactor = new Redactor(["canary-7f3a9c21"]);
    const log = new BoundedLog({ path: "/alerts", clock, redactor, files });
    return { clock, log, book: new AlertBook(clock, log, redactor), text: () => text };
  }

  it("C5: one JSON object a line, which reads back as what was told", async () => {
    const { clock, log, book, text } = setUp();
    const seen: string[] = [];
    book.onRecord(({ event }) => seen.push(event));
    book.raise(disk);
    book.raise(disk);
    await clock.advance(60_000);
    book.clear("disk", "Room again.");
    await log.close();
    const { records, bad } = parseAlerts(text());
    assert.equal(bad, 0);
    assert.deepEqual(records, book.recent());
    assert.deepEqual(
      records.map(({ event, count, wallMs, sinceWallMs }) => [event, count, wallMs - sinceWallMs]),
      [
        ["raised", 1, 0],
        ["cleared", 2, 60_000],
      ],
    );
    assert.deepEqual(seen, ["raised", "cleared"]);
    assert.deepEqual(book.active(), []);
  });

  it("N7: secrets stand neither in the file nor in what is shown", async () => {
    const { log, book, text } = setUp();
    book.raise({ ...disk, text: "refused canary-7f3a9c21", next: "token=canary-7f3a9c21" });
    await log.close();
    assert.doesNotMatch(text() + JSON.stringify([book.active(), book.recent()]), /canary/);
  });

  it("a torn tail and foreign lines are counted, the rest is read", () => {
    const { book } = setUp();
    book.raise(disk);
    const line = JSON.stringify(book.recent()[0]);
    const { records, bad } = parseAlerts(
      `${line}\n{"event":"raised"}\nnull\n${line}\n${line.slice(0, 40)}`,
    );
    assert.equal(records.length, 2);
    assert.equal(bad, 3);
  });
});
