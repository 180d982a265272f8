/**
 * `npm run powercut`: power cuts at every write and erase of 2,000 saves, torn at every byte; two and three
 * cuts in a row; silent and failing operations. `--replay ID` replays one printed case, `--seed N` and
 * `--saves N` change the workload.
 */
import { parseArgs } from "node:util";
import { chains, faults, linear, replay } from "./power-cuts.js";
import { reportLines } from "./report.js";
import { allOutcomes } from "./outcomes.js";
import type { Report } from "./report.js";
import { wearOf } from "./wear.js";

const { values } = parseArgs({
  options: {
    seed: { type: "string", default: "7" },
    saves: { type: "string", default: "2000" },
    replay: { type: "string" },
  },
});

if (values.replay !== undefined) {
  const { lines, verdict } = await replay(values.replay);
  for (const line of lines) console.log(line);
  process.exitCode = verdict === "lost" || verdict === "torn" ? 1 : 0;
} else {
  const seed = Number(values.seed);
  const saves = Number(values.saves);
  const started = performance.now();
  const results: [string, Report][] = [
    ["A cut at every write and erase, torn at every byte", await linear(seed, saves, allOutcomes)],
    ["Two cuts in a row, exhaustive", await chains(seed, 6, 2)],
    ["Three cuts in a row, exhaustive", await chains(seed + 1, 3, 3)],
    [
      "Operations that silently do nothing, fail, or work but report failure",
      await faults(seed, saves),
    ],
  ];
  for (const [title, report] of results) {
    for (const line of reportLines(title, report)) console.log(line);
  }
  for (const line of wearLines()) console.log(line);
  const broken = results.reduce((sum, [, report]) => sum + report.violations.length, 0);
  const seconds = ((performance.now() - started) / 1000).toFixed(1);
  console.log(`${broken === 0 ? "ok" : "BROKEN"}: ${broken} violations, ${seconds} s`);
  process.exitCode = broken === 0 ? 0 : 1;
}

/** The most a robot can write in a day: 48 saves of the 30-minute period, two more for each of four boots. */
function wearLines(): string[] {
  const savesPerDay = 48 + 4 * 2;
  return (["settings", "eeprom", "fram"] as const).map((place) => {
    const wear = wearOf(place, savesPerDay);
    return (
      `Wear on ${place}: at most ${savesPerDay} saves a day, ${wear.recordWritesPerDay} records, ` +
      `${wear.bytesPerDay} bytes, ${wear.cyclesPerDay.toFixed(2)} cycles of the busiest page, ` +
      `${wear.yearsToWearOut.toExponential(1)} years to its end, ` +
      `${wear.exposedMsPerDay} ms a day in which a cut can wipe the store`
    );
  });
}
