/**
 * The signature of a push: HMAC-SHA-256 over method, path, time and the body's hash. By Web Crypto alone, which Node and
 * the Workers runtime both have; `verify` compares in constant time.
 */
const ENCODER = new TextEncoder();
const ALGORITHM = { name: "HMAC", hash: "SHA-256" };

export const TIME_HEADER = "x-buddy-time";
export const SIGNATURE_HEADER = "x-buddy-signature";

/** Shorter keys can be guessed. */
export const KEY_CHARS_MIN = 32;

export interface Signed {
  readonly method: string;
  readonly path: string;
  /** Unix ms by the signer's clock. */
  readonly timeMs: number;
  readonly body: Uint8Array<ArrayBuffer>;
}

/** @returns 64 hex digits. */
export async function sign(key: string, signed: Signed): Promise<string> {
  const mac = await crypto.subtle.sign("HMAC", await keyOf(key, "sign"), await textOf(signed));
  return hexOf(new Uint8Array(mac));
}

/** @returns false as well when the signature is not 64 hex digits. */
export async function verify(key: string, signature: string, signed: Signed): Promise<boolean> {
  const mac = bytesOf(signature);
  if (mac === undefined) return false;
  return crypto.subtle.verify("HMAC", await keyOf(key, "verify"), mac, await textOf(signed));
}

function keyOf(key: string, use: "sign" | "verify") {
  return crypto.subtle.importKey("raw", ENCODER.encode(key), ALGORITHM, false, [use]);
}

async function textOf({ method, path, timeMs, body }: Signed): Promise<Uint8Array<ArrayBuffer>> {
  const hash = hexOf(new Uint8Array(await crypto.subtle.digest("SHA-256", body)));
  return ENCODER.encode(`${method}\n${path}\n${timeMs}\n${hash}`);
}

function hexOf(bytes: Uint8Array): string {
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
}

function bytesOf(hex: string): Uint8Array<ArrayBuffer> | undefined {
  if (!/^[0-9a-f]{64}$/.test(hex)) return undefined;
  return Uint8Array.from({ length: 32 }, (_, i) =>
    Number.parseInt(hex.slice(2 * i, 2 * i + 2), 16),
  );
}
