/**
 * The runtime's native ciphers as the link wants them (PROTOCOL §1.1). They are called as `@devicescript/crypto` calls
 * them, without its checks of arguments, which are right by construction here and cost 700 bytes of the program.
 */
import type { LinkCrypto } from "../../src/wire/handshake";

interface NativeBuffer {
  encrypt(algo: string, key: Buffer, iv: Buffer, tag: number): Buffer;
  fillRandom(): void;
}

interface NativeDigest {
  digest(key: Buffer, algo: string, data: (Buffer | string)[]): Buffer;
}

const AES = "aes-256-ccm";
const TAG_BYTES = 8;
/** Added to the tag's length it means "decrypt". */
const DECRYPT = 0x1000;

function random(byteCount: number): Buffer {
  const bytes = Buffer.alloc(byteCount);
  (bytes as unknown as NativeBuffer).fillRandom();
  return bytes;
}

function macOf(key: Buffer, label: string, data: Buffer): Buffer {
  return (Buffer as unknown as NativeDigest).digest(key, "sha256", [label, data]);
}

function seal(key: Buffer, nonce: Buffer, plain: Buffer): Buffer {
  return (plain as unknown as NativeBuffer).encrypt(AES, key, nonce, TAG_BYTES);
}

function open(key: Buffer, nonce: Buffer, sealed: Buffer): Buffer | undefined {
  try {
    return (sealed as unknown as NativeBuffer).encrypt(AES, key, nonce, DECRYPT + TAG_BYTES);
  } catch {
    // "encryption tag mismatch" is the answer here, not a failure of ours: the session ends with a code.
    return undefined;
  }
}

export const deviceCrypto: LinkCrypto = { random, hmac: macOf, seal, open };
