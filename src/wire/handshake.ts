/**
 * What proves and protects a link session (PROTOCOL §1.1, §1.2), for both ends: macs, session keys, sealed
 * frames. The primitives themselves come in as `LinkCrypto`: native code of the runtime on the device,
 * `node:crypto` in Node.
 */
import { copyBytes, putU32, sliceBytes } from "./bytes.js";
import { LINK_COUNTER_MAX } from "./limits.js";
import {
  LABEL_DEVICE,
  LABEL_DEVICE_TO_GATEWAY,
  LABEL_GATEWAY,
  LABEL_GATEWAY_TO_DEVICE,
  MAC_BYTES,
  SEAL_NONCE_BYTES,
  TAG_BYTES,
} from "./link.js";

export interface LinkCrypto {
  /** Bytes that nobody can guess. */
  random(byteCount: number): Buffer;
  /** HMAC-SHA-256 over the ASCII `label` and then `data`; 32 bytes. */
  hmac(key: Buffer, label: string, data: Buffer): Buffer;
  /** AES-256-CCM with an 8-byte tag behind the cipher text and no associated data. */
  seal(key: Buffer, nonce: Buffer, plain: Buffer): Buffer;
  /** The plain text, or nothing if the tag is wrong. */
  open(key: Buffer, nonce: Buffer, sealed: Buffer): Buffer | undefined;
}

function join(a: Buffer, b: Buffer, c: Buffer): Buffer {
  const out = Buffer.alloc(a.length + b.length + c.length);
  copyBytes(out, 0, a, 0, a.length);
  copyBytes(out, a.length, b, 0, b.length);
  copyBytes(out, a.length + b.length, c, 0, c.length);
  return out;
}

const NOTHING = Buffer.alloc(0);

/** macG of CHALLENGE: the gateway knows the key and answers this very HELLO. */
export function gatewayMac(
  crypto: LinkCrypto,
  psk: Buffer,
  helloBody: Buffer,
  nonceG: Buffer,
): Buffer {
  const mac = crypto.hmac(psk, LABEL_GATEWAY, join(helloBody, nonceG, NOTHING));
  return sliceBytes(mac, 0, MAC_BYTES);
}

/** macD of PROOF: the device knows the key and answers this very CHALLENGE. */
export function deviceMac(
  crypto: LinkCrypto,
  psk: Buffer,
  helloBody: Buffer,
  challengeBody: Buffer,
): Buffer {
  const mac = crypto.hmac(psk, LABEL_DEVICE, join(helloBody, challengeBody, NOTHING));
  return sliceBytes(mac, 0, MAC_BYTES);
}

/** Session key of the frames that the device sends. */
export function deviceToGatewayKey(
  crypto: LinkCrypto,
  psk: Buffer,
  nonceD: Buffer,
  nonceG: Buffer,
  deviceId: Buffer,
): Buffer {
  return crypto.hmac(psk, LABEL_DEVICE_TO_GATEWAY, join(nonceD, nonceG, deviceId));
}

/** Session key of the frames that the gateway sends. */
export function gatewayToDeviceKey(
  crypto: LinkCrypto,
  psk: Buffer,
  nonceD: Buffer,
  nonceG: Buffer,
  deviceId: Buffer,
): Buffer {
  return crypto.hmac(psk, LABEL_GATEWAY_TO_DEVICE, join(nonceD, nonceG, deviceId));
}

/** Compares macs in a time that does not depend on where they differ. */
export function equalBytes(a: Buffer, b: Buffer): boolean {
  let difference = a.length ^ b.length;
  for (let i = 0; i < a.length; i++) difference |= (a[i] ?? 0) ^ (b[i] ?? 0);
  return difference === 0;
}

/** One direction of a session: its key and the counter that is the nonce, one more for each frame. */
export class SealedWay {
  private readonly crypto: LinkCrypto;
  private readonly key: Buffer;
  private readonly nonce: Buffer = Buffer.alloc(SEAL_NONCE_BYTES);
  private counter: number;

  /** `counter` is only for tests of its end. */
  constructor(crypto: LinkCrypto, key: Buffer, counter: number = 0) {
    this.crypto = crypto;
    this.key = key;
    this.counter = counter;
  }

  /** Whether the counter is used up: the session must end. */
  isSpent(): boolean {
    return this.counter >= LINK_COUNTER_MAX;
  }

  /** The sealed body of the next frame. Must not be called when spent. */
  seal(plain: Buffer): Buffer {
    return this.crypto.seal(this.key, this.nextNonce(), plain);
  }

  /** The plain text of the next frame, or nothing if it is not exactly that frame. */
  open(sealed: Buffer): Buffer | undefined {
    // Type and tag are the least a sealed body can hold; the ciphers throw on less.
    if (sealed.length < 1 + TAG_BYTES || this.isSpent()) return undefined;
    return this.crypto.open(this.key, this.nextNonce(), sealed);
  }

  private nextNonce(): Buffer {
    const { nonce, counter } = this;
    putU32(nonce, SEAL_NONCE_BYTES - 4, counter);
    this.counter = counter + 1;
    return nonce;
  }
}
