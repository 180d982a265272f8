/** `buddy profile`. */
import { Argument, type Command, InvalidArgumentError } from "commander";
import { profile } from "../bench/profile/profile.js";
import { SCENARIO_NAMES, type ScenarioName } from "../bench/profile/scenarios.js";

const SECONDS = 8;
const SECONDS_MAX = 3600;

interface Flags {
  json: boolean;
  seconds: number;
  firmware?: string;
  compare?: string;
}

export function addProfileCommand(program: Command): void {
  program
    .command("profile")
    .description("count exactly what the firmware costs the VM, by scenario and by function")
    .addArgument(new Argument("[scenarios...]", "under which load").choices(SCENARIO_NAMES))
    .option("--seconds <n>", "windows of a second each", secondsOf, SECONDS)
    .option("--firmware <file>", "another image than dist/firmware/sim.devs")
    .option("--json", "print JSON", false)
    .option("--compare <file>", "show the differences to what --json wrote")
    .action(async (names: ScenarioName[], flags: Flags) => {
      process.exitCode = await profile(names, flags);
    });
}

function secondsOf(text: string): number {
  const seconds = Number(text);
  if (Number.isInteger(seconds) && seconds >= 1 && seconds <= SECONDS_MAX) return seconds;
  throw new InvalidArgumentError(`expected 1 to ${SECONDS_MAX} whole seconds.`);
}
