/**
 * The database, read from end to end. It is looked at in a copy: opening a write-ahead database changes the files beside it,
 * and the doctor may be another user than Buddy.
 */
import { existsSync, statSync } from "node:fs";
import { copyFile, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { systemReasonOf } from "../host/reason.js";
import { hasPast } from "../datadir/data-dir.js";
import { BACKUPS_FOLDER } from "../backup/data-files.js";
import { listBackups } from "../backup/keep.js";
import { checkDatabase } from "../store/database.js";
import { DATABASE_WORDS, DatabaseError } from "../store/database-error.js";
import { MIGRATIONS } from "../store/migrations.js";
import { assertNoWait } from "../host/file-fault.js";
import { DATABASE_FILE } from "../store/store.js";
import { line, type Line } from "./line.js";

/** For a Buddy that does not run: one that does tells itself, and writes to the file meanwhile. */
export async function checkBuddyDb(dataDir: string): Promise<Line> {
  const [id, title] = ["memory", "Memory"];
  const path = join(dataDir, DATABASE_FILE);
  // An empty file is what a full disk or a cut copy leaves; the database's own reader would take it for a new one.
  const isGone = !existsSync(path);
  if (isGone || statSync(path).size === 0) {
    if (!hasPast(dataDir)) return line(id, title, "ok", "There is no database yet.");
    const what = isGone ? "is not there" : "is empty";
    const text = `${DATABASE_FILE} ${what}, though Buddy has run here: its memory and the robots' kept states are lost.`;
    return line(id, title, "mend", text, await wayBack(dataDir, "the next start begins a new one"));
  }
  try {
    const version = await versionOf(path);
    if (version <= MIGRATIONS.length) return line(id, title, "ok", "The database is whole.");
    const [text, next] = DATABASE_WORDS.STORE_DB_NEWER;
    return line(id, title, "mend", text, next);
  } catch (error) {
    if (!(error instanceof DatabaseError)) {
      const words = `The database could not be looked at (${systemReasonOf(error)}).`;
      return line(id, title, "mend", words, `see whose file it is: \`ls -l ${path}\``);
    }
    const text = `${DATABASE_WORDS[error.code][0]} (${error.message})`;
    return line(id, title, "mend", text, await wayBack(dataDir, KEPT_ASIDE));
  }
}

const KEPT_ASIDE = "the next start keeps it under another name and begins a new one";

async function versionOf(path: string): Promise<number> {
  const folder = await mkdtemp(join(tmpdir(), "buddy-doctor-"));
  try {
    for (const suffix of ["", "-wal"]) {
      const source = `${path}${suffix}`;
      assertNoWait(source);
      if (existsSync(source)) await copyFile(source, join(folder, `${DATABASE_FILE}${suffix}`));
    }
    return checkDatabase(join(folder, DATABASE_FILE));
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** @param without what happens where there is no backup. */
async function wayBack(dataDir: string, without: string): Promise<string> {
  // A folder that cannot be read has a line of its own.
  const [newest] = await listBackups(dataDir).catch(() => []);
  if (newest === undefined) return `there is no backup; ${without}`;
  const archive = join(dataDir, BACKUPS_FOLDER, newest.name);
  return `\`buddy restore ${archive} --data ${dataDir} --force\``;
}
