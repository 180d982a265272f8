/**
 * Secrets of one installation (the link's key, the token of the doors): made once from the system's random
 * source, kept in the data directory, readable by the owner only, never logged.
 */
import { randomBytes } from "node:crypto";
import {
  closeSync,
  existsSync,
  fsyncSync,
  mkdirSync,
  openSync,
  readFileSync,
  renameSync,
  rmSync,
  writeSync,
} from "node:fs";
import { join } from "node:path";
import { assertNoWait } from "../host/file-fault.js";

export class SecretFileError extends Error {
  readonly code = "CONFIG_SECRET";
}

/**
 * @param bytes length of a new secret; it is stored as twice as many hex digits.
 * @throws SecretFileError when the file exists but does not hold exactly that, or cannot be read or made: it is never
 * replaced, because robots may already know it.
 */
export function secretOf(dataDir: string, name: string, bytes: number): string {
  const path = join(dataDir, name);
  try {
    mkdirSync(dataDir, { recursive: true, mode: 0o700 });
    return existsSync(path) ? readSecretFile(path, bytes) : makeSecretFile(path, bytes);
  } catch (error) {
    if (error instanceof SecretFileError) throw error;
    const { code, message } = error as NodeJS.ErrnoException;
    const next =
      code === "ENOSPC" || code === "EDQUOT"
        ? "make room on the disk"
        : "see whose file it is and what this user may do in its folder";
    throw new SecretFileError(`${path}: ${message}; ${next}`, { cause: error });
  }
}

/** Reads one that is there. @throws SecretFileError when it holds something else, or the file system's error. */
export function readSecretFile(path: string, bytes: number): string {
  assertNoWait(path);
  const text = readFileSync(path, "utf8").trim();
  if (text.length === bytes * 2 && /^[0-9a-f]+$/.test(text)) return text;
  throw new SecretFileError(
    `${path}: expected ${bytes * 2} hex digits, found ${text.length} characters of something else; ` +
      `restore it from a backup, or delete it and provision the robot again`,
  );
}

/** Whole or not at all: a full disk or a cut must not leave an empty file that no later start can use. */
function makeSecretFile(path: string, bytes: number): string {
  const fresh = randomBytes(bytes).toString("hex");
  const beside = `${path}.new`;
  try {
    const file = openSync(beside, "w", 0o600);
    try {
      writeSync(file, `${fresh}\n`);
      fsyncSync(file);
    } finally {
      closeSync(file);
    }
    renameSync(beside, path);
  } catch (error) {
    rmSync(beside, { force: true });
    throw error;
  }
  return fresh;
}
