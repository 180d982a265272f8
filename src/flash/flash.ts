/**
 * Makes a robot of a board: runtime, our configuration, program, WiFi, companion's address and key, then its first answer.
 * Everything that can be refused is refused before a byte is written, and a run that was cut is made good by a second one.
 */
import { existsSync } from "node:fs";
import { join } from "node:path";
import { standInRuntime } from "./stand-in.js";
import { CHIPS } from "../simulator/vm/chips.js";
import type { Clock } from "../time/clock.js";
import { BoardLoader, type Piece } from "./board-loader.js";
import { BoardLog } from "./board-log.js";
import { boardConfig, programOf, type Board } from "./boards.js";
import { awaitHello, findCompanion, listen, type Companion, type Listener } from "./companion.js";
import { FlashError } from "../usb/flash-error.js";
import { BOOT_ADDRESS, deviceIdOfMac, SIMULATED_MAC, STORE } from "./layout.js";
import { findRuntime, forChip, withBoardConfig } from "./runtime.js";
import type { BoardPlace } from "../usb/board-port.js";
import { checkWifi, withSettings, type Wifi } from "./settings.js";
import { readStore, sectorsToWrite, writeStore, type Store } from "./store.js";
import { percentSteps, type Teller } from "./tell.js";
import { createHash } from "node:crypto";

export interface FlashOptions {
  /** Everything, only WiFi, address and key, or only the program. */
  readonly what: "all" | "settings" | "program";
  /** First erases the whole chip; nothing that the robot knows is kept. */
  readonly erase: boolean;
  /** Looks at the board and says what would be done. */
  readonly dryRun: boolean;
  readonly wifi: Wifi | undefined;
  /** Where the robot dials; by default this machine. */
  readonly companion: { readonly host?: string; readonly port?: number };
  readonly runtimeFile?: string;
  readonly runtimeSha256?: string;
  readonly dataDir: string;
}

export interface FlashDeps {
  readonly port: BoardPlace;
  /** Which board it is, for the chip that was found; asks the owner where it must. @throws FlashError. */
  board(chip: BoardLoader["chip"], mac: string): Promise<Board>;
  readonly tell: Teller;
  readonly signal: AbortSignal;
  readonly clock: Clock;
}

/** What has been found out and will be written. */
interface Plan {
  readonly board: Board;
  readonly companion: Companion;
  readonly image: Buffer | undefined;
  readonly program: Buffer | undefined;
}

/** @throws FlashError; the board is then in its boot loader, or as it was. */
export async function flashBoard(options: FlashOptions, deps: FlashDeps): Promise<void> {
  const { tell, signal, clock, port } = deps;
  if (options.wifi) checkWifi(options.wifi);
  tell.step("connect", `calling the boot loader on ${port.path}`);
  const loader = await BoardLoader.connect(port, signal, clock);
  let listener: Listener | undefined;
  try {
    const plan = await writeBoard(options, deps, loader, async (companion) => {
      if (!options.dryRun) listener = await listen(companion, clock);
    });
    await loader.close();
    await greet(options, deps, loader, plan, listener);
  } finally {
    await loader.close();
    await listener?.close();
  }
}

/** @param ready called before anything is written. @returns what was found out. */
async function writeBoard(
  options: FlashOptions,
  deps: FlashDeps,
  loader: BoardLoader,
  ready: (companion: Companion) => Promise<void>,
): Promise<Plan> {
  const { tell } = deps;
  const { chip, mac } = loader;
  tell.step("chip", `${CHIPS[chip].title}, MAC ${mac}`);
  const plan = await prepare(options, deps, loader, await deps.board(chip, mac));
  await ready(plan.companion);
  if (options.dryRun) tell.step("dry-run", "nothing is written");
  else await write(options, deps, loader, plan);
  tell.step("reset", "starting the board");
  await loader.leave();
  return plan;
}

async function greet(
  { dryRun }: FlashOptions,
  { tell, signal, clock, port }: FlashDeps,
  { chip, mac }: BoardLoader,
  { board, companion }: Plan,
  listener: Listener | undefined,
): Promise<void> {
  const deviceId = deviceIdOfMac(mac);
  const result = { board: board.id, chip, mac, deviceId };
  if (dryRun || !listener) {
    return tell.done({ ...result, dryRun }, "that is all; nothing was written");
  }
  const address = `${companion.address.host}:${companion.address.port}`;
  tell.step("hello", `waiting for the robot at ${address}`);
  const log = new BoardLog(port, clock);
  try {
    const { reply, ms } = await awaitHello(listener, log, deviceId, signal, clock);
    const answer = { companion: address, helloMs: ms, reply };
    tell.done({ ...result, ...answer }, "the robot says hello and has answered");
  } finally {
    log.close();
  }
}

async function prepare(
  options: FlashOptions,
  { tell }: FlashDeps,
  { chip, mac }: BoardLoader,
  board: Board,
): Promise<Plan> {
  if (board.chip !== chip) {
    throw new FlashError(
      "FLASH_CHIP",
      `${board.id} is for the ${CHIPS[board.chip].title}, the board has an ${CHIPS[chip].title}`,
      "choose a board with that chip: `buddy flash --help` lists them",
    );
  }
  const isSimulated = mac.startsWith(SIMULATED_MAC);
  const { dataDir } = options;
  const companion = findCompanion({ ...options.companion, dataDir, isSimulated });
  const { host, port } = companion.address;
  tell.step("board", `${board.id}; the robot will dial ${host}:${port}`);
  if (options.what === "settings")
    return { board, companion, image: undefined, program: undefined };
  // First what may be refused: to build a program takes a minute.
  const image =
    options.what === "program" ? undefined : await runtimeImage(options, isSimulated, board, tell);
  tell.step("program", "taking the program; one that is not built yet takes a minute");
  const program = await programOf(board);
  return { board, companion, image, program };
}

