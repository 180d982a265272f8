/** What can go wrong with the database file, as codes of docs/ERRORS.md, and what a person can do about it. */

export type DatabaseCode =
  | "STORE_DB_LOCKED"
  | "STORE_DB_FULL"
  | "STORE_DB_DAMAGED"
  | "STORE_DB_NEWER"
  | "STORE_DB_ACCESS"
  | "STORE_DB_ABSENT"
  | "STORE_DB_FAILED";

export class DatabaseError extends Error {
  override readonly name = "DatabaseError";

  constructor(
    readonly code: DatabaseCode,
    message: string,
    options?: ErrorOptions,
  ) {
    super(message, options);
  }
}

/** Plain words for each code: what is the matter, and what follows or is to be done. */
export const DATABASE_WORDS: Readonly<Record<DatabaseCode, readonly [text: string, next: string]>> =
  {
    STORE_DB_LOCKED: [
      "Another program holds the database.",
      "Stop the other Buddy that uses this data directory; it is tried again by itself.",
    ],
    STORE_DB_FULL: [
      "The disk is full, or nothing can be written to it.",
      "Make room on the disk; it is tried again by itself.",
    ],
    STORE_DB_DAMAGED: [
      "The database is damaged.",
      "It is put aside under another name and a new one is begun; `buddy restore` brings a backup back.",
    ],
    STORE_DB_NEWER: [
      "The database was written by a newer version of Buddy.",
      "Start that version, or move buddy.db away to begin a new one.",
    ],
    STORE_DB_ACCESS: [
      "The database's file cannot be opened or read.",
      "Look at the data directory, its owner and its rights; it is tried again by itself.",
    ],
    STORE_DB_ABSENT: ["The database is not open.", "It is tried again by itself."],
    STORE_DB_FAILED: [
      "The database refused a statement.",
      "This is a bug: report it with the log.",
    ],
  };

/** libsql gives SQLite's names, or only words when the file could not be opened at all. */
export function asDatabaseError(cause: unknown): DatabaseError {
  if (cause instanceof DatabaseError) return cause;
  const { message, code } = cause as { message: string; code?: unknown };
  return new DatabaseError(codeOf(String(code ?? ""), message), message, { cause });
}

function codeOf(sqlite: string, message: string): DatabaseCode {
  if (/^SQLITE_(BUSY|LOCKED)/.test(sqlite)) return "STORE_DB_LOCKED";
  // A limit on the size of files shows as a write error, a full disk as FULL.
  if (/^SQLITE_(FULL|IOERR_(WRITE|FSYNC|TRUNCATE|SHMSIZE))/.test(sqlite)) return "STORE_DB_FULL";
  if (/^SQLITE_(CORRUPT|NOTADB)/.test(sqlite)) return "STORE_DB_DAMAGED";
  if (/^SQLITE_(READONLY|CANTOPEN|PERM|AUTH|IOERR)/.test(sqlite)) return "STORE_DB_ACCESS";
  if (/^ConnectionFailed|^E(ACCES|PERM|ROFS|ISDIR|NOENT|NOTDIR)\b/.test(message)) {
    return "STORE_DB_ACCESS";
  }
  return /^ENOSPC|^EFBIG|^EDQUOT/.test(message) ? "STORE_DB_FULL" : "STORE_DB_FAILED";
}
