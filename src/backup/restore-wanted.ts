/**
 * Going back to a backup at the next start: the wish is a small file in the data directory, which a start reads before anything
 * else is there. It is done once, whatever comes of it; what cannot be restored leaves everything as it was.
 */
import { rename, rm } from "node:fs/promises";
import { join } from "node:path";
import { readIfThere, syncFolder, writeDurably } from "../datadir/durable-file.js";
import { reasonOf } from "../host/reason.js";
import { BACKUPS_FOLDER } from "./data-files.js";
import { wallMsOf } from "./keep.js";
import { restoreArchive } from "./restore.js";

/** Backups leave it out (`data-files.ts`). */
const WISH_FILE = "restore-wanted";

/** The name of the backup that is wanted back, or undefined. What else stands there is no wish. */
export async function readWish(dataDir: string): Promise<string | undefined> {
  const name = (await readIfThere(join(dataDir, WISH_FILE)))?.trim();
  return name === undefined || wallMsOf(name) === undefined ? undefined : name;
}

export function writeWish(dataDir: string, name: string): Promise<void> {
  return writeDurably(join(dataDir, WISH_FILE), `${name}\n`);
}

export async function forgetWish(dataDir: string): Promise<void> {
  await rm(join(dataDir, WISH_FILE), { force: true });
  await syncFolder(dataDir);
}

/**
 * Goes back to the backup that is wanted, if one is. Nobody else may use the directory meanwhile. Never rejects for a backup
 * that cannot be restored.
 * @returns what was done, a sentence for people, or undefined when nothing was wanted.
 */
export async function restoreWanted(dataDir: string, wallMs: number): Promise<string | undefined> {
  const name = await readWish(dataDir);
  if (name === undefined) return undefined;
  const archive = join(dataDir, BACKUPS_FOLDER, name);
  try {
    const { movedTo } = await restoreArchive({ archive, dataDir, isForced: true, wallMs });
    if (movedTo === undefined) return undefined;
    // Archives hold no archives: those that there are go on being the owner's.
    const stayed = await rename(join(movedTo, BACKUPS_FOLDER), join(dataDir, BACKUPS_FOLDER)).then(
      () => "",
      (error: unknown) => `, the backups, too (${reasonOf(error)})`,
    );
    return `the backup ${name} was brought back; what was there before is in ${movedTo}${stayed}`;
  } catch (error) {
    await rm(join(dataDir, WISH_FILE), { force: true });
    return `the backup ${name} was not brought back: ${reasonOf(error)}; everything is as it was`;
  }
}
