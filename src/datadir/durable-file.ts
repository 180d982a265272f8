/**
 * Small files that must be whole: written beside, synced, renamed, and the directory synced, so that a power cut
 * leaves the old content or the new one.
 */
import { open, readFile, rename, rm } from "node:fs/promises";
import { dirname } from "node:path";
import { assertNoWait } from "../host/file-fault.js";

/**
 * Writes `text` to `path`, readable by this user only. The directory must exist.
 * @throws the file system's error (ENOSPC, EACCES …); the old content is untouched then.
 */
export async function writeDurably(path: string, text: string): Promise<void> {
  const beside = `${path}.new`;
  try {
    const file = await open(beside, "w", 0o600);
    try {
      await file.writeFile(text);
      await file.sync();
    } finally {
      await file.close();
    }
    await rename(beside, path);
  } catch (error) {
    await rm(beside, { force: true });
    throw error;
  }
  await syncFolder(dirname(path));
}

/** What was made, renamed or removed in it is on the disk afterwards. @throws the file system's error */
export async function syncFolder(path: string): Promise<void> {
  const folder = await open(path, "r");
  try {
    await folder.sync();
  } finally {
    await folder.close();
  }
}

/** The file's text, or undefined when there is none. @throws what stands there in place of a file, or the file system's error */
export async function readIfThere(path: string): Promise<string | undefined> {
  assertNoWait(path);
  try {
    return await readFile(path, "utf8");
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return undefined;
    throw error;
  }
}
