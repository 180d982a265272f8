/**
 * Which files of a data directory are worth keeping: all, but what only a running companion means, what can be made
 * again, and what grows. So a part that keeps a new file is backed up without anybody thinking of it.
 */
import { readdir } from "node:fs/promises";
import { join } from "node:path";
import { BackupError } from "./backup-error.js";
import { ARCHIVE_FILES_MAX } from "./manifest.js";
import { pathFault } from "./tar.js";

export const BACKUPS_FOLDER = "backups";

/** Files and folders, by their path in the data directory. */
const LEFT_OUT: readonly RegExp[] = [
  /^runtime\.json$/, // where a running companion is
  /^restore-wanted$/, // what its next start is to do
  /^backups$/,
  /^logs$/,
  /^alerts\.log(\.\d+)?$/,
  /^cache$/,
  /^robot\/\.devicescript\/bin$/, // the simulated robot's build
  /\.(new|part|tmp|lock)$/, // half-written
  /-(wal|shm|journal)$/, // of a database, which is copied as a whole
];

/** SQLite files, which other programs may be writing to. */
export function isDatabase(path: string): boolean {
  return path.endsWith(".db");
}

export function isKept(path: string): boolean {
  return !LEFT_OUT.some((form) => form.test(path));
}

/** Paths relative to the directory, sorted. @throws BackupError for too many files, or one with a strange name. */
export async function dataFiles(dataDir: string): Promise<string[]> {
  const found: string[] = [];
  const visit = async (folder: string): Promise<void> => {
    for (const entry of await readdir(join(dataDir, folder), { withFileTypes: true })) {
      const path = folder === "" ? entry.name : `${folder}/${entry.name}`;
      if (!isKept(path)) continue;
      if (entry.isDirectory()) await visit(path);
      // Links and sockets are nobody's data.
      else if (entry.isFile()) found.push(path);
      if (found.length > ARCHIVE_FILES_MAX) throw new BackupError("STORE_BACKUP_LIMIT", TOO_MANY);
    }
  };
  await visit("");
  for (const path of found) {
    const fault = pathFault(path);
    if (fault !== undefined) {
      const why = `${JSON.stringify(path)} cannot be kept: ${fault}; rename it or move it away`;
      throw new BackupError("STORE_BACKUP_LIMIT", why);
    }
  }
  return found.sort();
}

const TOO_MANY = `there are more than ${ARCHIVE_FILES_MAX} files; is this a data directory of Buddy?`;
