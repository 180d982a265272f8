/**
 * Properties: silence before the first beat means nothing; red comes with the third missed beat and not before;
 * a beat makes green at once; the observer's own absence is nobody's silence.
 */
import assert from "node:assert/strict";
import { describe, it } from "node:test";
import {
  heard,
  newDetector,
  scan,
  silentMs,
  type Detector,
} from "../../../src/resilience/failure-detector.js";

/** Scans every 100 ms up to `toMs`, with beats at the given times. */
function run(beatsMs: readonly number[], toMs: number): Detector {
  let detector = newDetector(0);
  for (let nowMs = 100; nowMs <= toMs; nowMs += 100) {
    if (beatsMs.includes(nowMs)) detector = heard(detector, nowMs);
    detector = scan(detector, nowMs);
  }
  return detector;
}

const colour = (detector: Detector) =>
  detector.kind === "heard" ? detector.colour : detector.kind;

describe("failure detector", () => {
  const cases: [string, readonly number[], number, string][] = [
    ["D1: never heard, however long the silence", [], 60_000, "unheard"],
    ["one beat, now", [500], 500, "green"],
    ["the next beat is due now", [500], 1000, "green"],
    ["the next beat is a little late", [500], 1200, "green"],
    ["A10: one beat missed", [500], 1300, "yellow"],
    ["A10: the third beat is not yet missed", [500], 1900, "yellow"],
    ["A10: three beats missed", [500], 2000, "red"],
    ["red stays red", [500], 20_000, "red"],
    ["beats every 500 ms", [500, 1000, 1500, 2000, 2500], 2900, "green"],
    ["A10: green alone, with the first beat after red", [500, 6000], 6000, "green"],
  ];
  for (const [name, beatsMs, toMs, expected] of cases) {
    it(`${name}: ${expected}`, () => assert.equal(colour(run(beatsMs, toMs)), expected));
  }

  it("I7, O2: an observer that was away for an hour does not call the others hung", () => {
    let detector = run([500], 1000);
    detector = scan(detector, 3_601_000);
    assert.equal(colour(detector), "green");
    for (let nowMs = 3_601_100; nowMs < 3_601_900; nowMs += 100) detector = scan(detector, nowMs);
    assert.equal(colour(detector), "yellow", "what was silent before it left still counts");
  });

  it("I7: observers stalled again and again for 250 ms still find a hung part", () => {
    let detector = heard(newDetector(0), 0);
    let nowMs = 0;
    while (colour(detector) !== "red" && nowMs < 10_000) detector = scan(detector, (nowMs += 250));
    assert.equal(nowMs, 1500);
  });

  it("tells how long the silence is, 0 before the first beat", () => {
    assert.equal(silentMs(newDetector(0), 900), 0);
    assert.equal(silentMs(heard(newDetector(0), 200), 900), 700);
  });
});
