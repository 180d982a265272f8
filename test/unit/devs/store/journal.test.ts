/**
 * The journal: two regions, newest valid one wins, nothing is acknowledged before it was read back, newer
 * formats are kept, and no flipped bit is ever taken for state. Cuts are in powercut.test.ts.
 */
import assert from "node:assert/strict";
import { test } from "node:test";
import { crc32 } from "../../../../src/wire/crc.js";
import { Journal } from "../../../../devs/store/journal.js";
import { COMMIT_BYTES, commitRecord } from "../../../../src/wire/image.js";
import { wipeJournal } from "../../../support/wipe-journal.js";
import { MemoryStorage } from "../../../../devs/store/memory-storage.js";
import { encodeState, newState, STATE_FORMAT } from "../../../../src/wire/state.js";
import { StoreError } from "../../../../devs/store/storage.js";

const refusal = (code: string) => (e: unknown) => e instanceof StoreError && e.code === code;

async function written(
  ...payloads: Buffer[]
): Promise<{ storage: MemoryStorage; journal: Journal }> {
  const storage = new MemoryStorage([]);
  const journal = new Journal(storage, STATE_FORMAT);
  await journal.loadRegions();
  for (const payload of payloads) await journal.saveRegion(STATE_FORMAT, payload, 0);
  return { storage, journal };
}

async function loadFrom(storage: MemoryStorage) {
  return new Journal(storage, STATE_FORMAT).loadRegions();
}

test("CRC-32 is the one of zlib", () => {
  assert.equal(crc32(0, Buffer.from("123456789"), 0, 9), 0xcbf43926);
  const first = crc32(0, Buffer.from("1234"), 0, 4);
  assert.equal(crc32(first, Buffer.from("123456789"), 4, 9), 0xcbf43926);
});

test("golden vector: a commit record's bytes, with the checksums that zlib computes", () => {
  assert.equal(
    commitRecord(7, 2, Buffer.from("buddy")).toString("hex"),
    "4244594a01020500070000005987a71e11287e6d",
  );
});

test("A5: saves alternate between the regions and the newest is loaded", async () => {
  const { storage, journal } = await written(Buffer.from("one"), Buffer.from("two"));
  assert.equal(journal.current, 1);
  const loaded = await loadFrom(storage);
  assert.equal(loaded.payload?.toString(), "two");
  assert.equal(loaded.generation, 2);
  assert.deepEqual(
    loaded.regions.map((r) => [r.status, r.generation]),
    [
      ["valid", 1],
      ["valid", 2],
    ],
  );
});

test("a payload of any length up to the limit comes back, one more is refused", async () => {
  const { storage, journal } = await written();
  const max = journal.payloadBytesMax();
  for (const length of [0, 1, 194, 195, 196, 389, 390, 391, max]) {
    const payload = Buffer.alloc(length, length & 255);
    await journal.saveRegion(STATE_FORMAT, payload, 0);
    assert.deepEqual((await loadFrom(storage)).payload, payload, `${length} bytes`);
  }
  await assert.rejects(
    journal.saveRegion(STATE_FORMAT, Buffer.alloc(max + 1), 0),
    refusal("STORE_TOO_LONG"),
  );
  assert.equal((await loadFrom(storage)).payload?.length, max);
});

test("records that a shorter save leaves over are erased", async () => {
  const { storage, journal } = await written();
  await journal.saveRegion(STATE_FORMAT, Buffer.alloc(500), 0);
  await journal.saveRegion(STATE_FORMAT, Buffer.alloc(500), 0);
  await journal.saveRegion(STATE_FORMAT, Buffer.alloc(10), 0);
  await journal.saveRegion(STATE_FORMAT, Buffer.alloc(10), 0);
  assert.deepEqual(
    storage.records.map((r) => r?.length),
    [20, 15, undefined, undefined, 20, 15, undefined, undefined],
  );
});

test("A5: one flipped bit anywhere in both regions is never accepted as state", async () => {
  const older = newState();
  older.boots = 1;
  const newer = newState();
  newer.boots = 2;
  const { storage } = await written(encodeState(older), encodeState(newer));
  const clean = [...storage.records];
  let flips = 0;
  for (let record = 0; record < clean.length; record++) {
    const bytes = clean[record];
    if (!bytes) continue;
    for (let bit = 0; bit < bytes.length * 8; bit++) {
      const flipped = Buffer.from(bytes);
      flipped[bit >> 3]! ^= 1 << (bit & 7);
      const records = [...clean];
      records[record] = flipped;
      const loaded = await loadFrom(new MemoryStorage(records));
      const survivor = record < 4 ? encodeState(newer) : encodeState(older);
      assert.deepEqual(loaded.payload, survivor, `record ${record} bit ${bit}`);
      assert.equal(loaded.regions[record < 4 ? 0 : 1]?.status, "damaged");
      assert.equal(loaded.locked, "");
      flips++;
    }
  }
  assert.equal(flips, 2 * 8 * (COMMIT_BYTES + 5 + encodeState(older).length));
});

