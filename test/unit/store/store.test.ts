/**
 * The database as something that may be absent. Holds: whatever the file is, opening never throws and says what is the
 * matter; a damaged file is kept beside; what passes by itself (lock, full disk, rights) is taken up again without a restart.
 */
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import {
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, beforeEach, describe, it } from "node:test";
import { Database } from "../../../src/store/database.js";
import { DatabaseError } from "../../../src/store/database-error.js";
import { MIGRATIONS } from "../../../src/store/migrations.js";
import { DATABASE_FILE, Store } from "../../../src/store/store.js";
import { FakeClock } from "../../../src/time/fake-clock.js";

const root = mkdtempSync(join(tmpdir(), "buddy-store-"));
after(() => rmSync(root, { recursive: true }));

let dir = "";
let path = "";
let clock: FakeClock;
let lines: string[];
beforeEach(() => {
  dir = mkdtempSync(join(root, "t-"));
  path = join(dir, DATABASE_FILE);
  clock = new FakeClock();
  lines = [];
});

function open(): Store {
  const store = new Store({ dir, clock, log: (level, line) => lines.push(`${level} ${line}`) });
  store.open();
  return store;
}

const count = (db: Database): unknown => db.get("SELECT count(*) AS n FROM mirror_images")?.["n"];

describe("store", () => {
  it("opens, tells its listeners, and says nothing when all is well", () => {
    const store = new Store({ dir, clock, log: (level, line) => lines.push(`${level} ${line}`) });
    assert.throws(() => store.use(count), DatabaseError);
    let opened = 0;
    store.onOpen(() => opened++);
    store.open();
    assert.equal(opened, 1);
    assert.equal(store.use(count), 0);
    assert.deepEqual(store.view(), { isOpen: true, putAside: [], wasLost: false });
    assert.deepEqual(lines, []);
    store.close();
    assert.throws(() => store.use(count), DatabaseError);
  });

  it("A5: an empty file is a damaged one: said, and kept beside", () => {
    writeFileSync(path, "");
    const store = open();
    assert.equal(store.use(count), 0);
    assert.equal(store.view().putAside.length, 1);
    assert.match(lines.join(), /STORE_DB_DAMAGED: .*buddy\.db is damaged \(the file is empty\)/);
    store.close();
  });

  it("A5: a database that is gone is said where Buddy has run before, and only there", () => {
    const first = open();
    assert.deepEqual([first.view().wasLost, lines], [false, []]);
    first.close();
    rmSync(path);
    const log = (level: string, line: string): unknown => lines.push(`${level} ${line}`);
    const store = new Store({ dir, hasPast: true, clock, log });
    store.open();
    assert.equal(store.view().wasLost, true);
    assert.match(lines.join(), /buddy\.db was not there, though .* `buddy restore`/);
    store.close();
    const again = new Store({ dir, hasPast: true, clock, log });
    again.open();
    assert.equal(again.view().wasLost, false, "told once");
    again.close();
  });

  it("A5: a link to nothing is not written through, and no bug of ours", () => {
    symlinkSync(join(dir, "elsewhere.db"), path);
    const store = open();
    assert.throws(() => store.use(count), DatabaseError);
    assert.match(lines.join(), /STORE_DB_ACCESS: .*is a link to what is not there/);
    assert.deepEqual(readdirSync(dir), [DATABASE_FILE]);
    store.close();
  });

  it("A5: a damaged file is kept under another name, byte for byte, and a new one is begun", () => {
    const rubbish = "this was a database once ".repeat(400);
    writeFileSync(path, rubbish);
    const store = open();
    assert.equal(store.use(count), 0);
    const aside = store.view().putAside[0] as string;
    assert.match(aside, /buddy\.db\.damaged-20\d{6}T\d{6}Z$/);
    assert.equal(readFileSync(aside, "utf8"), rubbish);
    assert.match(lines[0] as string, /^error STORE_DB_DAMAGED: .* kept as .*damaged-/);
    store.close();
  });

  it("stops putting files aside when every new one is damaged as well", () => {
    const store = open();
    for (let i = 0; i < 6; i++) {
      assert.throws(() =>
        store.use(() => {
          writeFileSync(path, "x".repeat(9000));
          rmSync(`${path}-wal`);
          throw new DatabaseError("STORE_DB_DAMAGED", "malformed");
        }),
      );
    }
    assert.equal(readdirSync(dir).filter((name) => /damaged-[^-]+(-\d)?$/.test(name)).length, 3);
    assert.match(store.view().problem?.text ?? "", /damaged/);
    store.close();
  });

  it("a newer version's file is left alone and named", () => {
    Database.open(path, [...MIGRATIONS, "CREATE TABLE later (a)"]).close();
    const before = readFileSync(path);
    const store = open();
    assert.equal(store.view().isOpen, false);
    assert.match(store.view().problem?.text ?? "", /newer version/);
    assert.deepEqual(readFileSync(path), before);
    store.close();
  });

  it("a locked database is said to be so, tried again, and taken up when it is free", async () => {
    Database.open(path, []).close();
    const other = Database.open(path, []);
    let store: Store | undefined;
    other.transaction(() => {
      store = open();
      assert.match(store.view().problem?.text ?? "", /Another program/);
    });
    other.close();
    await clock.advance(30_000);
    assert.equal(store?.use(count), 0);
    assert.equal(lines.length, 1);
    store?.close();
  });

  it("a path that is no file keeps Buddy running; when it is put right, the next try takes it", async () => {
    mkdirSync(path);
    const store = open();
    assert.match(store.view().problem?.next ?? "", /rights/);
    await clock.advance(30_000);
    assert.equal(store.view().isOpen, false);
    assert.equal(lines.length, 1, "the same failure is said once");
    rmSync(path, { recursive: true });
    await clock.advance(30_000);
    assert.equal(store.use(count), 0);
    assert.equal(store.view().problem, undefined);
    store.close();
  });

  it("a disk that is full refuses the write, loses nothing of before, and the next write after it is well", () => {
    // A limit on the size of files is the only full disk that a test may make; it needs a process of its own.
    const program = join(import.meta.dirname, "../../fixtures/parts/full-disk.ts");
    const limited = `ulimit -f 600; exec "${process.execPath}" --import tsx "${program}" "${dir}" | cat`;
    const run = spawnSync("bash", ["-c", limited], { encoding: "utf8", timeout: 60_000 });
    const report = JSON.parse(run.stdout) as { code: string; kept: number; there: number };
    assert.equal(report.code, "STORE_DB_FULL", run.stderr);
    assert.ok(report.kept > 20);
    assert.equal(report.there, report.kept);
    const store = open();
    assert.equal(store.use(count), report.kept);
    store.close();
  });
});
