/** Node's ciphers with random bytes of the world's seed. */
import { platform } from "./platform.js";

export { createCipheriv, createDecipheriv, createHmac } from "node:crypto";

export function randomBytes(count: number): Buffer {
  return platform().random(count);
}
