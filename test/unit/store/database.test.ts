/**
 * The database behind everything the companion remembers. Holds: what was acknowledged is there after a reopening;
 * a transaction is all or nothing; values the binding would end the process on are refused; a damaged, newer or
 * foreign file is told by its code; a backup is whole, also while somebody writes.
 */
import assert from "node:assert/strict";
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, beforeEach, describe, it } from "node:test";
import { checkDatabase, Database, type SqlValue } from "../../../src/store/database.js";
import { DatabaseError } from "../../../src/store/database-error.js";

const root = mkdtempSync(join(tmpdir(), "buddy-database-"));
after(() => rmSync(root, { recursive: true }));
const NOTES = "CREATE TABLE notes (id INTEGER PRIMARY KEY, text TEXT, bytes BLOB, n REAL) STRICT";

let folder = "";
let path = "";
beforeEach(() => {
  folder = mkdtempSync(join(root, "t-"));
  path = join(folder, "x.db");
});

function withCode(code: string): (error: unknown) => boolean {
  return (error) => error instanceof DatabaseError && error.code === code;
}

/** Fills the file's second page and those after it with what no tree of SQLite holds. */
function damage(file: string): void {
  const bytes = readFileSync(file);
  bytes.fill(0xff, 4104);
  writeFileSync(file, bytes);
}

