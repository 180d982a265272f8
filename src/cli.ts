#!/usr/bin/env node
// `buddy`: parses the command line and wires, nothing else. Exit codes: 0 done, 1 failed, 2 wrong usage.
import { Argument, Command, CommanderError, InvalidArgumentError, Option } from "commander";
import { bench, BENCH_NAMES, type BenchOptions } from "./bench/bench.js";
import { addBackupCommands } from "./commands/backup.js";
import { addBrainCommands } from "./commands/brain.js";
import { addBoardSimCommand } from "./commands/board-sim.js";
import { addDirectorCommand } from "./commands/director.js";
import { addDoctorCommand } from "./commands/doctor.js";
import { addDrillCommand } from "./commands/drill.js";
import { addFlashCommand } from "./commands/flash.js";
import { addEdgeCommand } from "./commands/edge.js";
import { addImportOldCommand } from "./commands/import-old.js";
import { addStageCommand } from "./commands/stage.js";
import { addMcpCommand } from "./commands/mcp.js";
import { addProfileCommand } from "./commands/profile.js";
import { listCameras } from "./commands/list-cameras.js";
import { kebab, readStartOptions, START_OPTION_HELP } from "./companion/options.js";
import { start } from "./companion/start.js";
import { keepLoopbackDirect } from "./host/direct-loopback.js";
import { packageVersion } from "./host/package-root.js";
import { CHIP_NAMES } from "./simulator/vm/chips.js";

const EXIT_USAGE = 2;
keepLoopbackDirect(process.env);
const MINUTES_MAX = 600;

function minutesOf(text: string): number {
  const minutes = Number(text);
  if (minutes > 0 && minutes <= MINUTES_MAX) return minutes;
  throw new InvalidArgumentError(`expected a number of minutes up to ${MINUTES_MAX}.`);
}

const program = new Command("buddy")
  .description("Buddy: a desk robot that no single failure can silence")
  .version(packageVersion())
  .exitOverride()
  .configureHelp({ sortSubcommands: true });

const startCommand = program
  .command("start")
  .description("bring up robot, camera, detector and page, and keep them up until Ctrl-C");
for (const [name, value, help] of START_OPTION_HELP) {
  startCommand.option(
    `--${kebab(name)} ${value}`.trim(),
    `${help}, also BUDDY_${kebab(name).replaceAll("-", "_").toUpperCase()}`,
  );
}
startCommand.option("--no-open", "do not open the page in a browser, also BUDDY_NO_OPEN=true");
startCommand.action(async (flags: Record<string, unknown>) => {
  // Commander gives `open: true` when the flag is absent; then the environment decides.
  const { open, ...rest } = flags;
  if ((rest["camera"] ?? process.env["BUDDY_CAMERA"]) === "list") {
    process.exitCode = await listCameras();
    return;
  }
  const read = readStartOptions(open === false ? { ...rest, open } : rest, process.env);
  if ("errors" in read) {
    for (const error of read.errors) console.error(`buddy start: ${error}`);
    process.exitCode = EXIT_USAGE;
    return;
  }
  process.exitCode = await start(read.options);
});

program
  .command("bench")
  .description("measure the running system and print each figure beside its bar")
  .addArgument(new Argument("[names...]", "which measurements").choices(BENCH_NAMES))
  .option("--json", "print JSON", false)
  .option("--write", "write docs/BENCH.md", false)
  .addOption(
    new Option("--chip <name>", "at that chip's pace (a model)")
      .choices(CHIP_NAMES)
      .env("BUDDY_CHIP"),
  )
  .option("--minutes <n>", "length of the parts load and effort", minutesOf, 1)
  .action(async (names: string[], options: BenchOptions) => {
    process.exitCode = await bench(names, options);
  });

addBackupCommands(program);
addBoardSimCommand(program);
addBrainCommands(program);
addDirectorCommand(program);
addDoctorCommand(program);
addDrillCommand(program);
addFlashCommand(program);
addEdgeCommand(program);
addImportOldCommand(program);
addMcpCommand(program);
addProfileCommand(program);
addStageCommand(program);

try {
  await program.parseAsync();
} catch (error) {
  if (!(error instanceof CommanderError)) throw error;
  process.exitCode = error.exitCode === 0 ? 0 : EXIT_USAGE;
}
