/** `buddy start`. */
import type { Command } from "commander";
import { kebab, readStartOptions, START_OPTION_HELP } from "../companion/options.js";
import { start } from "../companion/start.js";
import { EXIT_USAGE } from "./data-option.js";
import { listCameras } from "./list-cameras.js";

export function addStartCommand(program: Command): void {
  const command = program
    .command("start")
    .description("bring up robot, camera, detector and page, and keep them up until Ctrl-C");
  for (const [name, value, help] of START_OPTION_HELP) {
    command.option(
      `--${kebab(name)} ${value}`.trim(),
      `${help}, also BUDDY_${kebab(name).replaceAll("-", "_").toUpperCase()}`,
    );
  }
  command.option("--no-open", "do not open the page in a browser, also BUDDY_NO_OPEN=true");
  command.action(async (flags: Record<string, unknown>) => {
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
    process.exitCode = await start(read.options, read.given);
  });
}
