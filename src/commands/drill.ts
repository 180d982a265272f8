/** `buddy drill`. */
import { Argument, type Command, InvalidArgumentError } from "commander";
import { drill, DRILL_NAMES } from "../drill/main.js";
import { EXIT_USAGE } from "./data-option.js";

const SEED_MAX = 4_294_967_295;

export function addDrillCommand(program: Command): void {
  program
    .command("drill")
    .description("break one thing at a time in a Buddy of its own, and measure how it comes back")
    .addArgument(new Argument("[names...]", "which drills; default: all").choices(DRILL_NAMES))
    .option("--json", "print JSON", false)
    .option("--write", "write docs/DRILLS.md; only with all drills", false)
    .option("--seed <number>", "decides the moment of each fault", readSeed, 1)
    .action(async (names: string[], options: { json: boolean; write: boolean; seed: number }) => {
      if (options.write && names.length > 0) {
        process.stderr.write(
          "buddy drill: --write wants all drills, or the others' results are lost\n",
        );
        process.exitCode = EXIT_USAGE;
        return;
      }
      process.exitCode = await drill(names, options);
    });
}

function readSeed(text: string): number {
  const seed = Number(text);
  if (/^\d+$/.test(text) && seed <= SEED_MAX) return seed;
  throw new InvalidArgumentError(`expected a whole number 0..${SEED_MAX}`);
}
