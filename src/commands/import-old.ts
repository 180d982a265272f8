/** `buddy import-old`: the old robot's character for the robot of today. */
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import type { Command } from "commander";
import { reasonOf } from "../host/reason.js";
import { isHeld } from "../datadir/data-dir.js";
import { fileFault } from "../host/file-fault.js";
import { findRunning } from "../datadir/running.js";
import { Database } from "../store/database.js";
import { DatabaseError } from "../store/database-error.js";
import { MIGRATIONS } from "../store/migrations.js";
import { lastDevice } from "../store/mirror-tables.js";
import { assertOldBlock, importOldState, OLD_BYTES, OldStateError } from "../store/old-state.js";
import { DATABASE_FILE } from "../store/store.js";
import { systemClock } from "../time/clock.js";
import { addDataOption, dataDirOf, EXIT_FAILED, type DataFlags } from "./data-option.js";

const DEVICE = /^[0-9a-f]{16}$/;

export function addImportOldCommand(program: Command): void {
  addDataOption(
    program
      .command("import-old")
      .description("give the robot the character in the old robot's EEPROM block")
      .argument(
        "<file>",
        `the block: the first ${OLD_BYTES} bytes of the old robot's EEPROM, or more of it`,
      )
      .option("--device <id>", "which robot, 16 hex digits; default: the one that was heard last"),
  ).action((file: string, flags: DataFlags & { device?: string }) => {
    try {
      process.stdout.write(`${importOld(file, dataDirOf(flags), flags.device)}\n`);
    } catch (error) {
      const code = (error as NodeJS.ErrnoException).code;
      const isOurs = error instanceof OldStateError || error instanceof DatabaseError;
      if (!isOurs && !(typeof code === "string" && /^E[A-Z]+$/.test(code))) throw error;
      process.stderr.write(`buddy import-old: ${code}: ${reasonOf(error)}\n`);
      process.exitCode = EXIT_FAILED;
    }
  });
}

function importOld(file: string, dataDir: string, asked: string | undefined): string {
  const fault = fileFault(file);
  if (fault !== undefined) throw new OldStateError(`${file} ${fault}`);
  if (!existsSync(file)) throw new OldStateError(`${file} is not there`);
  const block = readFileSync(file);
  assertOldBlock(block);
  if (!existsSync(dataDir)) {
    throw new OldStateError(
      `there is no data directory ${dataDir} yet: start Buddy once, so that its robot links, and stop it`,
    );
  }
  if (findRunning(dataDir).kind === "running" || isHeld(dataDir)) {
    throw new OldStateError(`a Buddy runs with ${dataDir}; stop it first`);
  }
  const db = Database.open(join(dataDir, DATABASE_FILE), MIGRATIONS);
  try {
    const device = asked ?? lastDevice(db);
    if (device === undefined || !DEVICE.test(device)) {
      throw new OldStateError(
        "which robot? Let it link once, or give --device with its 16 hex digits",
      );
    }
    const { generation, faults } = importOldState(db, device, block, systemClock.wallMs());
    const left = faults.map((name) => `\n${name} was out of range: left as it was.`).join("");
    return `Robot ${device} is offered it as generation ${generation} when it links next.${left}`;
  } finally {
    db.close();
  }
}
