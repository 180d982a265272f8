/** `buddy doctor`. */
import type { Command } from "commander";
import { readStartOptions } from "../companion/options.js";
import { doctor } from "../doctor/doctor.js";
import { addDataOption, type DataFlags, EXIT_USAGE } from "./data-option.js";

export function addDoctorCommand(program: Command): void {
  addDataOption(
    program
      .command("doctor")
      .description("say what is there, what is missing and the command that mends it")
      .option("--json", "print JSON", false),
  ).action(async ({ json, ...flags }: DataFlags & { json: boolean }) => {
    const read = readStartOptions(flags, process.env);
    if ("errors" in read) {
      for (const error of read.errors) process.stderr.write(`buddy doctor: ${error}\n`);
      process.exitCode = EXIT_USAGE;
      return;
    }
    process.exitCode = await doctor(read.options, process.env, json);
  });
}
