/** The option `--data DIR` that all commands of an installation share, with BUDDY_DATA as for `buddy start`. */
import type { Command } from "commander";
import { startOptionsSchema } from "../companion/options.js";

export const EXIT_FAILED = 1;
export const EXIT_USAGE = 2;

export interface DataFlags {
  readonly data?: string;
}

export function addDataOption(command: Command): Command {
  return command.option("--data <dir>", "data directory of Buddy, also BUDDY_DATA");
}

/** @returns the absolute path. */
export function dataDirOf(flags: DataFlags): string {
  const fromEnvironment = process.env["BUDDY_DATA"];
  const given = flags.data ?? (fromEnvironment === "" ? undefined : fromEnvironment);
  return startOptionsSchema.shape.data.parse(given);
}
