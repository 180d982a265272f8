/** Names of the daily archives, which of them are kept, and when the next is due. Pure but for reading the folder. */
import { readdir, rm, stat } from "node:fs/promises";
import { join } from "node:path";
import { BACKUPS_FOLDER } from "./data-files.js";

export const DAY_MS = 24 * 3_600_000;
/** C6. */
export const KEEP_MS = 30 * DAY_MS;
/** More than one a day (by hand, or a clock that jumps) must not fill the disk. */
export const KEEP_MAX = 60;

/** Beside an archive while it is made; one that was killed leaves it. */
export const MAKING = ".making-";
/** A backup takes seconds; what nobody has touched for so long is nobody's any more. */
const HALF_MADE_MS_MAX = 3_600_000;

const NAME = /^buddy-(\d{4})(\d{2})(\d{2})T(\d{2})(\d{2})(\d{2})Z\.tar\.gz$/;

export interface KeptBackup {
  readonly name: string;
  readonly wallMs: number;
}

export function backupName(wallMs: number): string {
  return `buddy-${new Date(wallMs).toISOString().replaceAll(/[-:]|\.\d+/g, "")}.tar.gz`;
}

/** @returns the moment in the name, or undefined when it is not one of ours. */
export function wallMsOf(name: string): number | undefined {
  const match = NAME.exec(name);
  if (!match) return undefined;
  const [, year, month, day, hour, minute, second] = match;
  const wallMs = Date.parse(`${year}-${month}-${day}T${hour}:${minute}:${second}Z`);
  return Number.isNaN(wallMs) ? undefined : wallMs;
}

/** Newest first. An absent folder holds none. */
export async function listBackups(dataDir: string): Promise<KeptBackup[]> {
  let names: string[];
  try {
    names = await readdir(join(dataDir, BACKUPS_FOLDER));
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return [];
    throw error;
  }
  return names
    .flatMap((name) => {
      const wallMs = wallMsOf(name);
      return wallMs === undefined ? [] : [{ name, wallMs }];
    })
    .sort((a, b) => b.wallMs - a.wallMs);
}

/** Which may go: older than 30 days or beyond the number that is kept; never the newest. */
export function tooMany(backups: readonly KeptBackup[], wallMs: number): KeptBackup[] {
  return backups.filter(
    (backup, index) => index > 0 && (index >= KEEP_MAX || wallMs - backup.wallMs > KEEP_MS),
  );
}

/** Time until a backup is due; 0 when it is. One from the future (the clock was set back) does not count. */
export function dueInMs(backups: readonly KeptBackup[], wallMs: number): number {
  const newest = backups.find((backup) => backup.wallMs <= wallMs);
  return newest === undefined ? 0 : Math.max(0, newest.wallMs + DAY_MS - wallMs);
}

/** Removes what may go. @returns their names. */
export async function removeOld(dataDir: string, wallMs: number): Promise<string[]> {
  const old = tooMany(await listBackups(dataDir), wallMs);
  for (const { name } of old) await rm(join(dataDir, BACKUPS_FOLDER, name), { force: true });
  return old.map(({ name }) => name);
}

/** Removes what killed backups have left half-made: else a disk on which each takes too long would fill up with them. */
export async function removeHalfMade(dataDir: string, wallMs: number): Promise<void> {
  const folder = join(dataDir, BACKUPS_FOLDER);
  for (const name of await readdir(folder)) {
    const at = name.indexOf(MAKING);
    if (at < 0 || wallMsOf(name.slice(0, at)) === undefined) continue;
    const path = join(folder, name);
    const touchedMs = await lastTouchedMs(path);
    if (touchedMs !== undefined && wallMs - touchedMs > HALF_MADE_MS_MAX)
      await rm(path, { recursive: true, force: true });
  }
}

/** When a folder or something in it was last written; undefined: it is being finished at this moment. */
async function lastTouchedMs(folder: string): Promise<number | undefined> {
  try {
    const inside = (await readdir(folder)).map((file) => join(folder, file));
    const all = await Promise.all([folder, ...inside].map((one) => stat(one)));
    return Math.max(...all.map(({ mtimeMs }) => mtimeMs));
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return undefined;
    throw error;
  }
}
