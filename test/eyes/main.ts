/**
 * `npm run eyes:grid`: what the eyes find in pictures of many kinds, in a table. It fails when fewer than 95 % of the faces
 * are found, fewer than 90 % of a kind (but the strongest blur), fewer at the second look, or one that is none.
 */
import sharp from "sharp";
import { FaceFinder } from "../../src/vision/detector/finder.js";
import { runGrid, WITH_FACE, WITHOUT_FACE, type GridRow } from "./grid.js";
import { Painter } from "./pictures.js";

const SHARE_MIN = 0.95;
const KIND_SHARE_MIN = 0.9;
const HOPELESS = "blur 5 px";

sharp.concurrency(1);
const finder = await FaceFinder.load();
const painter = await Painter.load();
const found = await runGrid(finder, painter, WITH_FACE);
const empty = await runGrid(finder, painter, WITHOUT_FACE);
const sum = (rows: readonly GridRow[], field: "faces" | "found" | "foundAgain" | "false"): number =>
  rows.reduce((total, row) => total + row[field], 0);

console.log("| kind | faces | found | at a second look | false |");
console.log("|---|---|---|---|---|");
const whole = { kind: "all", ...totals([...found, ...empty]) };
for (const row of [...found, ...empty, whole]) {
  console.log(`| ${row.kind} | ${row.faces} | ${row.found} | ${row.foundAgain} | ${row.false} |`);
}
console.log(`\n${WITH_FACE.length} pictures with a face, ${WITHOUT_FACE.length} without.`);

const faults = [
  ...found
    .filter((row) => row.kind !== HOPELESS && row.found < KIND_SHARE_MIN * row.faces)
    .map((row) => `${row.kind}: ${row.found} of ${row.faces}`),
  ...(whole.found < SHARE_MIN * whole.faces ? [`all: ${whole.found} of ${whole.faces}`] : []),
  ...(whole.foundAgain < whole.found ? ["a second look finds less than the first"] : []),
  ...(whole.false > 0 ? [`${whole.false} false faces`] : []),
];
for (const fault of faults) console.error(`MISSED: ${fault}`);
process.exitCode = faults.length > 0 ? 1 : 0;

function totals(rows: readonly GridRow[]) {
  return {
    faces: sum(rows, "faces"),
    found: sum(rows, "found"),
    foundAgain: sum(rows, "foundAgain"),
    false: sum(rows, "false"),
  };
}
