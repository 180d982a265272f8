/**
 * The long form of the flash tests: every chip from blank to hello and its settings again, every fault with its second run.
 * `npm run flash:long` writes `docs/flash-runs.json`.
 */
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { CHIP_NAMES } from "../../src/simulator/vm/chips.js";
import { boards } from "../../src/flash/boards.js";
import { reasonOf } from "../../src/host/reason.js";
import { root } from "../support/buddy-process.js";
import { freePort } from "../support/board.js";
import { BOARD_FAULTS } from "../support/board-faults.js";
import { secondOpinion } from "../support/esptool.js";
import { flashIntoBuddy } from "../support/flash-into-buddy.js";
import { flashTwice } from "../support/flash-twice.js";
import { runFault } from "../support/fault-run.js";

const asked = process.argv.slice(2);
const wanted = (name: string): boolean =>
  asked.length === 0 || asked.some((one) => name.includes(one));

const linkPort = await freePort();
const rows: object[] = [];
let failed = 0;
async function row(name: string, run: () => Promise<object>): Promise<void> {
  if (!wanted(name)) return;
  try {
    const found = { name, ok: true, ...(await run()) };
    rows.push(found);
    console.log(JSON.stringify(found));
  } catch (error) {
    failed++;
    rows.push({ name, ok: false, why: reasonOf(error) });
    console.log(`FAIL ${name}: ${reasonOf(error)}`);
  }
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
await row("a flashed board is linked and tracks under npm start -- --robot board", flashIntoBuddy);
for (const fault of BOARD_FAULTS) {
  await row(fault.name, async () => {
    const { first, second } = await runFault(fault, linkPort);
    const { code = "none", message = "got over it by itself", next } = first.error ?? {};
    return { code, message, next, firstMs: first.ms, secondMs: second.ms };
  });
}
const passed = rows.length - failed;
console.log(`${passed} passed, ${failed} failed`);
if (asked.length === 0) {
  const text = JSON.stringify({ node: process.version, rows }, undefined, 1);
  writeFileSync(
    join(root, "docs", "flash-runs.json"),
    // Names of this machine say nothing to others.
    `${text.replaceAll(/\/dev\/pts\/\d+/g, "PORT").replaceAll(/"[^" ]*\/(runtime\.bin)/g, '"$1')}\n`,
  );
}
process.exit(failed === 0 ? 0 : 1);
