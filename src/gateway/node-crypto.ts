/** Node's ciphers as the link wants them (PROTOCOL §1.1); the device has the same in `devs/link/crypto.ts`. */
import { createCipheriv, createDecipheriv, createHmac, randomBytes } from "node:crypto";
import type { LinkCrypto } from "../wire/handshake.js";
import { TAG_BYTES } from "../wire/link.js";

const CIPHER = "aes-256-ccm";

function seal(key: Buffer, nonce: Buffer, plain: Buffer): Buffer {
  const cipher = createCipheriv(CIPHER, key, nonce, { authTagLength: TAG_BYTES });
  const text = cipher.update(plain);
  cipher.final();
  return Buffer.concat([text, cipher.getAuthTag()]);
}

function open(key: Buffer, nonce: Buffer, sealed: Buffer): Buffer | undefined {
  const decipher = createDecipheriv(CIPHER, key, nonce, { authTagLength: TAG_BYTES });
  decipher.setAuthTag(sealed.subarray(sealed.length - TAG_BYTES));
  try {
    const plain = decipher.update(sealed.subarray(0, sealed.length - TAG_BYTES));
    decipher.final();
    return plain;
  } catch {
    // A wrong tag is an answer, not a failure of ours: the session ends with a code.
    return undefined;
  }
}

export const nodeCrypto: LinkCrypto = {
  random: (byteCount) => randomBytes(byteCount),
  hmac: (key, label, data) => createHmac("sha256", key).update(label).update(data).digest(),
  seal,
  open,
};