async function runtimeImage(
  { runtimeFile, runtimeSha256, dataDir }: FlashOptions,
  isSimulated: boolean,
  board: Board,
  tell: Teller,
): Promise<Buffer> {
  const { chip } = board;
  // No machine code runs on a simulated chip; a file of the owner's is looked at all the same.
  const isStandIn = isSimulated && runtimeFile === undefined;
  const found = isStandIn
    ? forChip(standInRuntime(chip), chip, "the stand-in")
    : await findRuntime({
        chip,
        ...(runtimeFile !== undefined && { file: runtimeFile }),
        ...(runtimeSha256 !== undefined && { sha256: runtimeSha256 }),
        cacheDir: join(dataDir, "runtime"),
      });
  const name = isStandIn ? "a stand-in for it, since the chip is simulated" : "checked";
  tell.step("runtime", `runtime of ${Math.round(found.length / 1024)} KB: ${name}`);
  return withBoardConfig(found, chip, await boardConfig(board));
}

async function write(
  options: FlashOptions,
  { tell }: FlashDeps,
  loader: BoardLoader,
  { companion, image, program }: Plan,
): Promise<void> {
  if (options.erase) {
    tell.step("erase", "erasing the whole chip");
    await loader.erase();
  }
  // Read first: what the robot knows is safe here before anything is touched.
  const there = await readBoardStore(loader, tell);
  const store = there && readStore(there);
  if (options.what !== "all" && (!there || !store)) throw noStore();
  if (options.what === "all" && !options.wifi && !store?.entries.has("wifi_ssid")) throw noWifi();
  if (options.what === "settings" && !store?.program) throw noStore();
  if (image) await writeRuntime(loader, image, tell);
  await replaceStore(options, loader, tell, { companion, program, there, store });
}

/** What the board's store gets, and what is there now. */
interface StoreChange {
  readonly companion: Companion;
  readonly program: Buffer | undefined;
  /** Undefined: blank. */
  readonly there: Buffer | undefined;
  /** Undefined: nothing that can be read. */
  readonly store: Store | undefined;
}

async function replaceStore(
  { what, wifi }: FlashOptions,
  loader: BoardLoader,
  tell: Teller,
  { companion, program, there, store }: StoreChange,
): Promise<void> {
  const kept = store?.entries ?? new Map<string, Buffer>();
  const entries = what === "program" ? kept : withSettings(kept, wifi, companion);
  const over = there && store && { bytes: there, store };
  const bytes = writeStore(entries, program, over);
  const before = there ?? Buffer.alloc(STORE.bytes, 0xff);
  const pieces = sectorsToWrite(bytes, before);
  const size = pieces.reduce((sum, piece) => sum + piece.bytes.length, 0);
  const names = what === "program" ? "program" : "WiFi, companion and key";
  const text = `${program && what === "all" ? "program, " : ""}${names}: ${size / 1024} KB`;
  const progress = percentSteps((share) => tell.step("store", text, share));
  let done = 0;
  for (const piece of pieces) {
    const address = STORE.address + piece.at;
    await loader.write({ address, bytes: piece.bytes }, (share) =>
      progress((done + share * piece.bytes.length) / size),
    );
    done += piece.bytes.length;
  }
  const md5 = createHash("md5").update(bytes).digest("hex");
  if ((await loader.md5(STORE.address, STORE.bytes)) !== md5) {
    throw new FlashError(
      "FLASH_VERIFY",
      "the store in the flash is not what was meant",
      "try again",
    );
  }
  tell.step("verify", "all that was written reads back as it was meant (MD5)");
}

/** Undefined: blank, which is not worth reading. */
async function readBoardStore(loader: BoardLoader, tell: Teller): Promise<Buffer | undefined> {
  const blank = createHash("md5").update(Buffer.alloc(STORE.bytes, 0xff)).digest("hex");
  if ((await loader.md5(STORE.address, STORE.bytes)) === blank) return undefined;
  const progress = percentSteps((share) =>
    tell.step("read", "reading what the board knows", share),
  );
  return loader.read(STORE.address, STORE.bytes, progress);
}

async function writeRuntime(loader: BoardLoader, image: Buffer, tell: Teller): Promise<void> {
  const piece: Piece = { address: BOOT_ADDRESS[loader.chip], bytes: image };
  const md5 = createHash("md5").update(image).digest("hex");
  if ((await loader.md5(piece.address, image.length)) === md5) {
    return tell.step("write-runtime", "the runtime is there already");
  }
  const progress = percentSteps((share) => tell.step("write-runtime", "runtime", share));
  await loader.write(piece, progress);
}

function noStore(): FlashError {
  return new FlashError(
    "FLASH_STORE",
    "there is no Buddy on this board whose settings could be kept",
    "flash all of it: the same command without --settings and --program",
  );
}

function noWifi(): FlashError {
  return new FlashError(
    "FLASH_STORE",
    "the board knows no WiFi yet",
    "name yours: --ssid NAME --password-file FILE",
  );
}

/** Whether a file that an option names is there. @throws FlashError `FLASH_FILE`. */
export function requireFile(option: string, path: string): void {
  if (existsSync(path)) return;
  throw new FlashError("FLASH_FILE", `${option}: ${path} is not there`, "see its name and folder");
}
