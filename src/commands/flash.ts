/** `buddy flash`. */
import { readFileSync } from "node:fs";
import { resolve } from "node:path";
import { InvalidArgumentError, Option, type Command } from "commander";
import { boards } from "../flash/boards.js";
import {
  chooseBoard,
  choosePort,
  namedBoard,
  terminalAsker,
  type Asker,
} from "../flash/choices.js";
import { cancelled } from "../flash/board-loader.js";
import { flashBoard, requireFile, type FlashOptions } from "../flash/flash.js";
import { FlashError } from "../usb/flash-error.js";
import type { Wifi } from "../flash/settings.js";
import { placeOf } from "../usb/serial-port.js";
import { jsonTeller, textTeller, type Teller } from "../flash/tell.js";
import { systemClock } from "../time/clock.js";
import { addDataOption, type DataFlags, dataDirOf, EXIT_FAILED } from "./data-option.js";

interface Flags extends DataFlags {
  port?: string;
  board?: string;
  ssid?: string;
  passwordFile?: string;
  companion?: { host: string; port?: number };
  file?: string;
  sha256?: string;
  settings?: boolean;
  program?: boolean;
  erase?: boolean;
  dryRun?: boolean;
  yes?: boolean;
  json?: boolean;
}

export function addFlashCommand(program: Command): void {
  const names = boards()
    .map(({ id }) => id)
    .join(", ");
  addDataOption(
    program
      .command("flash")
      .description("make a robot of an ESP32 board on a USB port")
      .option("--port <path>", "serial port (default: the one with a board)")
      .option("--board <id>", `which board: ${names}`)
      .option("--ssid <name>", "WiFi that the robot joins")
      .option("--password-file <file>", "its password; an empty file for an open network")
      .option(
        "--companion <host[:port]>",
        "where the robot dials (default: this machine)",
        hostPort,
      )
      .addOption(
        new Option(
          "--settings",
          "only WiFi, address and key; the robot keeps what it knows",
        ).conflicts(["program", "erase", "file"]),
      )
      .addOption(
        new Option("--program", "only the program; settings stay").conflicts([
          "erase",
          "file",
          "ssid",
        ]),
      )
      .option("--erase", "erase the whole chip first, with all that the robot knows")
      .option("--file <file>", "the runtime's release file, instead of a download")
      .option("--sha256 <hex>", "what that file must have", sha256)
      .option("--dry-run", "look at the board and say what would be written")
      .option("--yes", "ask nothing")
      .option("--json", "print a JSON object a line"),
  ).action(async (flags: Flags) => {
    const code = await flash(flags);
    // A step that was ended may still wait for an answer in the library; nobody waits for it.
    process.stdout.write("", () => process.exit(code));
  });
}

/** @returns the exit code: 0 when the robot has answered. */
async function flash(flags: Flags): Promise<number> {
  const write = (text: string): void => void process.stdout.write(text);
  const tell = flags.json
    ? jsonTeller(write, systemClock)
    : textTeller(write, process.stdout.isTTY, systemClock);
  const controller = new AbortController();
  const onSignal = (): void => controller.abort(cancelled());
  for (const name of ["SIGINT", "SIGTERM"] as const) process.on(name, onSignal);
  const { signal } = controller;
  const asker = flags.yes || flags.json ? undefined : terminalAsker(signal);
  try {
    await run(flags, tell, signal, asker);
    return 0;
  } catch (error) {
    if (error instanceof FlashError) tell.failed(error);
    else if (signal.aborted) tell.failed(cancelled());
    else throw error;
    return EXIT_FAILED;
  } finally {
    for (const name of ["SIGINT", "SIGTERM"] as const) process.off(name, onSignal);
  }
}

async function run(
  flags: Flags,
  tell: Teller,
  signal: AbortSignal,
  asker: Asker | undefined,
): Promise<void> {
  const all = boards();
  const dataDir = dataDirOf(flags);
  if (flags.board !== undefined) namedBoard(all, flags.board);
  if (flags.file !== undefined) requireFile("--file", flags.file);
  const wifi = await wifiOf(flags, asker);
  const port = await choosePort(flags.port, asker);
  if (asker && !flags.dryRun && !flags.settings) {
    const answer = await asker.ask(`Write to the board on ${port.path}? [y/N] `);
    if (!/^y(es)?$/i.test(answer.trim())) throw cancelled();
  }
  const options: FlashOptions = {
    what: flags.settings ? "settings" : flags.program ? "program" : "all",
    erase: flags.erase ?? false,
    dryRun: flags.dryRun ?? false,
    wifi,
    companion: flags.companion ?? {},
    ...(flags.file !== undefined && { runtimeFile: resolve(flags.file) }),
    ...(flags.sha256 !== undefined && { runtimeSha256: flags.sha256 }),
    dataDir,
  };
  await flashBoard(options, {
    port: placeOf(port),
    board: (chip, mac) => chooseBoard(all, { chip, mac }, flags.board, asker, dataDir),
    tell,
    signal,
    clock: systemClock,
  });
}

/** What the options say, or the owner. Undefined: the board's own WiFi stays. */
async function wifiOf(flags: Flags, asker: Asker | undefined): Promise<Wifi | undefined> {
  const { ssid, passwordFile } = flags;
  if (ssid === undefined) {
    if (passwordFile !== undefined) {
      throw new FlashError("FLASH_STORE", "a password without a WiFi", "name it: --ssid NAME");
    }
    if (!asker || flags.program) return undefined;
    const name = (await asker.ask("Name of the WiFi (empty: the board's own stays): ")).trim();
    if (name === "") return undefined;
    return { ssid: name, password: await asker.ask("Its password: ", true) };
  }
  if (passwordFile !== undefined) {
    requireFile("--password-file", passwordFile);
    return { ssid, password: readFileSync(passwordFile, "utf8").replace(/\r?\n$/, "") };
  }
  if (asker) return { ssid, password: await asker.ask(`Password of ${ssid}: `, true) };
  throw new FlashError(
    "FLASH_STORE",
    `no password for ${ssid}`,
    "--password-file FILE (an empty file for an open network); passwords are not taken from the command line, where others see them",
  );
}

function hostPort(text: string): { host: string; port?: number } {
  const match = /^(\[[0-9a-f:]+\]|[0-9A-Za-z._-]{1,253})(?::(\d{1,5}))?$/i.exec(text);
  const port = match?.[2] === undefined ? undefined : Number(match[2]);
  if (!match?.[1] || port === 0 || (port ?? 1) > 65_535) {
    throw new InvalidArgumentError("expected HOST or HOST:PORT.");
  }
  return { host: match[1].replace(/^\[|\]$/g, ""), ...(port !== undefined && { port }) };
}

function sha256(text: string): string {
  if (/^[0-9a-f]{64}$/i.test(text)) return text;
  throw new InvalidArgumentError("expected 64 hex digits.");
}
