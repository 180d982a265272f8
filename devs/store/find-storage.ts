/**
 * Where a board keeps its state: in a memory chip on its I²C pins if one answers, else in its stock settings store.
 * A chip does not say what it is, so the setting `memory` names it (docs/BOARDS.md); without it a chip that answers
 * is taken for the one that people are told to buy.
 */
import { sleep } from "@devicescript/core";
import { boardI2c } from "../runtime/board-i2c";
import { settingJson } from "../runtime/settings";
import { I2cMemoryStorage, MEMORY_ADDRESS, chipNamed } from "./i2c-memory-storage";
import { SettingsStorage } from "./settings-storage";
import type { Storage } from "./storage";

const CHIP_DEFAULT = "MB85RC256";

/** Asks the chip; never fails. A name that means no chip leaves the stock store. */
export async function findStorage(): Promise<Storage> {
  const chip = chipNamed(await settingJson<string>("memory", CHIP_DEFAULT));
  if (chip === undefined) return new SettingsStorage();
  const memory = new I2cMemoryStorage(boardI2c, chip, MEMORY_ADDRESS, sleep);
  return (await memory.probe()) ? memory : new SettingsStorage();
}
