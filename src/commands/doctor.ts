/** `buddy doctor`. */
import type { Command } from "commander";
import { readStartOptions } from "../companion/options.js";
import { doctor } from "../doctor/doctor.js";
import { doctorBoard } from "../doctor/board.js";
import { addDataOption, dataDirOf, type DataFlags, EXIT_USAGE } from "./data-option.js";

interface Flags extends DataFlags {
  json: boolean;
  board: boolean;
  port?: string;
}

export function addDoctorCommand(program: Command): void {
  addDataOption(
    program
      .command("doctor")
      .description("say what is there, what is missing and the command that mends it")
      .option("--board", "look at the board on a USB port instead", false)
      .option("--port <path>", "its port (default: the one with a board)")
      .option("--json", "print JSON", false),
  ).action(async ({ json, board, port, ...flags }: Flags) => {
    if (board || port !== undefined) {
      process.exitCode = await doctorBoard(port, dataDirOf(flags), json);
      return;
    }
    const read = readStartOptions(flags, process.env);
    if ("errors" in read) {
      for (const error of read.errors) process.stderr.write(`buddy doctor: ${error}\n`);
      process.exitCode = EXIT_USAGE;
      return;
    }
    process.exitCode = await doctor(read.options, process.env, json);
  });
}
