/** The strip of the last hour: pieces cover exactly what is known of it, and the words say the same. */
import assert from "node:assert/strict";
import { describe, it } from "node:test";
import type { HealthLevel } from "../../../../src/state/health.js";
import { HOUR_MS, hourWords, pieces } from "../../../../src/page/views/health-strip.js";

const NOW_MS = 10 * HOUR_MS;
type Marks = [number, HealthLevel][];

describe("strip of the last hour", () => {
  it("what began before the hour fills it from its beginning", () => {
    const strip = pieces([[NOW_MS - 2 * HOUR_MS, "ok"]], NOW_MS);
    assert.deepEqual(strip, [{ fromS: 0, toS: 3600, level: "ok" }]);
  });

  it("time before the first mark is not known and stays empty", () => {
    const strip = pieces([[NOW_MS - 60_000, "busy"]], NOW_MS);
    assert.deepEqual(strip, [{ fromS: 3540, toS: 3600, level: "busy" }]);
  });

  it("pieces touch, none overlaps, and what ended before the hour is gone", () => {
    const marks: Marks = [
      [NOW_MS - 3 * HOUR_MS, "bad"],
      [NOW_MS - 2 * HOUR_MS, "ok"],
      [NOW_MS - 600_000, "bad"],
      [NOW_MS - 540_000, "ok"],
    ];
    assert.deepEqual(pieces(marks, NOW_MS), [
      { fromS: 0, toS: 3000, level: "ok" },
      { fromS: 3000, toS: 3060, level: "bad" },
      { fromS: 3060, toS: 3600, level: "ok" },
    ]);
  });

  it("nothing known is nothing drawn", () => assert.deepEqual(pieces([], NOW_MS), []));

  const cases: [Marks, string][] = [
    [[[0, "ok"]], "worked all the time"],
    [[[0, "off"]], "not wanted"],
    [
      [
        [NOW_MS - 600_000, "bad"],
        [NOW_MS - 480_000, "ok"],
      ],
      "trouble once, 2 min in all",
    ],
    [
      [
        [NOW_MS - 600_000, "bad"],
        [NOW_MS - 590_000, "ok"],
        [NOW_MS - 20_000, "bad"],
      ],
      "trouble twice, 30 s in all",
    ],
    [[[NOW_MS - 180_000, "warn"]], "worked worse once, 3 min in all"],
  ];
  for (const [marks, words] of cases) {
    it(words, () => assert.equal(hourWords(pieces(marks, NOW_MS)), words));
  }
});
