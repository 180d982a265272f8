/**
 * Secrets of one installation (the link's key, the token of the doors): made once from the system's random
 * source, kept in the data directory, readable by the owner only, never logged.
 */
import { randomBytes } from "node:crypto";
import { closeSync, fsyncSync, mkdirSync, openSync, readFileSync, writeSync } from "node:fs";
import { join } from "node:path";

export class SecretFileError extends Error {
  readonly code = "CONFIG_SECRET";
}

/**
 * @param bytes length of a new secret; it is stored as twice as many hex digits.
 * @throws SecretFileError when the file exists but does not hold exactly that: it is never replaced,
 * because robots may already know it.
 */
export function secretOf(dataDir: string, name: string, bytes: number): string {
  mkdirSync(dataDir, { recursive: true, mode: 0o700 });
  const path = join(dataDir, name);
  const fresh = randomBytes(bytes).toString("hex");
  let file: number;
  try {
    file = openSync(path, "wx", 0o600);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "EEXIST") throw error;
    return checked(path, readFileSync(path, "utf8").trim(), bytes);
  }
  writeSync(file, `${fresh}\n`);
  fsyncSync(file);
  closeSync(file);
  return fresh;
}

function checked(path: string, text: string, bytes: number): string {
  if (text.length === bytes * 2 && /^[0-9a-f]+$/.test(text)) return text;
  throw new SecretFileError(
    `${path}: expected ${bytes * 2} hex digits, found ${text.length} characters of something else; ` +
      `restore it from a backup, or delete it and provision the robot again`,
  );
}
