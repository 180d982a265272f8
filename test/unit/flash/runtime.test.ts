import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";
import { standInRuntime } from "../../../src/flash/stand-in.js";
import { FlashError } from "../../../src/usb/flash-error.js";
import { BOARD_CONFIG, BOOT_ADDRESS, chipOfImage } from "../../../src/flash/layout.js";
import { findRuntime, withBoardConfig, type RuntimeDeps } from "../../../src/flash/runtime.js";
import { RUNTIME_FILES } from "../../../src/flash/runtime-release.js";
import { CHIP_NAMES } from "../../../src/simulator/vm/chips.js";

const folder = mkdtempSync(join(tmpdir(), "buddy-runtime-"));
after(() => rmSync(folder, { recursive: true, force: true }));

const image = standInRuntime("esp32s3");
const digest = createHash("sha256").update(image).digest("hex");
const file = join(folder, "runtime.bin");
writeFileSync(file, image);

function deps(sha256: string | undefined, bytes = image): RuntimeDeps & { asked: string[] } {
  const asked: string[] = [];
  const files = { ...RUNTIME_FILES, esp32s3: { name: "runtime-0x0.bin", sha256 } };
  const download = (url: string): Promise<Buffer> => {
    asked.push(url);
    return Promise.resolve(bytes);
  };
  return { files, download, asked };
}

const wish = { chip: "esp32s3", cacheDir: join(folder, "cache") } as const;
const ends = (code: string) => (error: unknown) => {
  assert.ok(error instanceof FlashError);
  assert.equal(error.code, code);
  assert.ok(error.next.length > 10);
  return true;
};

test("F2: a runtime is downloaded once, checked, and taken from the cache then", async () => {
  const world = deps(digest);
  assert.ok((await findRuntime(wish, world)).equals(image));
  assert.ok((await findRuntime(wish, world)).equals(image));
  assert.equal(world.asked.length, 1);
});

test("F2: a download of another hash is refused and not kept", async () => {
  const world = deps("1".repeat(64));
  await assert.rejects(findRuntime(wish, world), ends("FLASH_HASH"));
  await assert.rejects(findRuntime(wish, world), ends("FLASH_HASH"));
  assert.equal(world.asked.length, 2, "nothing bad is in the cache");
});

test("F2: a release whose hash nobody has seen is not downloaded", async () => {
  const world = deps(undefined);
  await assert.rejects(findRuntime(wish, world), ends("FLASH_HASH"));
  assert.deepEqual(world.asked, []);
});

test("F2: a file of the owner's needs the hash of the table or his own word", async () => {
  assert.ok((await findRuntime({ ...wish, file }, deps(digest))).equals(image));
  const sha256 = digest.toUpperCase();
  assert.ok((await findRuntime({ ...wish, file, sha256 }, deps(undefined))).equals(image));
  await assert.rejects(findRuntime({ ...wish, file }, deps(undefined)), (error: FlashError) => {
    assert.ok(error.next.includes(digest), "the remedy names the hash that was found");
    return ends("FLASH_HASH")(error);
  });
  await assert.rejects(findRuntime({ ...wish, file, sha256: "2".repeat(64) }), ends("FLASH_HASH"));
  await assert.rejects(findRuntime({ ...wish, file: join(folder, "no") }), ends("FLASH_FILE"));
});

test("F2: the image of another chip is refused", async () => {
  const world = {
    ...deps(digest),
    files: { ...RUNTIME_FILES, esp32c3: { name: "x", sha256: digest } },
  };
  await assert.rejects(findRuntime({ ...wish, chip: "esp32c3", file }, world), ends("FLASH_CHIP"));
});

test("F1: every chip's stand-in is an image of that chip with a place for the board's configuration", () => {
  for (const chip of CHIP_NAMES) {
    const one = standInRuntime(chip);
    assert.equal(chipOfImage(one), chip);
    const config = Buffer.from("444346470a9bb4ca2000000000000000", "hex");
    const at = BOARD_CONFIG.address - BOOT_ADDRESS[chip];
    const done = withBoardConfig(one, chip, config);
    assert.ok(done.subarray(at, at + config.length).equals(config));
    // A shorter one must leave nothing of the longer behind.
    const longer = Buffer.alloc(64, 9);
    config.copy(longer, 0);
    longer.writeUInt32LE(64, 8);
    const again = withBoardConfig(withBoardConfig(one, chip, longer), chip, config);
    assert.ok(again.subarray(at + config.length, at + 64).every((byte) => byte === 0));
  }
});

test("F2: something else where the configuration goes is refused", () => {
  const other = Buffer.from(image);
  other[BOARD_CONFIG.address] = 1;
  assert.throws(() => withBoardConfig(other, "esp32s3", Buffer.alloc(16)), ends("FLASH_FILE"));
});
