/**
 * SQLite in write-ahead mode, behind the few calls that Buddy needs. What `run` has returned from is on the disk
 * (`synchronous = FULL`). Parts keep tables of their own in one file; `MIGRATIONS` orders their creation.
 *
 * The binding below ends the whole process on a boolean or on a single buffer as argument, returns blobs in two forms,
 * leaves the file open while a statement lives, and leaves a statement that failed half done, so that no later commit
 * succeeds. So nothing else in this tree may use it: values are checked here, and after a failed write the connection is new.
 */
import { closeSync, existsSync, openSync, renameSync, rmSync, statSync } from "node:fs";
import { dirname } from "node:path";
import { pathToFileURL } from "node:url";
import Libsql from "libsql";
import { assertNoWait } from "../host/file-fault.js";
import { asDatabaseError, DatabaseError } from "./database-error.js";
import { makeFile, syncFile } from "./database-file.js";

/** What may be stored. Text must not hold NUL; a number must be finite. */
export type SqlValue = string | number | null | Uint8Array;
/** A row as it is read: integers are numbers (exact up to 2^53), blobs are buffers. */
export type Row = Readonly<Record<string, string | number | null | Buffer>>;

/** How long a statement waits for another program's write. It blocks this process meanwhile. */
const BUSY_MS = 20;
/** Statements kept prepared: SQL texts are constants, so there are few. */
const STATEMENTS_MAX = 64;
/** The write-ahead file is cut to this after a checkpoint. */
const WAL_BYTES_MAX = 4_000_000;

export class Database {
  private readonly statements = new Map<string, Libsql.Statement>();
  private isOpen = true;

  private constructor(
    private readonly path: string,
    private db: Libsql.Database,
    private readonly isWritable: boolean,
  ) {}

  /**
   * Opens or creates the file (readable by this user only), checks it and brings its tables up to date: step n
   * of `migrations` leads to `user_version` n; steps are only ever added at the end.
   * @throws DatabaseError; the file is then as it was.
   */
  static open(path: string, migrations: readonly string[]): Database {
    const isNew = !existsSync(path);
    let db: Database | undefined;
    try {
      assertNoWait(path);
      if (isNew) makeFile(path);
      // Nothing that this function has ever finished is empty.
      else if (statSync(path).size === 0) {
        throw new DatabaseError("STORE_DB_DAMAGED", "the file is empty");
      }
      db = new Database(path, new Libsql(path), true);
      db.prepareFile(migrations);
      return db;
    } catch (error) {
      db?.close(false);
      throw asDatabaseError(error);
    }
  }

  /** A file that must not be changed, such as a backup. @throws DatabaseError */
  static openReadOnly(path: string): Database {
    if (!existsSync(path)) throw new DatabaseError("STORE_DB_ACCESS", `${path} does not exist`);
    try {
      assertNoWait(path);
      return new Database(path, new Libsql(`${pathToFileURL(path).href}?mode=ro`), false);
    } catch (error) {
      throw asDatabaseError(error);
    }
  }

  /** @returns how many rows it changed. @throws DatabaseError */
  run(sql: string, ...values: readonly SqlValue[]): number {
    const work = (): number => this.call(() => this.statement(sql).run(checked(values)).changes);
    // Waiting for another program's write is left to BEGIN, which fails cleanly.
    return this.isOpen && !this.db.inTransaction ? this.transaction(work) : work();
  }

  /** The first row, or undefined. @throws DatabaseError */
  get(sql: string, ...values: readonly SqlValue[]): Row | undefined {
    return this.all(sql, ...values)[0];
  }

  /** @throws DatabaseError */
  all(sql: string, ...values: readonly SqlValue[]): Row[] {
    return this.call(() => this.statement(sql).all(checked(values)).map(asRow));
  }

  /**
   * All of `work` or nothing of it; `work` must not be async, and transactions do not nest.
   * @throws what `work` threw, or DatabaseError
   */
  transaction<T>(work: () => T): T {
    this.call(() => this.db.exec("BEGIN IMMEDIATE"));
    try {
      const result = work();
      if (result instanceof Promise) throw new TypeError("a transaction must not be async");
      this.call(() => this.db.exec("COMMIT"));
      return result;
    } catch (error) {
      // A full disk has rolled back by itself; the first error is the one that counts.
      if (this.db.inTransaction) this.db.exec("ROLLBACK");
      if (error instanceof DatabaseError && error.code !== "STORE_DB_FAILED") this.renew();
      throw error;
    }
  }

  /**
   * Writes a whole and consistent copy while others read and write: beside `path` first, checked, synced, then
   * renamed. @throws DatabaseError, also when `path` exists.
   */
  backupInto(path: string): void {
    if (existsSync(path)) throw new DatabaseError("STORE_DB_ACCESS", `${path} exists already`);
    const beside = `${path}.part`;
    try {
      rmSync(beside, { force: true });
      closeSync(openSync(beside, "wx", 0o600));
      const quoted = beside.replaceAll("'", "''");
      this.call(() => this.db.exec(`VACUUM INTO '${quoted}'`));
      checkDatabase(beside);
      syncFile(beside);
      renameSync(beside, path);
      syncFile(dirname(path));
    } catch (error) {
      rmSync(beside, { force: true });
      throw asDatabaseError(error);
    }
  }

  /** Nothing can be asked afterwards. `isSound` false: not a byte of the file is changed any more. */
  close(isSound = true): void {
    if (!this.isOpen) return;
    this.statements.clear();
    if (this.isWritable && isSound) this.checkpoint();
    this.isOpen = false;
    this.db.close();
  }

