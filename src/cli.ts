#!/usr/bin/env node
// `buddy`: finds the command and wires, nothing else. Exit codes: 0 done, 1 failed, 2 wrong usage.
import { Command, CommanderError } from "commander";
import { keepLoopbackDirect } from "./host/direct-loopback.js";
import { packageVersion } from "./host/package-root.js";

const EXIT_USAGE = 2;
keepLoopbackDirect(process.env);

type Add = (program: Command) => void;
/** Each is loaded when it is asked for: together they are most of the program, which takes a second of processor to load. */
const COMMANDS: Readonly<Record<string, () => Promise<Add>>> = {
  start: async () => (await import("./commands/start.js")).addStartCommand,
  backup: async () => (await import("./commands/backup.js")).addBackupCommand,
  bench: async () => (await import("./commands/bench.js")).addBenchCommand,
  "board-sim": async () => (await import("./commands/board-sim.js")).addBoardSimCommand,
  brain: async () => (await import("./commands/brain.js")).addBrainCommands,
  director: async () => (await import("./commands/director.js")).addDirectorCommand,
  doctor: async () => (await import("./commands/doctor.js")).addDoctorCommand,
  drill: async () => (await import("./commands/drill.js")).addDrillCommand,
  edge: async () => (await import("./commands/edge.js")).addEdgeCommand,
  flash: async () => (await import("./commands/flash.js")).addFlashCommand,
  "import-old": async () => (await import("./commands/import-old.js")).addImportOldCommand,
  mcp: async () => (await import("./commands/mcp.js")).addMcpCommand,
  profile: async () => (await import("./commands/profile.js")).addProfileCommand,
  restore: async () => (await import("./commands/backup.js")).addRestoreCommand,
  stage: async () => (await import("./commands/stage.js")).addStageCommand,
};

const program = new Command("buddy")
  .description("Buddy: a desk robot that no single failure can silence")
  .version(packageVersion())
  .exitOverride()
  .configureHelp({ sortSubcommands: true });

const asked = process.argv[2] ?? "";
// Without one that is known, all: for the help, or for what to say of a wrong one.
const names = Object.hasOwn(COMMANDS, asked) ? [asked] : Object.keys(COMMANDS);
for (const name of asked === "--version" ? [] : names) (await COMMANDS[name]?.())?.(program);

try {
  await program.parseAsync();
} catch (error) {
  if (!(error instanceof CommanderError)) throw error;
  process.exitCode = error.exitCode === 0 ? 0 : EXIT_USAGE;
}
