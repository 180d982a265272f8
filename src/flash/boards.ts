/** Our boards: which images there are, for which chip, and the configuration that the runtime gets. */
import { execFile } from "node:child_process";
import {
  copyFileSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";
import { promisify } from "node:util";
import { z } from "zod";
import { packageRoot } from "../host/package-root.js";
import { reasonOf } from "../host/reason.js";
import { CHIP_NAMES, type ChipName } from "../simulator/vm/chips.js";
import { cliPath } from "../simulator/vm/paths.js";
import { FlashError } from "../usb/flash-error.js";
import { BOARD_CONFIG } from "./layout.js";

const COMPILE_MS_MAX = 60_000;
const BUILD_MS_MAX = 300_000;

const boardSchema = z.object({
  devName: z.string(),
  archId: z.enum(CHIP_NAMES),
  $description: z.string().optional(),
});

export interface Board {
  /** Name of the image, which `--board` takes: `buddy_s3_pca9685`. */
  readonly id: string;
  readonly title: string;
  readonly chip: ChipName;
  /** Its definition (pins). */
  readonly definition: string;
}

/** All of them, by name. @throws FlashError `FLASH_FILE` when the tree has none. */
export function boards(root = packageRoot()): Board[] {
  const ending = ".board.json";
  const definitions = readdirSync(join(root, "boards"))
    .filter((file) => file.endsWith(ending))
    .map((file) => file.slice(0, -ending.length));
  const images = readdirSync(join(root, "devs", "boards"))
    .filter((file) => file.endsWith(".ts"))
    .map((file) => file.slice(0, -3))
    .sort();
  return images.flatMap((id) => {
    // `buddy_s3_pca9685` is the image of a board `buddy_s3` with something more on it.
    const name = definitions
      .filter((one) => id === one || id.startsWith(`${one}_`))
      .sort()
      .at(-1);
    if (name === undefined) return [];
    const definition = join(root, "boards", `${name}${ending}`);
    const { devName, archId } = boardSchema.parse(JSON.parse(readFileSync(definition, "utf8")));
    const title = id === name ? devName : `${devName}, ${id.slice(name.length + 1)}`;
    return [{ id, title, chip: archId, definition }];
  });
}

/**
 * The firmware of a board, as its sources are now: a set-up builds the simulator's only, and an image that was built before may be
 * an old one. What is up to date is not built again. @throws FlashError `FLASH_FILE`.
 */
export async function programOf({ id }: Board, root = packageRoot()): Promise<Buffer> {
  const file = join(root, "dist", "firmware", `${id}.devs`);
  try {
    const args = [join(root, "scripts", "build-firmware.mjs"), id];
    await promisify(execFile)(process.execPath, args, { cwd: root, timeout: BUILD_MS_MAX });
    return readFileSync(file);
  } catch (error) {
    throw new FlashError(
      "FLASH_FILE",
      `${file} could not be built: ${reasonOf(error).split("\n")[0]}`,
      "run `npm run firmware` and read what it says",
      { cause: error },
    );
  }
}

/**
 * The board's configuration as the runtime reads it, made by DeviceScript's own tool (`devs dcfg`).
 * @throws FlashError `FLASH_FILE` with what the tool said.
 */
export async function boardConfig({ definition, chip }: Board): Promise<Buffer> {
  const folder = mkdtempSync(join(tmpdir(), "buddy-dcfg-"));
  try {
    const json = join(folder, basename(definition));
    const out = join(folder, "config.bin");
    copyFileSync(definition, json);
    // The tool looks for the chip's definition beside the board's. Which pins may do what was checked when the image was built.
    const address = `0x${BOARD_CONFIG.address.toString(16)}`;
    writeFileSync(
      join(folder, "arch.json"),
      JSON.stringify({ id: chip, name: chip, dcfgOffset: address, pins: { io: "0-48" } }),
    );
    const args = [cliPath(), "--quiet", "dcfg", json, "--output", out];
    await promisify(execFile)(process.execPath, args, {
      cwd: folder,
      timeout: COMPILE_MS_MAX,
      env: { ...process.env, CI: "1", NO_UPDATE_NOTIFIER: "1" },
    });
    return readFileSync(out);
  } catch (error) {
    throw new FlashError(
      "FLASH_FILE",
      `${definition}: ${reasonOf(error)}`,
      "see that `npm ci` went through and that the definition is as docs/BOARDS.md says",
      { cause: error },
    );
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
