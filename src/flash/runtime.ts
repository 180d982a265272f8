/**
 * The runtime's image for a board: found (the owner's file, the cache, the release), checked against its SHA-256 and its chip
 * before a byte is written, and given our board's configuration.
 */
import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { reasonOf } from "../host/reason.js";
import { CHIPS, type ChipName } from "../simulator/vm/chips.js";
import { FlashError } from "../usb/flash-error.js";
import { BOARD_CONFIG, BOOT_ADDRESS, chipOfImage, SECTOR_BYTES, STORE } from "./layout.js";
import { RUNTIME_FILES, RUNTIME_SOURCE, type RuntimeFile } from "./runtime-release.js";

const DOWNLOAD_MS_MAX = 120_000;
/** A configuration's head: two magics and its length in all. */
const CONFIG_MAGIC = Buffer.from("444346470a9bb4ca", "hex");
const CONFIG_LENGTH_AT = 8;

export interface RuntimeWish {
  readonly chip: ChipName;
  /** A file of the owner's. */
  readonly file?: string;
  /** The SHA-256 that it must have, where the table has none. */
  readonly sha256?: string;
  /** Where downloads are kept. */
  readonly cacheDir: string;
}

/** What it needs of the world, for tests. */
export interface RuntimeDeps {
  readonly files: Readonly<Record<ChipName, RuntimeFile>>;
  download(url: string): Promise<Buffer>;
}

export const runtimeDeps: RuntimeDeps = {
  files: RUNTIME_FILES,
  async download(url) {
    const answer = await fetch(url, { signal: AbortSignal.timeout(DOWNLOAD_MS_MAX) });
    if (!answer.ok) throw new Error(`the server answers ${answer.status}`);
    return Buffer.from(await answer.arrayBuffer());
  },
};

/** @throws FlashError `FLASH_FILE`, `FLASH_HASH` or `FLASH_CHIP`; nothing has been written then. */
export async function findRuntime(wish: RuntimeWish, deps = runtimeDeps): Promise<Buffer> {
  const known = deps.files[wish.chip];
  const image =
    wish.file === undefined
      ? await released(wish, known, deps)
      : checked(readOwn(wish.file), wish.file, known.sha256, wish.sha256);
  return forChip(image, wish.chip, wish.file ?? known.name);
}

/** The image must be one for this chip, and must end before the store. */
export function forChip(image: Buffer, chip: ChipName, name: string): Buffer {
  const found = chipOfImage(image);
  if (found !== chip) {
    const what = found === undefined ? "no image of such a chip" : `for the ${CHIPS[found].title}`;
    throw new FlashError(
      "FLASH_CHIP",
      `${name} is ${what}, the board has an ${CHIPS[chip].title}`,
      `take the file for the ${CHIPS[chip].title}: ${RUNTIME_FILES[chip].name}`,
    );
  }
  const room = STORE.address - BOOT_ADDRESS[chip];
  const least = BOARD_CONFIG.address + BOARD_CONFIG.bytes - BOOT_ADDRESS[chip];
  if (image.length < least || image.length > room) {
    throw fileError(
      `${name}: expected ${least} to ${room} bytes (boot loader, partitions and application in one), found ${image.length}`,
    );
  }
  return image;
}

/** @returns the image, filled to whole sectors, with that configuration in its place. */
export function withBoardConfig(image: Buffer, chip: ChipName, config: Buffer): Buffer {
  const at = BOARD_CONFIG.address - BOOT_ADDRESS[chip];
  const length = Math.ceil(image.length / SECTOR_BYTES) * SECTOR_BYTES;
  const out = Buffer.alloc(length, 0xff);
  image.copy(out);
  const there = out.subarray(at, at + BOARD_CONFIG.bytes);
  // The bare board's own is longer or shorter; what was behind its end must not stay.
  const isConfig = there.subarray(0, CONFIG_MAGIC.length).equals(CONFIG_MAGIC);
  const old = isConfig ? there.readUInt32LE(CONFIG_LENGTH_AT) : 0;
  const isBlank = there.every((byte) => byte === 0xff || byte === 0);
  if (config.length > BOARD_CONFIG.bytes || old > BOARD_CONFIG.bytes || (!isConfig && !isBlank)) {
    throw fileError("the runtime's image has no place for the board's configuration");
  }
  there.fill(0, 0, Math.max(old, config.length));
  config.copy(there);
  return out;
}

function readOwn(file: string): Buffer {
  try {
    return readFileSync(file);
  } catch (error) {
    throw fileError(`${file}: ${reasonOf(error)}`, error);
  }
}

function checked(
  image: Buffer,
  name: string,
  known: string | undefined,
  given: string | undefined,
): Buffer {
  const found = createHash("sha256").update(image).digest("hex");
  const wanted = given?.toLowerCase() ?? known;
  if (wanted === found) return image;
  if (wanted === undefined) {
    throw new FlashError(
      "FLASH_HASH",
      `${name}: its SHA-256 is not known, it has ${found}`,
      `if you trust this file: --sha256 ${found}`,
    );
  }
  throw new FlashError(
    "FLASH_HASH",
    `${name}: expected SHA-256 ${wanted}, found ${found}`,
    "download it again; a file that differs is not written to any board",
  );
}

async function released(
  { chip, cacheDir }: RuntimeWish,
  { name, sha256 }: RuntimeFile,
  deps: RuntimeDeps,
): Promise<Buffer> {
  const url = `${RUNTIME_SOURCE}/${name}`;
  if (sha256 === undefined) {
    throw new FlashError(
      "FLASH_HASH",
      `the SHA-256 of the ${CHIPS[chip].title}'s runtime is not in this Buddy, so it is not downloaded`,
      `download ${url} yourself and give it with --file FILE --sha256 HEX`,
    );
  }
  const cached = join(cacheDir, `${sha256.slice(0, 16)}-${name}`);
  if (existsSync(cached)) return checked(readOwn(cached), cached, sha256, undefined);
  let image: Buffer;
  try {
    image = await deps.download(url);
  } catch (error) {
    throw new FlashError(
      "FLASH_FILE",
      `${url}: ${reasonOf(error)}`,
      "see that this machine reaches GitHub, or bring the file on another way: --file FILE",
      { cause: error },
    );
  }
  checked(image, url, sha256, undefined);
  mkdirSync(dirname(cached), { recursive: true, mode: 0o700 });
  writeFileSync(`${cached}.new`, image);
  renameSync(`${cached}.new`, cached);
  return image;
}

function fileError(what: string, cause?: unknown): FlashError {
  return new FlashError(
    "FLASH_FILE",
    what,
    `take a release file as it is: ${RUNTIME_SOURCE}`,
    cause === undefined ? undefined : { cause },
  );
}
