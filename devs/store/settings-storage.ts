/**
 * The journal's records as keys of the stock settings store. Every board has it, and so has the simulator; but
 * a write cut short can wipe the whole store, so it is written rarely and mirrored (docs/architecture/state.md).
 */
import { settingDelete, settingGet, settingSet } from "../runtime/settings";
import { RECORD_BYTES_MAX, StoreError, failureText } from "./storage";
import type { Storage } from "./storage";

/** Keys "j0".."j7": a fixed set, because a key once used stays in the store's log. */
const KEY_PREFIX = "j";

export class SettingsStorage implements Storage {
  readonly name = "settings";
  readonly recordBytesMax: number = RECORD_BYTES_MAX;

  async readRecord(record: number): Promise<Buffer | undefined> {
    try {
      return await settingGet(KEY_PREFIX + record);
    } catch (failure) {
      throw new StoreError("STORE_READ", failureText(failure));
    }
  }

  async writeRecord(record: number, data: Buffer): Promise<void> {
    if (data.length > RECORD_BYTES_MAX) throw new StoreError("STORE_TOO_LONG", "record " + record);
    try {
      await settingSet(KEY_PREFIX + record, data);
    } catch (failure) {
      throw new StoreError("STORE_WRITE", failureText(failure));
    }
  }

  async erase(record: number): Promise<void> {
    try {
      await settingDelete(KEY_PREFIX + record);
    } catch (failure) {
      throw new StoreError("STORE_WRITE", failureText(failure));
    }
  }
}
