/**
 * Brings a backup back. All of it is read, checked and written beside the data directory first; only then is the
 * directory exchanged, in one rename. What was there before is kept under another name.
 */
import { mkdir, mkdtemp, open, readdir, rename, rm, rmdir } from "node:fs/promises";
import { dirname, join, resolve } from "node:path";
import { checkDatabase } from "../store/database.js";
import { BackupError } from "./backup-error.js";
import { isDatabase } from "./data-files.js";
import type { Manifest } from "./manifest.js";
import { readArchive } from "./read-archive.js";

export interface RestoreRequest {
  readonly archive: string;
  readonly dataDir: string;
  /** Replace a directory that is not empty; its content is moved aside. */
  readonly isForced: boolean;
  readonly wallMs: number;
}

export interface Restored {
  readonly manifest: Manifest;
  /** Where the former content is; undefined when there was none. */
  readonly movedTo: string | undefined;
}

/** @throws BackupError, DatabaseError or the file system's error; the data directory is as it was then. */
export async function restoreArchive(request: RestoreRequest): Promise<Restored> {
  const dataDir = resolve(request.dataDir);
  const isEmpty = (await namesIn(dataDir)).length === 0;
  if (!isEmpty && !request.isForced) {
    const why = `${dataDir} is not empty; name a new directory, or replace it with --force (its content is moved aside)`;
    throw new BackupError("STORE_BACKUP_TARGET", why);
  }
  await mkdir(dirname(dataDir), { recursive: true });
  const staging = await mkdtemp(`${dataDir}.restoring-`);
  try {
    const manifest = await readArchive(request.archive, staging);
    for (const { path } of manifest.files) {
      if (isDatabase(path)) checkDatabase(join(staging, path));
    }
    const movedTo = await exchange(staging, dataDir, isEmpty, request.wallMs);
    return { manifest, movedTo };
  } finally {
    await rm(staging, { recursive: true, force: true });
  }
}

async function namesIn(folder: string): Promise<string[]> {
  try {
    return await readdir(folder);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return [];
    throw error;
  }
}

async function exchange(
  staging: string,
  dataDir: string,
  isEmpty: boolean,
  wallMs: number,
): Promise<string | undefined> {
  let movedTo: string | undefined;
  if (isEmpty) {
    await rmdir(dataDir).catch((error: NodeJS.ErrnoException) => {
      if (error.code !== "ENOENT") throw error;
    });
  } else {
    const stamp = new Date(wallMs).toISOString().replaceAll(/[-:]|\.\d+/g, "");
    movedTo = `${dataDir}.before-restore-${stamp}`;
    await rename(dataDir, movedTo);
  }
  try {
    await rename(staging, dataDir);
  } catch (error) {
    if (movedTo !== undefined) await rename(movedTo, dataDir);
    throw error;
  }
  const parent = await open(dirname(dataDir), "r");
  try {
    await parent.sync();
  } finally {
    await parent.close();
  }
  return movedTo;
}
