/** The database's file as a file: begun for its owner only, and put on the disk. */
import { closeSync, fsyncSync, lstatSync, openSync } from "node:fs";
import { DatabaseError } from "./database-error.js";

/** @throws DatabaseError for a name that is a link to nothing: what it should have led to may be on a disk that is away. */
export function makeFile(path: string): void {
  if (lstatSync(path, { throwIfNoEntry: false })?.isSymbolicLink()) {
    throw new DatabaseError("STORE_DB_ACCESS", `${path} is a link to what is not there`);
  }
  closeSync(openSync(path, "wx", 0o600));
}

/** What was written to it, or into that folder, is on the disk afterwards. */
export function syncFile(path: string): void {
  const file = openSync(path, "r");
  try {
    fsyncSync(file);
  } finally {
    closeSync(file);
  }
}
