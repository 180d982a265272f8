/**
 * The long form of the flash tests: every chip from blank to hello and its settings again, every fault with its second run,
 * Espressif's esptool as a second opinion and beside ours. `npm run flash:long` runs all, `npm run flash:long -- WORD...`
 * those whose name has one of the words; each is kept in `docs/flash-runs.json` with its date, machine and commit.
 */
import { CHIP_NAMES } from "../../src/simulator/vm/chips.js";
import { boards } from "../../src/flash/boards.js";
import { reasonOf } from "../../src/host/reason.js";
import { besideEsptool } from "../support/beside-esptool.js";
import { freePort } from "../support/board.js";
import { BOARD_FAULTS } from "../support/board-faults.js";
import { secondOpinion } from "../support/esptool.js";
import { flashIntoBuddy } from "../support/flash-into-buddy.js";
import { flashTwice } from "../support/flash-twice.js";
import { runFault } from "../support/fault-run.js";
import { flashFromPage } from "../support/page-flash.js";
import { keepRun, stampOf } from "../support/home-runs.js";

const BESIDE_TIMES = 5;

const asked = process.argv.slice(2);
const wanted = (name: string): boolean =>
  asked.length === 0 || asked.some((one) => name.includes(one));

const linkPort = await freePort();
const stamp = stampOf();
let passed = 0;
let failed = 0;
async function row(name: string, run: () => Promise<object>): Promise<void> {
  if (!wanted(name)) return;
  let figures: object;
  let isOk = false;
  try {
    figures = await run();
    isOk = true;
    passed++;
  } catch (error) {
    figures = { why: reasonOf(error) };
    failed++;
  }
  // Names of this machine say nothing to others.
  const text = JSON.stringify(figures)
    .replaceAll(/\/dev\/pts\/\d+/g, "PORT")
    .replaceAll(/"[^" ]*\/(runtime\.bin)/g, '"$1');
  keepRun(name, stamp, isOk, JSON.parse(text) as object, "flash-runs.json");
}

for (const { id, chip } of boards()) {
  await row(`${id} (${chip}): blank to hello, then other settings`, () =>
    flashTwice(chip, linkPort, id),
  );
}
for (const chip of CHIP_NAMES) {
  for (const stub of [true, false]) {
    const name = `${chip}: Espressif's esptool writes, verifies, reads back${stub ? "" : ", no stub"}`;
    await row(name, () => secondOpinion(chip, stub));
  }
}
await row("the same bytes by `buddy flash` and by esptool, in turn", () =>
  besideEsptool("esp32s3", BESIDE_TIMES),
);
await row("a flashed board is linked and tracks under npm start -- --robot board", flashIntoBuddy);
await row("a page makes a robot of a blank board by Web Serial", flashFromPage);
for (const fault of BOARD_FAULTS) {
  await row(fault.name, async () => {
    const { first, second } = await runFault(fault, linkPort);
    const { code = "none", message = "got over it by itself", next } = first.error ?? {};
    return { code, message, next, firstMs: first.ms, secondMs: second.ms };
  });
}
console.log(`${passed} passed, ${failed} failed`);
process.exit(failed === 0 ? 0 : 1);
