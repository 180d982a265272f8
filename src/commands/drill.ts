/** `buddy drill`. */
import { Argument, type Command, InvalidArgumentError, Option } from "commander";
import { drill, DRILL_NAMES, type DrillOptions } from "../drill/main.js";
import { CHIP_NAMES } from "../simulator/vm/chips.js";

const SEED_MAX = 4_294_967_295;
const REPEAT_MAX = 1000;
const MINUTES_MAX = 24 * 60;

export function addDrillCommand(program: Command): void {
  program
    .command("drill")
    .description("break one thing at a time in a Buddy of its own, and measure how it comes back")
    .addArgument(new Argument("[names...]", "which drills; default: all").choices(DRILL_NAMES))
    .option("--json", "print JSON", false)
    .option(
      "--write",
      "keep the results in docs/drills.json, docs/DRILLS.md and README.md; of drills that are not run, the old ones",
      false,
    )
    .option("--repeat <number>", "repeats of each drill", readWhole(1, REPEAT_MAX), 1)
    .option("--seed <number>", "decides the moment of each fault", readWhole(0, SEED_MAX), 1)
    .option("--minutes <number>", "begin no repeat after so long", readWhole(1, MINUTES_MAX))
    .addOption(
      new Option("--chip <name>", "the robot keeps that chip's pace; drills of its link").choices(
        CHIP_NAMES,
      ),
    )
    .action(async (names: string[], options: Omit<DrillOptions, "chip" | "minutes"> & Rest) => {
      const { chip, minutes, ...given } = options;
      process.exitCode = await drill(names, { ...given, chip, minutes });
      // What was said is written first. LiveKit's library keeps a process for ever that has loaded it.
      process.stdout.write("", () => process.exit());
    });
}

/** What commander leaves out when it is not given. */
interface Rest {
  readonly chip?: string;
  readonly minutes?: number;
}

function readWhole(min: number, max: number): (text: string) => number {
  return (text) => {
    const value = Number(text);
    if (/^\d+$/.test(text) && value >= min && value <= max) return value;
    throw new InvalidArgumentError(`expected a whole number ${min}..${max}`);
  };
}