test("both regions flipped: nothing is loaded, and the next save works", async () => {
  const { storage } = await written(Buffer.from("one"), Buffer.from("two"));
  storage.records[1]![6]! ^= 1;
  storage.records[4]![3]! ^= 1;
  const journal = new Journal(storage, STATE_FORMAT);
  const loaded = await journal.loadRegions();
  assert.equal(loaded.payload, undefined);
  assert.equal(loaded.current, -1);
  await journal.saveRegion(STATE_FORMAT, Buffer.from("three"), 0);
  assert.equal((await loadFrom(storage)).payload?.toString(), "three");
});

test("A5: a newer format is neither read nor written over; the readable region still serves", async () => {
  const { storage } = await written(Buffer.from("mine"));
  const future = new Journal(storage, 9);
  await future.loadRegions();
  await future.saveRegion(9, Buffer.from("from the future"), 0);
  const before = [...storage.records];
  const journal = new Journal(storage, STATE_FORMAT);
  const loaded = await journal.loadRegions();
  assert.equal(loaded.payload?.toString(), "mine");
  assert.equal(loaded.regions[1]?.status, "newer");
  assert.match(loaded.locked, /newer firmware/);
  await assert.rejects(
    journal.saveRegion(STATE_FORMAT, Buffer.from("x"), 0),
    refusal("STORE_NEWER"),
  );
  assert.deepEqual(storage.records, before);
  assert.equal(
    (await new Journal(storage, 9).loadRegions()).payload?.toString(),
    "from the future",
  );
});

test("a newer format that an older one has since replaced does not lock", async () => {
  const { storage } = await written();
  storage.records[4] = commitRecord(1, 9, Buffer.from("old future"));
  const journal = new Journal(storage, STATE_FORMAT);
  await journal.loadRegions();
  await wipeJournal(journal, storage);
  await journal.saveRegion(STATE_FORMAT, Buffer.from("mine"), 0);
  storage.records[4] = commitRecord(1, 9, Buffer.from("old future"));
  assert.equal((await loadFrom(storage)).locked, "");
});

test("a storage that does not answer locks saving until it does: what it hides may be newer", async () => {
  const { storage } = await written(Buffer.from("one"), Buffer.from("two"));
  const read = storage.readRecord.bind(storage);
  let isDeaf = true;
  storage.readRecord = async (record) => {
    if (isDeaf && record >= 4) throw new StoreError("STORE_READ", "no answer");
    return read(record);
  };
  const journal = new Journal(storage, STATE_FORMAT);
  const loaded = await journal.loadRegions();
  assert.equal(loaded.regions[1]?.status, "unreadable");
  await assert.rejects(
    journal.saveRegion(STATE_FORMAT, Buffer.from("x"), 0),
    refusal("STORE_NEWER"),
  );
  isDeaf = false;
  assert.equal((await journal.loadRegions()).payload?.toString(), "two");
  assert.equal(await journal.saveRegion(STATE_FORMAT, Buffer.from("three"), 0), 3);
});

test("one failed read is asked again", async () => {
  const { storage } = await written(Buffer.from("one"));
  const read = storage.readRecord.bind(storage);
  let calls = 0;
  storage.readRecord = async (record) => {
    if (calls++ % 3 === 0) throw new StoreError("STORE_READ", "busy");
    return read(record);
  };
  assert.equal((await loadFrom(storage)).payload?.toString(), "one");
});

test("an adopted generation is kept, and the next one follows it", async () => {
  const { storage, journal } = await written(Buffer.from("fresh"));
  assert.equal(await journal.saveRegion(STATE_FORMAT, Buffer.from("mirror"), 500), 500);
  assert.equal((await loadFrom(storage)).generation, 500);
  assert.equal(await journal.saveRegion(STATE_FORMAT, Buffer.from("next"), 0), 501);
});

test("two saves at once: the second is refused, the first completes", async () => {
  const { storage, journal } = await written();
  const first = journal.saveRegion(STATE_FORMAT, Buffer.from("a"), 0);
  await assert.rejects(
    journal.saveRegion(STATE_FORMAT, Buffer.from("b"), 0),
    refusal("STORE_BUSY"),
  );
  await first;
  assert.equal((await loadFrom(storage)).payload?.toString(), "a");
});

test("wiped: nothing is loaded, and generations go on, so that no mirror overtakes it", async () => {
  const { storage, journal } = await written(Buffer.from("one"), Buffer.from("two"));
  await wipeJournal(journal, storage);
  assert.equal((await loadFrom(storage)).payload, undefined);
  assert.equal(await journal.saveRegion(STATE_FORMAT, Buffer.from("three"), 0), 3);
});
