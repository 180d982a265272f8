// Growth of memory in a long run. Properties (G7): garbage that comes and goes does not count, growth between the first and the
// last mark does; only an hour is held to the bar; a process that was started anew is told, a passing one is not.
import assert from "node:assert/strict";
import { test } from "node:test";
import type { Figure } from "../../../src/bench/figures.js";
import { growthFigures, type MemorySample } from "../../../src/bench/memory-growth.js";

type Process = MemorySample["processes"][number];

/** Six samples a minute. */
function samples(minutes: number, at: (minute: number) => Process[]): MemorySample[] {
  return Array.from({ length: minutes * 6 + 1 }, (_, i) => ({
    minute: i / 6,
    processes: at(i / 6),
  }));
}

const vision = (mb: number, pid = 1): Process => ({ name: "vision", pid, mb });
const renderer = (mb: number, pid: number): Process => ({ name: "voice's renderer", pid, mb });
const all = (figures: readonly Figure[]): Figure => figures[0] as Figure;

test("G7: an hour's growth is from the tenth minute to the last, and 2 % are too much", () => {
  const warm = (minute: number): number => (minute < 7 ? 50 : 100);
  const flat = all(
    growthFigures(
      samples(60, (minute) => [vision(warm(minute))]),
      60,
    ),
  );
  assert.deepEqual([flat.isMet, flat.bar], [true, "< 2 %"]);
  assert.equal(flat.what, "memory (Pss), all, at minutes 10, 20, 30, 40, 50, 60");
  assert.equal(flat.value, "100.0, 100.0, 100.0, 100.0, 100.0, 100.0 MB: +0.0 %");
  const leak = (minute: number): Process[] => [vision(100 + minute / 20)];
  const grown = all(growthFigures(samples(60, leak), 60));
  assert.deepEqual([grown.isMet, grown.value.split(": ")[1]], [false, "+2.5 %"]);
});

test("G7: garbage that comes and goes is no growth", () => {
  const garbage = (minute: number): Process[] => [
    vision(minute > 55 && minute % 1 > 0.7 ? 200 : 100),
  ];
  assert.equal(all(growthFigures(samples(60, garbage), 60)).isMet, true);
});

test("G7: less than an hour is told without a bar", () => {
  const short = all(
    growthFigures(
      samples(6, (minute) => [vision(100 + 10 * minute)]),
      6,
    ),
  );
  assert.deepEqual([short.isMet, short.bar], [true, ""]);
  assert.match(short.value, /^108.3, .*: \+46.2 %$/);
});

test("G7: processes of one name are one row, and one that ran for a sentence is in all only", () => {
  const figures = growthFigures(
    samples(60, (minute) => [
      renderer(10, 2),
      renderer(12, 3),
      ...(minute > 30 && minute < 31 ? [{ name: "espeak-ng", pid: 9, mb: 5 }] : []),
    ]),
    60,
  );
  const rows = figures.map(({ what, value }) => [what, value]);
  assert.deepEqual(rows.slice(1), [
    ["memory: voice's renderer", "22.0, 22.0, 22.0, 22.0, 22.0, 22.0 MB: +0.0 %"],
    ["started anew", "0 processes"],
  ]);
});

test("G7: a process that was started anew is a fault: it hides what was before", () => {
  const figures = growthFigures(
    samples(60, (minute) => [vision(100, minute < 40 ? 1 : 4)]),
    60,
  );
  const anew = figures.at(-1);
  assert.deepEqual([anew?.value, anew?.isMet], ["1 processes", false]);
});

test("G7: a run that ended before its last mark is no figure", () => {
  assert.throws(
    () =>
      growthFigures(
        samples(40, () => [vision(100)]),
        60,
      ),
    /no sample between/,
  );
});
