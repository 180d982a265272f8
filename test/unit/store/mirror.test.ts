/**
 * The mirror of the robots' states. Holds: what a robot committed is given back to it byte for byte, in a later life of
 * either end; two robots never mix; damaged images are refused with their reason; formats of a later firmware are
 * kept and offered as they are; limits hold; a database that is away costs nothing but time. A5.
 */
import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdirSync, mkdtempSync, renameSync, rmdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { after, beforeEach, describe, it } from "node:test";
import { decodeImage, encodeImage } from "../../../src/wire/image.js";
import { encodeState, newState, STATE_FORMAT } from "../../../src/wire/state.js";
import { crc32 } from "../../../src/wire/crc.js";
import { Database } from "../../../src/store/database.js";
import { MIGRATIONS } from "../../../src/store/migrations.js";
import { Mirror } from "../../../src/store/mirror.js";
import { DAYS_MAX, DEVICES_MAX, IMAGES_MAX } from "../../../src/store/mirror-tables.js";
import { DATABASE_FILE, Store } from "../../../src/store/store.js";
import { FakeClock } from "../../../src/time/fake-clock.js";

const root = mkdtempSync(join(tmpdir(), "buddy-mirror-"));
after(() => rmSync(root, { recursive: true }));
const A = "aaaaaaaaaaaaaaaa";
const B = "bbbbbbbbbbbbbbbb";

let dir = "";
let clock: FakeClock;
let store: Store;
let mirror: Mirror;
let sent: { deviceId: string; image: Buffer }[];
let lines: string[];

function start(): void {
  sent = [];
  lines = [];
  const log = (level: string, line: string): void => void lines.push(`${level} ${line}`);
  store = new Store({ dir, clock, log });
  mirror = new Mirror({
    store,
    clock,
    log,
    onChange: () => undefined,
    send: (deviceId, image) => sent.push({ deviceId, image }),
  });
  store.open();
}

function restart(): void {
  mirror.stop();
  store.close();
  start();
}

beforeEach(() => {
  dir = mkdtempSync(join(root, "t-"));
  clock = new FakeClock();
  start();
});

/** An image whose number of boots tells whose it is. */
function image(generation: number, boots = generation): Buffer {
  const state = newState();
  state.boots = boots;
  return encodeImage(generation, STATE_FORMAT, encodeState(state));
}

/** What a later firmware would send: another layout, with a header as all layouts have it. */
function laterLayout(generation: number, length = 900): Buffer {
  const data = Buffer.alloc(length, 0xa5);
  image(generation).copy(data, 0, 0, 20);
  data[4] = 9;
  data.writeUInt32LE(crc32(0, data, 0, 16), 16);
  return data;
}