describe("database", () => {
  it("keeps what it acknowledged over a reopening, readable by this user only", () => {
    const db = Database.open(path, [NOTES]);
    assert.equal(db.run("INSERT INTO notes VALUES (1, ?, ?, ?)", "a", Buffer.from([1, 2]), 0.5), 1);
    db.close();
    assert.equal(statSync(path).mode & 0o777, 0o600);
    const again = Database.open(path, [NOTES]);
    const row = again.get("SELECT * FROM notes");
    assert.deepEqual(row, { id: 1, text: "a", bytes: Buffer.from([1, 2]), n: 0.5 });
    assert.equal(again.get("SELECT * FROM notes WHERE id = ?", 9), undefined);
    assert.deepEqual(again.get("PRAGMA journal_mode"), { journal_mode: "wal" });
    assert.deepEqual(again.get("PRAGMA synchronous"), { synchronous: 2 });
    again.close();
  });

  it("brings old tables up to date, each step once, and refuses newer ones untouched", () => {
    Database.open(path, [NOTES]).close();
    const steps = [NOTES, "ALTER TABLE notes ADD COLUMN more TEXT"];
    Database.open(path, steps).close();
    const db = Database.open(path, steps);
    db.run("INSERT INTO notes (more) VALUES ('yes')");
    assert.equal(db.version(), 2);
    db.close();
    const before = readFileSync(path);
    assert.throws(() => Database.open(path, [NOTES]), withCode("STORE_DB_NEWER"));
    assert.deepEqual(readFileSync(path), before);
  });

  it("a migration that fails leaves the tables as they were", () => {
    Database.open(path, [NOTES]).close();
    const bad = "CREATE TABLE other (a) ; CREATE TABLE notes (a)";
    assert.throws(() => Database.open(path, [NOTES, bad]), withCode("STORE_DB_FAILED"));
    const db = Database.open(path, [NOTES]);
    assert.deepEqual(db.all("SELECT name FROM sqlite_schema WHERE type = 'table'"), [
      { name: "notes" },
    ]);
    db.close();
  });

  it("a transaction is all or nothing", () => {
    const db = Database.open(path, [NOTES]);
    assert.throws(
      () =>
        db.transaction(() => {
          db.run("INSERT INTO notes (text) VALUES ('gone')");
          throw new Error("in the middle");
        }),
      /in the middle/,
    );
    assert.throws(() => db.transaction(() => Promise.resolve()), TypeError);
    assert.equal(
      db.transaction(() => db.run("INSERT INTO notes (text) VALUES ('kept')")),
      1,
    );
    assert.deepEqual(db.all("SELECT text FROM notes"), [{ text: "kept" }]);
    db.close();
  });

  it("refuses values that it cannot keep as they are, and takes a lone buffer", () => {
    const db = Database.open(path, [NOTES]);
    for (const value of [true, undefined, NaN, Infinity, 1n, {}, [1], "a\0b", new Date()]) {
      const hostile = value as unknown as SqlValue;
      assert.throws(() => db.run("INSERT INTO notes (n) VALUES (?)", hostile), TypeError);
    }
    db.run("INSERT INTO notes (bytes) VALUES (?)", new Uint8Array([7]));
    assert.deepEqual(db.get("SELECT bytes FROM notes"), { bytes: Buffer.from([7]) });
    db.close();
    assert.throws(() => db.get("SELECT 1"), withCode("STORE_DB_ABSENT"));
  });

  it("goes on after a write that found the disk full or the file locked, inside a transaction and out", () => {
    const db = Database.open(path, [NOTES]);
    const fill = (): number => db.run("INSERT INTO notes (bytes) VALUES (?)", Buffer.alloc(9000));
    for (const write of [fill, () => db.transaction(fill)]) {
      const before = db.get("SELECT count(*) AS n FROM notes")?.["n"];
      db.all("PRAGMA max_page_count = 3");
      assert.throws(write, withCode("STORE_DB_FULL"));
      assert.deepEqual(db.get("SELECT count(*) AS n FROM notes"), { n: before });
      assert.equal(write(), 1);
      const other = Database.open(path, [NOTES]);
      other.transaction(() => assert.throws(write, withCode("STORE_DB_LOCKED")));
      other.close();
      assert.equal(write(), 1);
    }
    assert.deepEqual(db.get("SELECT count(*) AS n FROM notes"), { n: 4 });
    assert.deepEqual(db.get("PRAGMA synchronous"), { synchronous: 2 });
    db.close();
  });

  it("tells a damaged file, a foreign one, a folder and a locked one by their codes", () => {
    const db = Database.open(path, [NOTES]);
    for (let i = 0; i < 50; i++) db.run("INSERT INTO notes (text) VALUES (?)", "x".repeat(400));
    const other = Database.open(path, [NOTES]);
    other.transaction(() => {
      assert.throws(() => db.run("DELETE FROM notes"), withCode("STORE_DB_LOCKED"));
    });
    other.close();
    db.close();
    damage(path);
    assert.throws(() => Database.open(path, [NOTES]), withCode("STORE_DB_DAMAGED"));
    const foreign = join(folder, "foreign.db");
    writeFileSync(foreign, "no database at all ".repeat(500));
    assert.throws(() => Database.open(foreign, [NOTES]), withCode("STORE_DB_DAMAGED"));
    assert.throws(() => Database.open(folder, [NOTES]), withCode("STORE_DB_ACCESS"));
    const nowhere = join(folder, "none", "x.db");
    assert.throws(() => Database.open(nowhere, [NOTES]), withCode("STORE_DB_ACCESS"));
  });

  it("C6: a backup is whole and its own file while another connection writes; a damaged one is refused", () => {
    const db = Database.open(path, [NOTES]);
    for (let i = 0; i < 200; i++) db.run("INSERT INTO notes (text) VALUES (?)", `note ${i}`);
    const copy = join(folder, "copy's #1?.db");
    const writer = Database.open(path, [NOTES]);
    writer.run("INSERT INTO notes (text) VALUES ('in the write-ahead file')");
    db.backupInto(copy);
    writer.run("INSERT INTO notes (text) VALUES ('too late')");
    assert.equal(checkDatabase(copy), 1);
    const back = Database.openReadOnly(copy);
    assert.deepEqual(back.get("SELECT count(*) AS n FROM notes"), { n: 201 });
    assert.throws(() => back.run("DELETE FROM notes"), withCode("STORE_DB_ACCESS"));
    back.close();
    assert.equal(statSync(copy).mode & 0o777, 0o600);
    assert.throws(() => db.backupInto(copy), withCode("STORE_DB_ACCESS"));
    assert.throws(() => db.backupInto(join(folder, "none", "c.db")), withCode("STORE_DB_ACCESS"));
    assert.deepEqual(
      readdirSync(folder).filter((name) => name.endsWith(".part")),
      [],
    );
    writer.close();
    db.close();
    damage(copy);
    assert.throws(() => checkDatabase(copy), withCode("STORE_DB_DAMAGED"));
    assert.throws(() => checkDatabase(join(folder, "none.db")), withCode("STORE_DB_ACCESS"));
  });
});
