/** `buddy board-sim`. */
import { readFileSync } from "node:fs";
import { Option, type Command } from "commander";
import { simulateBoard } from "../board-sim/serve.js";
import { CHIP_NAMES, type ChipName } from "../simulator/vm/chips.js";

interface Flags {
  chip: ChipName;
  flash?: string;
  network?: string;
  networkPasswordFile?: string;
}

export function addBoardSimCommand(program: Command): void {
  program
    .command("board-sim")
    .description("play a board on a serial port, for `buddy flash` without hardware")
    .addOption(new Option("--chip <name>", "which chip").choices(CHIP_NAMES).default("esp32s3"))
    .option("--flash <file>", "keep its flash there (4 MB, made blank when missing)")
    .option("--network <name>", "the WiFi around it (default: whatever it knows is there)")
    .option("--network-password-file <file>", "the password that this WiFi wants")
    .action(async ({ network, networkPasswordFile, ...flags }: Flags) => {
      const password = networkPasswordFile ? readFileSync(networkPasswordFile, "utf8").trim() : "";
      const air = network === undefined ? undefined : { ssid: network, password };
      process.exitCode = await simulateBoard({ ...flags, ...(air && { air }) });
    });
}
