/** `buddy bench`. */
import { Argument, type Command, InvalidArgumentError, Option } from "commander";
import { bench, BENCH_NAMES, type BenchOptions } from "../bench/bench.js";
import { CHIP_NAMES } from "../simulator/vm/chips.js";

const MINUTES_MAX = 600;

export function addBenchCommand(program: Command): void {
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
    .option("--minutes <n>", "length of the parts load, effort and memory", minutesOf, 1)
    .action(async (names: string[], options: BenchOptions) => {
      process.exitCode = await bench(names, options);
    });
}

function minutesOf(text: string): number {
  const minutes = Number(text);
  if (minutes > 0 && minutes <= MINUTES_MAX) return minutes;
  throw new InvalidArgumentError(`expected a number of minutes up to ${MINUTES_MAX}.`);
}
