/**
 * The keeper: loads and counts at boot, saves when it is time, offers and takes mirrors. A5; the stock store wiped whole
 * and given back; older and newer formats; a place that answers late; nothing of it ever throws.
 */
import assert from "node:assert/strict";
import { test } from "node:test";
import { decodeImage, encodeImage, IMAGE_BYTES_MAX } from "../../../../src/wire/image.js";
import { Keeper } from "../../../../devs/store/keeper.js";
import { MemoryStorage } from "../../../../devs/store/memory-storage.js";
import { SAVE_PERIOD_MS } from "../../../../devs/store/saver.js";
import { encodeState, newState, STATE_FORMAT } from "../../../../src/wire/state.js";
import { StoreError } from "../../../../devs/store/storage.js";

/** A robot with a place for its state; `start` is a boot. */
class Board {
  storage = new MemoryStorage([]);
  lines: string[] = [];
  keeper!: Keeper;

  async start(options: { uptimeMs?: number; nowMs?: number; hint?: string } = {}): Promise<Keeper> {
    this.lines = [];
    this.storage.plan = undefined;
    this.keeper = new Keeper(
      this.storage,
      (line) => this.lines.push(line),
      () => Promise.resolve(),
    );
    const nowMs = options.nowMs ?? 1200;
    await this.keeper.begin(options.uptimeMs ?? 1150, options.hint ?? "", 1, nowMs);
    await this.keeper.saveIfDue(nowMs);
    return this.keeper;
  }
}

async function grown(): Promise<Board> {
  const board = new Board();
  const keeper = await board.start();
  keeper.state.traits[0] = 0.66;
  keeper.state.weights[3] = 1.4;
  keeper.noteUnsaved("now", 2000);
  await keeper.saveIfDue(62_000);
  return board;
}

test("A5: what it learned is there after a restart, and the boot is counted", async () => {
  const board = await grown();
  const keeper = await board.start();
  assert.equal(keeper.origin, "own");
  assert.equal(keeper.state.traits[0], 0.66);
  assert.equal(keeper.state.boots, 2);
  assert.equal(keeper.boot?.reason, "power");
  assert.ok(board.lines.some((l) => l.includes("reason power")));
});

test("uptime of all boots adds up", async () => {
  const board = new Board();
  let keeper = await board.start({ nowMs: 1000 });
  keeper.noteUnsaved("now", 500_000);
  await keeper.saveIfDue(501_000);
  assert.equal(keeper.state.uptimeTotalS, 500);
  keeper = await board.start({ nowMs: 1000 });
  await keeper.saveForStop(301_000);
  assert.equal(keeper.state.uptimeTotalS, 800);
});

test("saves on change only: at boot, at the good minute, then every 30 minutes", async () => {
  const board = new Board();
  const keeper = await board.start();
  const saves: number[] = [];
  for (let nowMs = 2000; nowMs < 2 * 3_600_000; nowMs += 1000) {
    keeper.bootStep(nowMs);
    if (nowMs > 100_000) keeper.noteUnsaved("learned", nowMs);
    if (await keeper.saveIfDue(nowMs)) saves.push(nowMs);
  }
  assert.equal(Math.round(saves[0]! / 1000), 62, "the good minute");
  assert.equal(saves[1], saves[0]! + SAVE_PERIOD_MS);
  assert.equal(saves.length, 4);
});

test("A5: the store wiped whole: a new robot, until the mirror gives it back", async () => {
  const board = await grown();
  const mirror = board.keeper.committedImage()!;
  const generation = board.keeper.journal.generation;
  board.storage = new MemoryStorage([]);
  const keeper = await board.start();
  assert.equal(keeper.origin, "fresh");
  assert.equal(keeper.boot?.reason, "first");
  const weights = keeper.state.weights;
  assert.equal(await keeper.takeOffer(mirror, 5000), "taken");
  assert.equal(keeper.origin, "mirror");
  assert.equal(keeper.state.weights, weights, "in the same arrays that the mind uses");
  assert.equal(weights[3], 1.4);
  assert.equal(keeper.state.boots, 2);
  assert.ok(keeper.journal.generation >= generation);
  assert.ok(board.lines.some((l) => l.includes("mirror offered a state: taken")));
  const again = await board.start();
  assert.deepEqual([again.origin, again.state.traits[0], again.state.boots], ["own", 0.66, 3]);
});

test("an offer that is older or the same changes nothing", async () => {
  const board = await grown();
  const old = encodeImage(1, STATE_FORMAT, encodeState(newState()));
  assert.equal(await board.keeper.takeOffer(old, 5000), "older");
  assert.equal(await board.keeper.takeOffer(board.keeper.committedImage()!, 5000), "same");
  assert.equal(board.keeper.state.traits[0], 0.66);
});

