import { statfs } from "node:fs/promises";

/** Room for this user on the file system of a folder, bytes. @throws the file system's error */
export async function freeBytesOf(folder: string): Promise<number> {
  const { bavail, bsize } = await statfs(folder);
  return bavail * bsize;
}
