/**
 * The journal in the VM: on memory, and on the stock settings store that every board has. The same saves give
 * the same bytes as in Node (golden vector of the unit test).
 */
import * as ds from "@devicescript/core";
import { describe, expect, test } from "@devicescript/test";
import { settingDelete, settingGet, settingSet } from "../../devs/runtime/settings";
import { crc32 } from "../../src/wire/crc";
import { decodeImage } from "../../src/wire/image";
import { Keeper } from "../../devs/store/keeper";
import { Journal } from "../../devs/store/journal";
import { MemoryStorage } from "../../devs/store/memory-storage";
import { SettingsStorage } from "../../devs/store/settings-storage";
import { decodeState, encodeState, newState, STATE_FORMAT } from "../../src/wire/state";
import { sameBytes } from "../../src/wire/bytes";
import { StoreError } from "../../devs/store/storage";
import type { Storage } from "../../devs/store/storage";
import { wipeJournal } from "../support/wipe-journal";
import { beginBoot, bootStep } from "../../devs/store/boot";
import { beginSave, isSaveDue, newSaver, noteChange, noteSaved } from "../../devs/store/saver";

async function keepsNewest(storage: Storage): Promise<void> {
  const journal = new Journal(storage, STATE_FORMAT);
  await journal.loadRegions();
  await wipeJournal(journal, storage);
  const state = newState();
  for (let i = 1; i <= 3; i++) {
    state.boots = i;
    await journal.saveRegion(STATE_FORMAT, encodeState(state), 0);
  }
  const again = new Journal(storage, STATE_FORMAT);
  const loaded = await again.loadRegions();
  expect(loaded.locked).toBe("");
  expect(loaded.generation).toBe(journal.generation);
  const decoded = decodeState(loaded.payload);
  expect(decoded.faults.length).toBe(0);
  expect(decoded.state.boots).toBe(3);
  expect(decoded.state.traits[0]).toBe(0.75);
  // A number that was used names that state for ever: the newest is in either region, so both are tried.
  for (let i = 1; i <= 2; i++) {
    // A storage in memory never yields, and the VM allows so many steps in one go.
    await ds.sleep(1);
    const next = new Journal(storage, STATE_FORMAT);
    const { generation } = await next.loadRegions();
    await next.saveRegion(STATE_FORMAT, encodeState(state), 0);
    expect(next.generation).toBe(generation + 1);
  }
}

async function refuses(storage: Storage): Promise<string> {
  try {
    await storage.writeRecord(0, Buffer.alloc(201));
  } catch (failure) {
    return failure instanceof StoreError ? failure.code : "" + failure;
  }
  return "";
}

describe("store", () => {
  test("crc as in Node", () => {
    expect(crc32(0, Buffer.from("123456789"), 0, 9)).toBe(0xcbf43926);
  });
  test("A5: two regions in memory", async () => {
    await keepsNewest(new MemoryStorage([]));
    expect(await refuses(new MemoryStorage([]))).toBe("STORE_TOO_LONG");
  });
  test("A5: two regions in the stock settings store", async () => {
    await keepsNewest(new SettingsStorage());
    expect(await refuses(new SettingsStorage())).toBe("STORE_TOO_LONG");
  });
  test("a full-size record survives the settings service", async () => {
    const full = Buffer.alloc(200);
    for (let i = 0; i < 200; i++) full[i] = (i * 7) & 255;
    await settingSet("j7", full);
    expect(sameBytes(await settingGet("j7"), full)).toBe(true);
    await settingDelete("j7");
    expect(await settingGet("j7")).toBe(undefined);
  });
  test("parallel reads take turns", async () => {
    await settingSet("one", Buffer.from("1"));
    await settingSet("two", Buffer.from("22"));
    let sum = 0;
    let ended = 0;
    async function readOne(key: string): Promise<void> {
      sum += (await settingGet(key)).length;
      ended++;
    }
    for (let i = 0; i < 3; i++) {
      readOne.start("one");
      readOne.start("two");
    }
    await readOne("one");
    while (ended < 7) await ds.sleep(10);
    expect(sum).toBe(3 * 3 + 1);
  });
  test("the keeper boots, saves, is wiped, and takes the mirror's state", async () => {
    const storage = new SettingsStorage();
    let lines = 0;
    const rest = async () => await ds.sleep(1);
    const count = () => {
      lines++;
    };
    const first = new Keeper(storage, count, rest);
    await first.begin(1150, "", 1, 1200);
    first.state.weights[3] = 1.25;
    expect(await first.saveIfDue(1200)).toBe(true);
    const mirror = first.committedImage();
    await wipeJournal(first.journal, storage);
    const second = new Keeper(new SettingsStorage(), count, rest);
    await second.begin(1150, "", 1, 1200);
    expect(second.origin).toBe("fresh");
    expect(await second.takeOffer(mirror, 2000)).toBe("taken");
    expect(second.state.weights[3]).toBe(1.25);
    expect(decodeImage(second.committedImage()).kind).toBe("image");
    expect(lines > 2).toBe(true);
  });
  test("boot safety and the saver compile and run", () => {
    const state = newState();
    const inputs = { uptimeMs: 1150, wasStateFound: false, hint: "", firmware: 1 };
    const boot = beginBoot(state, inputs);
    expect(boot.reason).toBe("first");
    expect(bootStep(boot, state, 70000)).toBe("good");
    const saver = newSaver(0);
    noteChange(saver, "now", 0);
    expect(isSaveDue(saver, 0)).toBe(true);
    beginSave(saver, 0);
    noteSaved(saver);
    expect(isSaveDue(saver, 1000)).toBe(false);
  });
});
