import { createHash, timingSafeEqual } from "node:crypto";

/** Shorter could be guessed. */
export const TOKEN_CHARS_MIN = 16;

/** Compares in a time that does not depend on where the first difference is, nor on the lengths. */
export function isSameSecret(a: string, b: string): boolean {
  const digest = (text: string): Buffer => createHash("sha256").update(text).digest();
  return timingSafeEqual(digest(a), digest(b));
}