test("A5: an offer in a newer format is refused and said so", async () => {
  const board = await grown();
  const newer = encodeImage(900, STATE_FORMAT + 1, Buffer.from("what we cannot know"));
  assert.equal(await board.keeper.takeOffer(newer, 5000), "other format");
  assert.equal(board.keeper.state.traits[0], 0.66);
});

test("a flipped bit anywhere in an offer: refused", async () => {
  const board = await grown();
  const good = encodeImage(900, STATE_FORMAT, encodeState(newState()));
  for (let bit = 0; bit < good.length * 8; bit++) {
    const bad = Buffer.from(good);
    bad[bit >> 3]! ^= 1 << (bit & 7);
    assert.equal(decodeImage(bad).kind, "bad", `bit ${bit}`);
  }
  const torn = good.subarray(0, 60);
  assert.equal(await board.keeper.takeOffer(torn, 5000), "damaged");
  for (const length of [0, 1, 19, 20, IMAGE_BYTES_MAX + 1, 5000]) {
    assert.equal(decodeImage(Buffer.alloc(length, 0x42)).kind, "bad");
  }
});

test("out-of-range fields are named in the log, one by one, and the rest lives on", async () => {
  const board = await grown();
  const payload = encodeState(board.keeper.state);
  payload.writeUInt16LE(60_000, 0);
  payload[77] = 99;
  await board.keeper.journal.saveRegion(STATE_FORMAT, payload, 0);
  const keeper = await board.start();
  assert.deepEqual(
    board.lines.filter((l) => l.includes("out of range")),
    [
      "saved traits[0] was out of range: default taken",
      "saved lastReason was out of range: default taken",
    ],
  );
  assert.equal(keeper.state.weights[3], 1.4);
});

test("a place that does not answer at boot: nothing is overwritten, and its state is taken when it does", async () => {
  const board = await grown();
  const records = [...board.storage.records];
  const read = board.storage.readRecord.bind(board.storage);
  board.storage.readRecord = async () => {
    throw new StoreError("STORE_READ", "no answer");
  };
  const keeper = await board.start();
  assert.equal(keeper.origin, "fresh");
  keeper.noteUnsaved("now", 10_000);
  assert.equal(await keeper.saveIfDue(10_000), false);
  assert.deepEqual(board.storage.records, records);
  assert.equal(
    await keeper.takeOffer(encodeImage(999, STATE_FORMAT, encodeState(newState())), 1),
    "not saved",
  );
  board.storage.readRecord = read;
  assert.equal(await keeper.saveIfDue(70_000), true);
  assert.deepEqual([keeper.origin, keeper.state.traits[0]], ["own", 0.66]);
  assert.equal(keeper.state.boots, 2);
});

test("writes that fail are told once and tried again, later and later", async () => {
  const board = await grown();
  const keeper = await board.start();
  board.storage.plan = () => ({ kind: "fails", bytes: 0, junk: undefined });
  keeper.noteUnsaved("now", 100_000);
  let tries = 0;
  for (let nowMs = 100_000; nowMs < 3_700_000; nowMs += 1000) {
    const before = board.storage.operations;
    assert.equal(await keeper.saveIfDue(nowMs), false);
    if (board.storage.operations > before) tries++;
  }
  assert.ok(tries > 5 && tries < 14, `${tries} tries in an hour`);
  assert.equal(board.lines.filter((l) => l.includes("not saved")).length, 1);
  board.storage.plan = undefined;
  assert.equal(await keeper.saveIfDue(9_000_000), true);
  assert.equal((await board.start()).state.traits[0], 0.66);
});

test("a clean stop is no bad boot, whenever it comes", async () => {
  const board = new Board();
  for (let i = 0; i < 6; i++) {
    const keeper = await board.start();
    assert.equal(keeper.boot?.isSafe, false);
    await keeper.saveForStop(3000);
  }
});

test("A1: three starts cut short lead to safe mode, over the journal's own counters", async () => {
  const board = new Board();
  const modes: boolean[] = [];
  for (let i = 0; i < 5; i++) modes.push((await board.start()).boot!.isSafe);
  assert.deepEqual(modes, [false, false, false, true, true]);
  const keeper = board.keeper;
  assert.equal(keeper.bootStep(62_000), "safeModeOver");
  await keeper.saveIfDue(62_000);
  assert.equal((await board.start()).boot!.isSafe, false);
});
