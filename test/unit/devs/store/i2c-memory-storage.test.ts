/**
 * The driver of 24-series EEPROMs and MB85RC FRAMs against a register-level model: addressing of every chip,
 * page limits, acknowledge polling, short transfers, absence, and the journal cut at every byte of every bus
 * write.
 */
import assert from "node:assert/strict";
import { test } from "node:test";
import {
  chipNamed,
  I2cMemoryStorage,
  MEMORY_ADDRESS,
} from "../../../../devs/store/i2c-memory-storage.js";
import type { MemoryChip } from "../../../../devs/store/i2c-memory-storage.js";
import { Journal } from "../../../../devs/store/journal.js";
import { RECORDS_COUNT, StoreError } from "../../../../devs/store/storage.js";
import { I2cMemoryModel } from "../../../support/i2c-memory-model.js";

function wired(chip: MemoryChip): { model: I2cMemoryModel; storage: I2cMemoryStorage } {
  const model = new I2cMemoryModel(chip, MEMORY_ADDRESS);
  return { model, storage: new I2cMemoryStorage(model, chip, MEMORY_ADDRESS, model.sleep) };
}

function pattern(length: number, seed: number): Buffer {
  return Buffer.from(Array.from({ length }, (_, i) => (i * 7 + seed * 31) & 255));
}

const EEPROMS = ["24C16", "24C32", "24C64", "24C128", "24C256", "24C512"];
const FRAMS = ["MB85RC16", "MB85RC64", "MB85RC256", "MB85RC512"];

for (const name of [...EEPROMS, ...FRAMS]) {
  const chip = chipNamed(name)!;
  test(`${name}: every record at every length comes back, and no transfer is too long`, async () => {
    const { model, storage } = wired(chip);
    for (const length of [1, 5, 15, 16, 17, 63, 64, 65, 127, 128, 199, 200]) {
      for (let record = 0; record < RECORDS_COUNT; record++) {
        await storage.writeRecord(record, pattern(length, record));
      }
      for (let record = 0; record < RECORDS_COUNT; record++) {
        assert.deepEqual(
          await storage.readRecord(record),
          pattern(length, record),
          `record ${record}`,
        );
      }
    }
    assert.ok(model.longest <= 128, `${model.longest} bytes in one transfer`);
  });
}

test("a blank chip has no records, whether it is all ones or all zeros", async () => {
  for (const fill of [0xff, 0x00]) {
    const { model, storage } = wired(chipNamed("24C256")!);
    model.cells.fill(fill);
    assert.equal(await storage.readRecord(3), undefined);
  }
});

test("an erased record is gone, its neighbours are not", async () => {
  const { storage } = wired(chipNamed("24C16")!);
  for (let record = 0; record < 3; record++)
    await storage.writeRecord(record, pattern(200, record));
  await storage.erase(1);
  assert.equal(await storage.readRecord(1), undefined);
  assert.deepEqual(await storage.readRecord(0), pattern(200, 0));
  assert.deepEqual(await storage.readRecord(2), pattern(200, 2));
});

test("an EEPROM's write cycle is waited for by polling, a FRAM has none", async () => {
  const eeprom = wired(chipNamed("24C256")!);
  await eeprom.storage.writeRecord(0, pattern(200, 1));
  // 201 bytes touch four pages of 64: four cycles of 5 ms, and little more than that.
  assert.ok(eeprom.model.nowMs >= 20 && eeprom.model.nowMs < 70, `${eeprom.model.nowMs} ms`);
  const fram = wired(chipNamed("MB85RC256")!);
  await fram.storage.writeRecord(0, pattern(200, 1));
  assert.ok(fram.model.nowMs < 25, `${fram.model.nowMs} ms`);
});

test("a chip that is not there is found out, and its errors have names", async () => {
  const chip = chipNamed("24C256")!;
  const model = new I2cMemoryModel(chip, MEMORY_ADDRESS, false);
  const storage = new I2cMemoryStorage(model, chip, MEMORY_ADDRESS, model.sleep);
  assert.equal(await storage.probe(), false);
  const isWrite = (e: unknown) => e instanceof StoreError && e.code === "STORE_WRITE";
  const isRead = (e: unknown) => e instanceof StoreError && e.code === "STORE_READ";
  await assert.rejects(storage.writeRecord(0, pattern(10, 1)), isWrite);
  await assert.rejects(storage.readRecord(0), isRead);
  assert.equal(await wired(chip).storage.probe(), true);
});

test("a chip that stays busy is given up within its limit", async () => {
  const { model, storage } = wired(chipNamed("24C256")!);
  model.isStuck = true;
  await assert.rejects(storage.writeRecord(0, pattern(10, 1)), /stays busy/);
  assert.ok(model.nowMs < 100, `${model.nowMs} ms`);
});

test("a chip too small for two regions is refused", () => {
  const chip: MemoryChip = { name: "tiny", bytes: 256, addressBytes: 1, pageBytes: 8 };
  const model = new I2cMemoryModel(chip, MEMORY_ADDRESS);
  assert.throws(() => new I2cMemoryStorage(model, chip, MEMORY_ADDRESS, model.sleep), StoreError);
});

for (const name of ["24C16", "24C256", "MB85RC16", "MB85RC256"]) {
  test(`A5: ${name}: power cut at every byte of every bus write leaves the last or the next state`, async () => {
    const chip = chipNamed(name)!;
    const payload = (serial: number) => pattern(98, serial);
    let cases = 0;
    for (let cutAt = 0; ; cutAt++) {
      let wasCut = false;
      for (let kept = 0; kept <= 64; kept++) {
        const { model, storage } = wired(chip);
        const journal = new Journal(storage, 2);
        await journal.loadRegions();
        await journal.saveRegion(2, payload(1), 0);
        await journal.saveRegion(2, payload(2), 0);
        const before = model.writes;
        model.cutAt = before + cutAt;
        model.keptBytes = kept;
        let acknowledged = payload(2);
        try {
          await journal.saveRegion(2, payload(3), 0);
          acknowledged = payload(3);
        } catch {
          wasCut = true;
        }
        model.powerUp();
        const found = (await new Journal(storage, 2).loadRegions()).payload;
        const isFine = found?.equals(acknowledged) || found?.equals(payload(3));
        assert.ok(
          isFine,
          `cut at write ${cutAt} after ${kept} bytes read ${found?.toString("hex")}`,
        );
        cases++;
      }
      if (!wasCut) break;
    }
    assert.ok(cases >= 65 * 3, `${cases} cases`);
  });
}