  /** What stands wrong in the file, or undefined. Reads all of it. @throws DatabaseError */
  problem(): string | undefined {
    const rows = this.all("PRAGMA quick_check(3)").map((row) => String(row["quick_check"]));
    return rows.length === 1 && rows[0] === "ok" ? undefined : rows.join("; ");
  }

  /** How many migrations made its tables. @throws DatabaseError */
  version(): number {
    return Number(this.get("PRAGMA user_version")?.["user_version"]);
  }

  /** Moves the write-ahead file into the database, so that the one file is all there is. */
  private checkpoint(): boolean {
    try {
      return this.get("PRAGMA wal_checkpoint(TRUNCATE)")?.["busy"] === 0;
    } catch {
      // Nothing is lost: the next opening reads the write-ahead file as well.
      return false;
    }
  }

  private prepareFile(migrations: readonly string[]): void {
    this.all(`PRAGMA busy_timeout = ${BUSY_MS}`);
    const problem = this.problem();
    if (problem !== undefined) throw new DatabaseError("STORE_DB_DAMAGED", problem);
    this.prepareConnection();
    this.migrate(migrations);
  }

  private prepareConnection(): void {
    this.all(`PRAGMA busy_timeout = ${BUSY_MS}`);
    this.all("PRAGMA journal_mode = WAL");
    this.all("PRAGMA synchronous = FULL");
    this.all(`PRAGMA journal_size_limit = ${WAL_BYTES_MAX}`);
    this.all("PRAGMA foreign_keys = ON");
    // What a person has Buddy forget must not stay readable in the free pages of the file.
    this.all("PRAGMA secure_delete = ON");
  }

  private renew(): void {
    this.statements.clear();
    this.db.close();
    this.db = new Libsql(this.path);
    this.prepareConnection();
  }

  private migrate(migrations: readonly string[]): void {
    const version = this.version();
    if (version > migrations.length) {
      const words = `its tables are of version ${version}, this Buddy knows ${migrations.length}`;
      throw new DatabaseError("STORE_DB_NEWER", words);
    }
    for (let done = version; done < migrations.length; done++) {
      this.transaction(() => {
        // Another process may have been quicker.
        if (this.version() !== done) return;
        this.db.exec(migrations[done] as string);
        this.db.exec(`PRAGMA user_version = ${done + 1}`);
      });
    }
  }

  private statement(sql: string): Libsql.Statement {
    const known = this.statements.get(sql);
    if (known !== undefined) return known;
    const statement: Libsql.Statement = this.db.prepare(sql);
    if (this.statements.size >= STATEMENTS_MAX) this.statements.clear();
    this.statements.set(sql, statement);
    return statement;
  }

  private call<T>(work: () => T): T {
    if (!this.isOpen) throw new DatabaseError("STORE_DB_ABSENT", "the database is closed");
    try {
      return work();
    } catch (error) {
      if (error instanceof TypeError) throw error;
      throw asDatabaseError(error);
    }
  }
}

/**
 * Locks a file for as long as this process lives, however it ends: the lock is the system's and leaves nothing to clear
 * away. The file stays empty. @returns how to let go, or undefined while another process has it
 * @throws DatabaseError where locks cannot be had
 */
export function lockFile(path: string): (() => void) | undefined {
  let db: Libsql.Database | undefined;
  try {
    assertNoWait(path);
    // Only a new one: to close the file anywhere else in this process would let go of a lock that it has.
    if (!existsSync(path)) closeSync(openSync(path, "a", 0o600));
    db = new Libsql(path);
    // Nothing is ever written, so nothing is needed beside it: a full disk has room for that.
    for (const pragma of ["busy_timeout = 0", "journal_mode = MEMORY"])
      db.prepare(`PRAGMA ${pragma}`).all([]);
    db.exec("BEGIN EXCLUSIVE");
  } catch (error) {
    db?.close();
    const failure = asDatabaseError(error);
    if (failure.code === "STORE_DB_LOCKED") return undefined;
    throw failure;
  }
  const held = db;
  return () => {
    // The binding may keep a closed file open for a while.
    held.exec("ROLLBACK");
    held.close();
  };
}

/**
 * Reads a database file from end to end without changing it. @returns the version of its tables
 * @throws DatabaseError with what is wrong
 */
export function checkDatabase(path: string): number {
  const db = Database.openReadOnly(path);
  try {
    const problem = db.problem();
    if (problem !== undefined) throw new DatabaseError("STORE_DB_DAMAGED", problem);
    return db.version();
  } finally {
    db.close();
  }
}

/** @throws TypeError for what the binding would end the process on, or store as something else. */
function checked(values: readonly SqlValue[]): SqlValue[] {
  for (const value of values) {
    const isFine =
      value === null ||
      (typeof value === "string" && !value.includes("\0")) ||
      Number.isFinite(value) ||
      value instanceof Uint8Array;
    if (!isFine) throw new TypeError(`cannot be stored: ${typeof value} ${String(value)}`);
  }
  // One array as the only argument is what the binding takes without guessing.
  return [...values];
}

function asRow(raw: unknown): Row {
  const row: Record<string, Row[string] | null> = {};
  for (const [name, value] of Object.entries(raw as Record<string, unknown>)) {
    row[name] = value instanceof ArrayBuffer ? Buffer.from(value) : (value as Row[string]);
  }
  return row;
}
