/** `buddy doctor --board`: what is on the port, in lines; kept for the page. */
import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { readSecret } from "../datadir/running.js";
import { boards } from "../flash/boards.js";
import { choosePort } from "../flash/choices.js";
import { packageRoot } from "../host/package-root.js";
import { reasonOf } from "../host/reason.js";
import { CHIPS } from "../simulator/vm/chips.js";
import { systemClock } from "../time/clock.js";
import { lookAtBoard, type BoardLook } from "../usb/board-look.js";
import { speedWords, writeBoardRecord, type BoardRecord } from "../usb/board-record.js";
import { FlashError } from "../usb/flash-error.js";
import { line, lineText, type Line } from "./line.js";

/** @returns the exit code: 0 nothing to mend, 1 something is. */
export async function doctorBoard(
  port: string | undefined,
  dataDir: string,
  asJson: boolean,
): Promise<number> {
  let board: BoardLook | undefined;
  let lines: Line[];
  try {
    const { path } = await choosePort(port, undefined);
    board = await lookAtBoard(path, ownKey(dataDir), systemClock);
    const record = recordOf(board, systemClock.wallMs());
    lines = boardLines(board, record);
    const kept = await keep(dataDir, record);
    if (kept) lines.push(kept);
  } catch (error) {
    if (!(error instanceof FlashError)) throw error;
    lines = [line("board", "Board", "mend", `${error.message}.`, remedyOf(error))];
  }
  const isFine = lines.every(({ state }) => state !== "mend");
  if (asJson) process.stdout.write(`${JSON.stringify({ ok: isFine, lines, board })}\n`);
  else process.stdout.write(`${lines.map(lineText).join("\n")}\n`);
  return isFine ? 0 : 1;
}

/** What is known of the program's image and of its chip, from the images of this tree. */
export function recordOf(board: BoardLook, nowMs: number, root = packageRoot()): BoardRecord {
  const found = boards(root).find(({ id }) => {
    const file = join(root, "dist", "firmware", `${id}.devs`);
    if (!existsSync(file)) return false;
    const sha256 = createHash("sha256").update(readFileSync(file)).digest("hex");
    return sha256 === board.program.sha256;
  });
  const chip = found && CHIPS[found.chip];
  return {
    atMs: nowMs,
    deviceId: board.deviceId,
    ...(found && { image: found.id }),
    ...(chip && { chip: chip.title, modelStepsPerS: chip.stepsPerS }),
    ...(board.stepsPerS !== undefined && { stepsPerS: board.stepsPerS }),
  };
}

export function boardLines(board: BoardLook, record: BoardRecord): Line[] {
  const { runtime, program, heapFreeBytes, log } = board;
  const lines = [
    line("board", "Board", "ok", `${board.deviceId} on ${board.path}.`),
    runtime === undefined
      ? line("runtime", "Runtime", "note", "It does not tell its version.")
      : line("runtime", "Runtime", "ok", `DeviceScript ${runtime}.`),
    programLine(program, record),
    settingsLine(board.settings),
    wifiLine(board.wifi),
    heapFreeBytes === undefined
      ? line("heap", "Free heap", "note", "The runtime has not told it: it does at each scan.")
      : line("heap", "Free heap", "ok", `${heapFreeBytes} bytes of the runtime's own.`),
    speedLine(record),
  ];
  const last = log.at(-1);
  lines.push(line("log", "Log", "ok", last === undefined ? "Nothing was said." : `Last: ${last}`));
  return lines;
}

function programLine({ bytes, isRunning }: BoardLook["program"], { image }: BoardRecord): Line {
  const [id, title] = ["program", "Program"];
  const flash = "`buddy flash --program`";
  if (bytes === undefined || bytes === 0) return line(id, title, "mend", "There is none.", flash);
  const what = `${image ?? "none of this tree's images"}, ${bytes} bytes`;
  if (isRunning === false) {
    return line(id, title, "mend", `${what}; it does not run.`, "press reset, and see its log");
  }
  const state = image === undefined ? "note" : "ok";
  return line(id, title, state, `${what}.`, image === undefined ? flash : "");
}

function settingsLine(settings: BoardLook["settings"]): Line {
  const [id, title] = ["settings", "Settings"];
  if (!settings) return line(id, title, "note", "It does not tell them.");
  const { dials, key } = settings;
  const next = "`buddy flash --settings`";
  if (dials === undefined) return line(id, title, "mend", "It knows no companion.", next);
  if (key === "none") return line(id, title, "mend", "It has no link key.", next);
  if (key === "another") {
    const text = `It dials ${dials}, with another key than this data directory's.`;
    return line(id, title, "mend", text, `${next}, or name its Buddy's directory with --data`);
  }
  return line(id, title, "ok", `It dials ${dials}, with this data directory's key.`);
}

/** Undefined when there is none yet, or none that can be read. */
function ownKey(dataDir: string): string | undefined {
  try {
    return readSecret(dataDir, "link.key");
  } catch {
    return undefined; // `buddy doctor` says why.
  }
}

function wifiLine(wifi: BoardLook["wifi"]): Line {
  const [id, title] = ["wifi", "WiFi"];
  if (!wifi) return line(id, title, "note", "It does not tell of its WiFi.");
  if (wifi.address !== "") {
    return line(id, title, "ok", `On ${wifi.ssid}: ${wifi.address}, ${wifi.rssi} dB.`);
  }
  const next = "see its log for why; `buddy flash --settings --ssid NAME` names another";
  return line(id, title, "mend", "It is on no network.", next);
}

function speedLine(record: BoardRecord): Line {
  const [id, title] = ["speed", "Speed"];
  const words = speedWords(record);
  if (words !== "") return line(id, title, "ok", words);
  return line(id, title, "note", "Not measured: its program has no known loop, or was too quick.");
}

/** @returns a line when it could not be kept. */
async function keep(dataDir: string, record: BoardRecord): Promise<Line | undefined> {
  try {
    mkdirSync(dataDir, { recursive: true, mode: 0o700 });
    await writeBoardRecord(dataDir, record);
    return undefined;
  } catch (error) {
    const text = `What was found could not be kept: ${reasonOf(error)}.`;
    return line("kept", "Kept", "note", text, `see who may write in ${dataDir}`);
  }
}

function remedyOf({ code, next }: FlashError): string {
  if (code !== "FLASH_PORT_TAKEN") return next;
  return `${next}; a Buddy that was started with --robot auto or with this port has it, too: stop it`;
}
