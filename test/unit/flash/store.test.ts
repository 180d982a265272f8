import assert from "node:assert/strict";
import { test } from "node:test";
import { SECTOR_BYTES, STORE } from "../../../src/flash/layout.js";
import { FlashError } from "../../../src/usb/flash-error.js";
import { readStore, sectorsToWrite, writeStore } from "../../../src/flash/store.js";

const program = Buffer.from(Array.from({ length: 9000 }, (_, i) => i % 251));
const entries = new Map([
  ["wifi_ssid", Buffer.from("home\0")],
  [":link_port", Buffer.from("7420")],
]);
const blank = Buffer.alloc(STORE.bytes, 0xff);

function changed(): { before: Buffer; after: Buffer } {
  const before = writeStore(entries, program);
  const store = readStore(before);
  assert.ok(store);
  const other = new Map(entries).set("wifi_ssid", Buffer.from("office\0"));
  return { before, after: writeStore(other, undefined, { bytes: before, store }) };
}

test("F2: a store reads back as it was written", () => {
  const store = readStore(writeStore(entries, program));
  assert.deepEqual(store?.entries, entries);
  assert.ok(store.program?.equals(program));
  assert.equal(store.generation, 1);
});

test("F2: blank flash and garbage are no store", () => {
  assert.equal(readStore(blank), undefined);
  assert.equal(readStore(Buffer.alloc(STORE.bytes, 0x37)), undefined);
  assert.throws(() => readStore(Buffer.alloc(10)), RangeError);
});

test("F2: a change writes the other copy, with a greater generation, and keeps program and the rest", () => {
  const { after } = changed();
  const store = readStore(after);
  assert.equal(store?.generation, 2);
  assert.equal(store.copy, 1);
  assert.equal(store.entries.get("wifi_ssid")?.toString(), "office\0");
  assert.equal(store.entries.get(":link_port")?.toString(), "7420");
  assert.ok(store.program?.equals(program));
});

test("A5: a change that is cut behind any sector leaves the old settings or the new ones", () => {
  const { before, after } = changed();
  const pieces = sectorsToWrite(after, before).flatMap(({ at, bytes }) =>
    Array.from({ length: bytes.length / SECTOR_BYTES }, (_, i) => ({
      at: at + i * SECTOR_BYTES,
      bytes: bytes.subarray(i * SECTOR_BYTES, (i + 1) * SECTOR_BYTES),
    })),
  );
  assert.equal(pieces.length, 2, "the end of the copy, then its head");
  const flash = Buffer.from(before);
  const seen = pieces.map(({ at, bytes }) => {
    flash.fill(0xff, at, at + bytes.length);
    const erased = readStore(flash)?.entries.get("wifi_ssid")?.toString();
    bytes.copy(flash, at);
    return [erased, readStore(flash)?.entries.get("wifi_ssid")?.toString()];
  });
  assert.deepEqual(seen, [
    ["home\0", "home\0"],
    ["home\0", "office\0"],
  ]);
  assert.ok(flash.equals(after));
});

test("A5: a copy whose entries were torn is passed over, which the runtime does not do", () => {
  const { after } = changed();
  const torn = Buffer.from(after);
  // Something stands between entries and values of the newer copy.
  torn[STORE.bytes / 16 + 600] = 0;
  assert.equal(readStore(torn)?.entries.get("wifi_ssid")?.toString(), "home\0");
});

test("F2: a damaged program is told from a whole one", () => {
  const bytes = writeStore(entries, program);
  const at = 2 * (STORE.bytes / 16) + 128 + 50;
  bytes[at] = (bytes[at] ?? 0) ^ 1;
  assert.equal(readStore(bytes)?.program, undefined);
});

test("F2: the last value of a name counts, and one without bytes is deleted", () => {
  const bytes = writeStore(new Map([...entries, [":gone", Buffer.alloc(0)]]), program);
  assert.equal(readStore(bytes)?.entries.has(":gone"), false);
});

test("F2: what does not fit is refused in words", () => {
  const isStore = (error: unknown): boolean =>
    error instanceof FlashError && error.code === "FLASH_STORE";
  assert.throws(() => writeStore(entries, Buffer.alloc(300_000)), isStore);
  assert.throws(
    () => writeStore(new Map([["a_name_that_is_too_long", Buffer.from("1")]]), program),
    isStore,
  );
  const many = new Map(Array.from({ length: 90 }, (_, i) => [`:k${i}`, Buffer.alloc(200, 1)]));
  assert.throws(() => writeStore(many, program), isStore);
});
