/**
 * `buddy.db` of a data directory as something that may be absent: whatever is wrong with the file, Buddy runs, says so
 * and tries again. A damaged file is put aside under another name, never deleted, and a new one is begun.
 */
import { existsSync, renameSync } from "node:fs";
import { join } from "node:path";
import type { CancelTimer, Clock } from "../time/clock.js";
import { Database } from "./database.js";
import { asDatabaseError, DATABASE_WORDS, DatabaseError } from "./database-error.js";
import { MIGRATIONS } from "./migrations.js";

/** Name of the file in the data directory; SQLite keeps `-wal` and `-shm` beside it. */
export const DATABASE_FILE = "buddy.db";
/** A database that could not be opened is tried again this often. */
const RETRY_MS = 30_000;
/** More than this many damaged files in one run mean a defective disk: then it stays absent. */
const PUT_ASIDE_MAX = 3;

export interface StoreOptions {
  /** The data directory; it exists. */
  readonly dir: string;
  /** Buddy has run in it before: a database that is not there was lost. */
  readonly hasPast?: boolean;
  readonly clock: Clock;
  readonly log: (level: "info" | "warn" | "error", message: string) => void;
}

/** How the store is, for people. */
export interface StoreView {
  readonly isOpen: boolean;
  /** What the last use of it failed with; absent when all is well. */
  readonly problem?: { readonly text: string; readonly next: string; readonly detail: string };
  /** Damaged files that were put aside in this run. */
  readonly putAside: readonly string[];
  /** It was gone, and a new one was begun. */
  readonly wasLost: boolean;
}

export class Store {
  private db: Database | undefined;
  private failure: DatabaseError | undefined;
  private readonly putAside: string[] = [];
  private readonly listeners = new Set<(db: Database) => void>();
  private cancelRetry: CancelTimer | undefined;
  private isClosed = false;
  private wasLost = false;
  private readonly path: string;

  constructor(private readonly options: StoreOptions) {
    this.path = join(options.dir, DATABASE_FILE);
  }

  /** Opens the file, or says why not and goes on trying. Never throws. */
  open(): void {
    this.cancelRetry = undefined;
    try {
      const isGone = this.options.hasPast === true && !existsSync(this.path);
      this.db = this.openOrBegin();
      if (isGone) this.noteLost();
      this.failure = undefined;
      for (const listener of this.listeners) listener(this.db);
    } catch (error) {
      this.noteFailure(asDatabaseError(error));
      this.retryLater();
    }
  }

  /** Ends it for good; `use` throws from now on. */
  close(): void {
    this.isClosed = true;
    this.cancelRetry?.();
    this.db?.close();
    this.db = undefined;
  }

  /**
   * Does something with the database, now.
   * @throws DatabaseError when it is absent or fails; what was not acknowledged is for the caller to keep.
   */
  use<T>(work: (db: Database) => T): T {
    if (this.db === undefined) {
      const words = this.failure?.message ?? "it was not opened yet";
      throw new DatabaseError("STORE_DB_ABSENT", words);
    }
    try {
      const result = work(this.db);
      this.failure = undefined;
      return result;
    } catch (error) {
      if (error instanceof DatabaseError) this.takeFailure(error);
      throw error;
    }
  }

  /** As `use`, and undefined where that throws: the store has said so itself and goes on trying. A bug of ours is thrown. */
  attempt<T>(work: (db: Database) => T): T | undefined {
    try {
      return this.use(work);
    } catch (error) {
      if (!(error instanceof DatabaseError)) throw error;
      return undefined;
    }
  }

  /** Calls back each time the database was opened. @returns the function that ends that. */
  onOpen(listener: (db: Database) => void): () => void {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  }

  view(): StoreView {
    const { failure } = this;
    const base = { isOpen: this.db !== undefined, putAside: this.putAside, wasLost: this.wasLost };
    if (failure === undefined) return base;
    const [text, next] = DATABASE_WORDS[failure.code];
    return { ...base, problem: { text, next, detail: failure.message } };
  }

  private openOrBegin(): Database {
    for (;;) {
      try {
        return Database.open(this.path, MIGRATIONS);
      } catch (error) {
        const failure = asDatabaseError(error);
        if (failure.code !== "STORE_DB_DAMAGED") throw failure;
        if (this.putAside.length >= PUT_ASIDE_MAX) throw failure;
        this.putFileAside(failure);
      }
    }
  }

  private noteLost(): void {
    this.wasLost = true;
    const words = `${this.path} was not there, though Buddy has run here before`;
    this.options.log(
      "error",
      `${words}: a new one was begun; \`buddy restore\` brings a backup back`,
    );
  }

  private takeFailure(failure: DatabaseError): void {
    this.noteFailure(failure);
    // A full disk and another program's write pass by themselves; a file that cannot be read is opened anew.
    if (failure.code !== "STORE_DB_DAMAGED" && failure.code !== "STORE_DB_ACCESS") return;
    this.db?.close(false);
    this.db = undefined;
    if (failure.code === "STORE_DB_DAMAGED") this.open();
    else this.retryLater();
  }

  private noteFailure(failure: DatabaseError): void {
    const isNews = this.failure?.code !== failure.code;
    this.failure = failure;
    if (!isNews) return;
    const [text, next] = DATABASE_WORDS[failure.code];
    this.options.log("error", `${failure.code}: ${text} (${failure.message}) ${next}`);
  }

  private retryLater(): void {
    if (this.isClosed || this.cancelRetry !== undefined) return;
    this.cancelRetry = this.options.clock.after(RETRY_MS, () => this.open());
  }

  private putFileAside(failure: DatabaseError): void {
    const stamp = new Date(this.options.clock.wallMs()).toISOString().replace(/[-:]|\.\d+/g, "");
    const base = `${this.path}.damaged-${stamp}`;
    let aside = base;
    for (let n = 2; existsSync(aside); n++) aside = `${base}-${n}`;
    // The write-ahead file goes with it: whoever repairs the file by hand needs both.
    for (const suffix of ["", "-wal", "-shm"]) {
      if (existsSync(this.path + suffix)) renameSync(this.path + suffix, aside + suffix);
    }
    this.putAside.push(aside);
    const words = `STORE_DB_DAMAGED: ${this.path} is damaged (${failure.message})`;
    this.options.log("error", `${words}; it was kept as ${aside} and a new one was begun`);
  }
}
