/** What `buddy flash` asks the owner, and remembers: port, board, WiFi. Nothing is asked where nobody can answer. */
import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { createInterface } from "node:readline/promises";
import { z } from "zod";
import { fileFault } from "../host/file-fault.js";
import { CHIPS, type ChipName } from "../simulator/vm/chips.js";
import type { Board } from "./boards.js";
import { FlashError } from "../usb/flash-error.js";
import { findBoards, portText, type PortInfo } from "../usb/serial-port.js";

const rememberedSchema = z.record(z.string(), z.string());

export interface Asker {
  /** The owner's line. @throws FlashError `FLASH_CANCELLED` when there is none. */
  ask(question: string, isSecret?: boolean): Promise<string>;
}

/** @returns undefined where nobody sits at a terminal. */
export function terminalAsker(signal: AbortSignal): Asker | undefined {
  if (!process.stdin.isTTY || !process.stdout.isTTY) return undefined;
  return {
    async ask(question, isSecret = false) {
      const lines = createInterface({ input: process.stdin, output: process.stdout });
      // What is typed after the question of a secret is not shown.
      if (isSecret) muteAfter(lines, question);
      try {
        return await lines.question(question, { signal });
      } finally {
        lines.close();
        if (isSecret) process.stdout.write("\n");
      }
    },
  };
}

/** The port of `--port`, the only board that there is, or the owner's choice. */
export async function choosePort(
  wanted: string | undefined,
  asker: Asker | undefined,
): Promise<PortInfo> {
  const found = await findBoards();
  if (wanted !== undefined) return found.find(({ path }) => path === wanted) ?? { path: wanted };
  const [first] = found;
  if (first === undefined) {
    throw new FlashError(
      "FLASH_PORT",
      "no port with a board",
      "plug the board in with a cable that has data lines, or name its port: --port PATH",
    );
  }
  if (found.length === 1) return first;
  return choose("Which port?", found, portText, asker, "--port PATH");
}

/** The board of `--board`, the one of last time, the only one for this chip, or the owner's choice. */
export async function chooseBoard(
  all: readonly Board[],
  { chip, mac }: { chip: ChipName; mac: string },
  wanted: string | undefined,
  asker: Asker | undefined,
  dataDir: string,
): Promise<Board> {
  const board = await chosen(all, chip, wanted ?? remembered(dataDir)[mac], asker);
  // One for another chip is refused by whoever writes it; it must not be taken again.
  if (board.chip === chip) remember(dataDir, mac, board.id);
  return board;
}

async function chosen(
  all: readonly Board[],
  chip: ChipName,
  wanted: string | undefined,
  asker: Asker | undefined,
): Promise<Board> {
  if (wanted !== undefined) return namedBoard(all, wanted);
  const fitting = all.filter((board) => board.chip === chip);
  const [first] = fitting;
  if (first === undefined) {
    throw new FlashError(
      "FLASH_CHIP",
      `no board of ours has an ${CHIPS[chip].title}`,
      'see "Another board" in docs/BOARDS.md',
    );
  }
  if (fitting.length === 1) return first;
  return choose(
    "Which board?",
    fitting,
    ({ id, title }) => `${id} (${title})`,
    asker,
    "--board ID",
  );
}

/** @throws FlashError `FLASH_FILE` with what there is. */
export function namedBoard(all: readonly Board[], id: string): Board {
  const found = all.find((board) => board.id === id);
  if (found) return found;
  const known = all.map((board) => board.id).join(", ");
  throw new FlashError("FLASH_FILE", `no board is named ${id}`, `take one of ${known}`);
}

async function choose<T>(
  question: string,
  list: readonly T[],
  text: (one: T) => string,
  asker: Asker | undefined,
  option: string,
): Promise<T> {
  if (!asker) {
    const known = list.map(text).join(", ");
    throw new FlashError("FLASH_PORT", `there are several: ${known}`, `say which: ${option}`);
  }
  const lines = list.map((one, i) => `  ${i + 1}  ${text(one)}`).join("\n");
  for (;;) {
    const answer = await asker.ask(`${question}\n${lines}\n1 to ${list.length}: `);
    const one = list[Number(answer) - 1];
    if (one !== undefined) return one;
  }
}

function remembered(dataDir: string): Record<string, string> {
  const path = boardsPath(dataDir);
  if (!existsSync(path) || fileFault(path) !== undefined) return {};
  try {
    return rememberedSchema.parse(JSON.parse(readFileSync(path, "utf8")));
  } catch {
    return {}; // It only saves a question.
  }
}

function remember(dataDir: string, mac: string, board: string): void {
  const path = boardsPath(dataDir);
  mkdirSync(dataDir, { recursive: true, mode: 0o700 });
  const boards = { ...remembered(dataDir), [mac]: board };
  writeFileSync(`${path}.new`, `${JSON.stringify(boards)}\n`, { mode: 0o600 });
  renameSync(`${path}.new`, path);
}

function boardsPath(dataDir: string): string {
  return join(dataDir, "boards.json");
}

function muteAfter(lines: object, question: string): void {
  const inner = lines as { _writeToOutput?: (text: string) => void };
  inner._writeToOutput = (text) => {
    if (text.includes(question.trimEnd())) process.stdout.write(question);
  };
}