describe("mirror", () => {
  it("A5: a robot that lost its memory is offered its own newest state, byte for byte", () => {
    mirror.take(A, 1, image(5));
    mirror.take(A, 1, image(6));
    mirror.take(B, 2, image(40));
    restart();
    mirror.take(A, 3, Buffer.alloc(0));
    assert.deepEqual(sent, [{ deviceId: A, image: image(6) }]);
    mirror.take(A, 3, image(7, 99));
    assert.equal(mirror.view(A)?.offer?.result, "taken");
    assert.equal(mirror.view(A)?.generation, 7);
    assert.equal(mirror.view(A)?.state?.boots, 99);
    assert.ok(lines.some((line) => /took generation 6/.test(line)));
    assert.equal(sent.length, 1);
  });

  it("A5: two robots never mix, whatever their generations are", () => {
    for (let generation = 1; generation <= 20; generation++) {
      mirror.take(A, 1, image(generation, 1000 + generation));
      mirror.take(B, 2, image(generation * 3, 2000 + generation));
    }
    restart();
    mirror.take(B, 4, image(1));
    mirror.take(A, 3, image(1));
    assert.deepEqual(sent, [
      { deviceId: B, image: image(60, 2020) },
      { deviceId: A, image: image(20, 1020) },
    ]);
    assert.equal(mirror.view("cccccccccccccccc")?.generation, 0);
    mirror.take("cccccccccccccccc", 5, Buffer.alloc(0));
    assert.equal(sent.length, 2, "a robot that is not known is offered nothing");
    assert.equal(mirror.lastDevice(), B);
  });

  it("offers once a session, to a fresh life that saves on, and keeps nothing of it", () => {
    mirror.take(A, 1, image(50));
    mirror.take(A, 2, image(1));
    mirror.take(A, 2, image(2));
    assert.equal(sent.length, 1);
    assert.equal(mirror.view(A)?.generation, 50);
    assert.equal(mirror.view(A)?.images, 1);
    mirror.take(A, 1, image(51, 7));
    assert.equal(mirror.view(A)?.generation, 50, "a session that was replaced says nothing");
    mirror.take(A, 3, image(3));
    assert.equal(sent.length, 2, "the next session is offered it again");
  });

  it("believes what the robot says of an offer, but not what it said of the one before", async () => {
    mirror.take(A, 1, image(50));
    mirror.noteResult(A, "older");
    mirror.take(A, 2, image(1));
    mirror.noteResult(A, "older");
    assert.equal(mirror.view(A)?.offer?.result, "");
    await clock.advance(1500);
    mirror.noteResult(A, "");
    mirror.noteResult(A, "not saved");
    mirror.noteResult(A, "taken");
    assert.equal(mirror.view(A)?.offer?.result, "not saved");
    restart();
    assert.equal(mirror.view(A)?.offer?.result, "not saved");
  });

  it("A5: any bit flipped in an image: refused with its reason, the kept one stays", () => {
    mirror.take(A, 1, image(9));
    const whole = image(10);
    for (let bit = 0; bit < whole.length * 8; bit++) {
      const data = Buffer.from(whole);
      data[bit >> 3] = (data[bit >> 3] as number) ^ (1 << (bit & 7));
      mirror.take(A, 1, data);
      assert.notEqual(mirror.refusal(A), "", `bit ${bit}`);
    }
    for (const length of [1, 19, 20, 117, 1025]) {
      mirror.take(A, 1, Buffer.concat([whole, Buffer.alloc(1100)]).subarray(0, length));
      assert.notEqual(mirror.refusal(A), "", `length ${length}`);
    }
    assert.equal(mirror.view(A)?.generation, 9);
    assert.ok(
      lines.some((line) => /warn a saved state of robot a+ was not kept: header/.test(line)),
    );
    mirror.take(A, 1, whole);
    assert.equal(mirror.refusal(A), "");
    assert.equal(mirror.view(A)?.generation, 10);
  });

  it("A5: formats of a later firmware, payload or layout, are kept and offered back verbatim", () => {
    const laterPayload = encodeImage(70, STATE_FORMAT + 1, Buffer.alloc(300, 3));
    mirror.take(A, 1, laterPayload);
    mirror.take(B, 2, laterLayout(71));
    restart();
    mirror.take(A, 3, image(4));
    mirror.take(B, 4, Buffer.alloc(0));
    assert.deepEqual(sent, [
      { deviceId: A, image: laterPayload },
      { deviceId: B, image: laterLayout(71) },
    ]);
    assert.equal(mirror.view(B)?.generation, 71);
    assert.equal(mirror.view(B)?.state, undefined, "what cannot be read is not guessed");
    assert.equal(mirror.view(A)?.state, undefined);
  });

  it("keeps the last images and one of each day, of a robot that saves for months", async () => {
    for (let day = 0; day < 40; day++) {
      for (let save = 0; save < 4; save++) {
        mirror.take(A, 1, image(day * 4 + save + 1));
        await clock.advance(6 * 3_600_000);
      }
    }
    mirror.take(B, 2, image(1));
    const view = mirror.view(A);
    assert.equal(view?.generation, 160);
    // The newest 50 are of the last 13 days; the other days within 30 have one each.
    assert.equal(view?.images, IMAGES_MAX + DAYS_MAX - 13);
    const days = store.use((db) =>
      db.all("SELECT DISTINCT kept_ms / 86400000 AS day FROM mirror_images WHERE device = ?", A),
    );
    assert.equal(days.length, DAYS_MAX);
  });

  it(`refuses the state of robot number ${DEVICES_MAX + 1}, with words`, () => {
    const id = (n: number): string => n.toString(16).padStart(16, "0");
    for (let n = 0; n <= DEVICES_MAX; n++) mirror.take(id(n), n + 1, image(1));
    assert.equal(mirror.view(id(DEVICES_MAX - 1))?.generation, 1);
    assert.equal(mirror.view(id(DEVICES_MAX))?.generation, 0);
    assert.ok(lines.some((line) => /one too many/.test(line)));
    restart();
    mirror.take(id(DEVICES_MAX), 99, image(1));
    assert.match(mirror.refusal(id(DEVICES_MAX)), /other robots/);
    mirror.take(id(3), 99, Buffer.alloc(0));
    assert.equal(sent.length, 1);
  });

  it("A5: another program's write does not stand between a robot and its state", async () => {
    mirror.take(A, 1, image(50));
    restart();
    const other = Database.open(join(dir, DATABASE_FILE), MIGRATIONS);
    other.transaction(() => {
      mirror.take(A, 2, image(1));
      assert.deepEqual(sent, [{ deviceId: A, image: image(50) }]);
      mirror.take(A, 2, image(51));
      assert.equal(mirror.view(A)?.generation, 50);
    });
    other.close();
    await clock.advance(30_000);
    assert.equal(mirror.view(A)?.generation, 51, "kept as soon as it could be");
    assert.equal(sent.length, 1);
  });

  it("A5: a database that comes back later: what the robot said meanwhile is done then", async () => {
    mirror.take(A, 1, image(50));
    mirror.stop();
    store.close();
    const path = join(dir, DATABASE_FILE);
    renameSync(path, `${path}.away`);
    mkdirSync(path);
    start();
    mirror.take(A, 2, image(1));
    mirror.take(B, 3, image(5));
    assert.deepEqual(sent, []);
    assert.equal(mirror.view(A), undefined, "not known is not the same as none");
    rmdirSync(path);
    renameSync(`${path}.away`, path);
    await clock.advance(30_000);
    assert.deepEqual(sent, [{ deviceId: A, image: image(50) }]);
    assert.equal(mirror.view(B)?.generation, 5);
    assert.equal(mirror.view(A)?.offer?.generation, 50);
  });

  it("A5: kill -9 of the writer at any moment: the newest image is whole, and no older than acknowledged", async () => {
    const writer = join(import.meta.dirname, "../../fixtures/parts/mirror-writer.ts");
    let after = 0;
    for (let round = 0; round < 4; round++) {
      const child = spawn(process.execPath, ["--import", "tsx", writer, dir, String(after + 1)]);
      const ended = once(child, "close");
      let acknowledged = after;
      for await (const line of createInterface(child.stdout)) {
        acknowledged = Number(line);
        if (acknowledged === after + 20 + round * 7) child.kill("SIGKILL");
      }
      await ended;
      assert.ok(acknowledged >= after + 20, "the writer wrote");
      restart();
      const newest = mirror.view(A)?.generation ?? 0;
      assert.ok(
        newest === acknowledged || newest === acknowledged + 1,
        `${newest} ${acknowledged}`,
      );
      assert.equal(
        store.use((db) => db.problem()),
        undefined,
      );
      sent = [];
      mirror.take(A, 1, Buffer.alloc(0));
      const back = decodeImage(sent[0]?.image ?? Buffer.alloc(0));
      assert.ok(back.kind === "image" && back.generation === newest);
      assert.deepEqual(store.view().putAside, []);
      after = newest;
    }
  });
});
