/**
 * A small certificate authority of this installation, and the certificate of its doors that it signs. Browsers give microphone
 * and camera to https alone, and nobody else can vouch for a name such as buddy.local. The authority's key never leaves the
 * data directory; its certificate is what people install on a phone.
 */
import "reflect-metadata";
import { type webcrypto, X509Certificate } from "node:crypto";
import { mkdir, readFile } from "node:fs/promises";
import { isIP } from "node:net";
import { hostname } from "node:os";
import { join } from "node:path";
import * as x509 from "@peculiar/x509";
import { readIfThere, writeDurably } from "../datadir/durable-file.js";
import { TlsError } from "./tls-files.js";

const DAY_MS = 24 * 3_600_000;
/** Installed by hand on each phone, so it has to last. */
const AUTHORITY_MS = 10 * 365 * DAY_MS;
/** Apple takes 398 days at most of any certificate. */
const LEAF_MS = 390 * DAY_MS;
/** Made anew when it would end within this time. */
const RENEW_MS = 30 * DAY_MS;
/** Clocks of phones differ. */
const EARLY_MS = DAY_MS;
const ALGORITHM = { name: "ECDSA", namedCurve: "P-256", hash: "SHA-256" } as const;
const SERVER_AUTH = "1.3.6.1.5.5.7.3.1";

export interface Certified {
  /** The authority's certificate, PEM. */
  readonly authority: string;
  readonly certFile: string;
  readonly keyFile: string;
}

/**
 * Makes what is missing in `dir`, and the doors' certificate anew when it lacks a name or ends soon.
 * @param names host names and addresses
 * @throws TlsError when what is there cannot be used, or the file system's error
 */
export async function certify(
  dir: string,
  names: readonly string[],
  wallMs: number,
): Promise<Certified> {
  await mkdir(dir, { recursive: true, mode: 0o700 });
  const authority = (await readAuthority(dir, wallMs)) ?? (await makeAuthority(dir, wallMs));
  const [certFile, keyFile] = [join(dir, "door.crt"), join(dir, "door.key")];
  const leaf = await readIfThere(certFile);
  const key = await readIfThere(keyFile);
  if (leaf === undefined || key === undefined || !isGood(leaf, authority, names, wallMs)) {
    await makeLeaf(authority, names, wallMs, certFile, keyFile);
  }
  return { authority: authority.pem, certFile, keyFile };
}

interface Authority {
  readonly pem: string;
  readonly subject: string;
  readonly privateKey: webcrypto.CryptoKey;
  readonly publicKey: webcrypto.CryptoKey;
}

const authorityFiles = (dir: string): { crt: string; key: string } => ({
  crt: join(dir, "authority.crt"),
  key: join(dir, "authority.key"),
});

async function readAuthority(dir: string, wallMs: number): Promise<Authority | undefined> {
  const { crt, key } = authorityFiles(dir);
  const pem = await readIfThere(crt);
  if (pem === undefined) return undefined;
  try {
    const certificate = new x509.X509Certificate(pem);
    if (certificate.notAfter.getTime() < wallMs) throw new Error("it has expired");
    const raw = x509.PemConverter.decodeFirst(await readFile(key, "utf8"));
    const privateKey = await crypto.subtle.importKey("pkcs8", raw, ALGORITHM, false, ["sign"]);
    return {
      pem,
      subject: certificate.subject,
      privateKey,
      publicKey: await certificate.publicKey.export(),
    };
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    throw new TlsError(
      `${crt} and ${key} cannot be used (${why}); restore them from a backup, or delete both and install the new ` +
        "certificate on your phones",
      { cause: error },
    );
  }
}

async function makeAuthority(dir: string, wallMs: number): Promise<Authority> {
  const keys = await newKeys();
  const certificate = await x509.X509CertificateGenerator.createSelfSigned({
    name: [{ CN: [`Buddy on ${hostname()}`] }],
    notBefore: new Date(wallMs - EARLY_MS),
    notAfter: new Date(wallMs + AUTHORITY_MS),
    keys,
    signingAlgorithm: ALGORITHM,
    extensions: [
      new x509.BasicConstraintsExtension(true, 0, true),
      new x509.KeyUsagesExtension(
        x509.KeyUsageFlags.keyCertSign | x509.KeyUsageFlags.cRLSign,
        true,
      ),
      await x509.SubjectKeyIdentifierExtension.create(keys.publicKey),
    ],
  });
  const { crt, key } = authorityFiles(dir);
  const pem = certificate.toString("pem");
  // The key first: a certificate without one could never be used, nor replaced by itself.
  await writeDurably(key, await pemOf(keys.privateKey));
  await writeDurably(crt, pem);
  return { pem, subject: certificate.subject, ...keys };
}

async function makeLeaf(
  authority: Authority,
  names: readonly string[],
  wallMs: number,
  certFile: string,
  keyFile: string,
): Promise<void> {
  const keys = await newKeys();
  const certificate = await x509.X509CertificateGenerator.create({
    subject: [{ CN: [names[0] ?? "buddy"] }],
    issuer: authority.subject,
    notBefore: new Date(wallMs - EARLY_MS),
    notAfter: new Date(wallMs + LEAF_MS),
    publicKey: keys.publicKey,
    signingKey: authority.privateKey,
    signingAlgorithm: ALGORITHM,
    extensions: [
      new x509.BasicConstraintsExtension(false, undefined, true),
      new x509.KeyUsagesExtension(x509.KeyUsageFlags.digitalSignature, true),
      new x509.ExtendedKeyUsageExtension([SERVER_AUTH]),
      new x509.SubjectAlternativeNameExtension(
        names.map((value) => ({ type: isIP(value) === 0 ? "dns" : "ip", value })),
      ),
      await x509.AuthorityKeyIdentifierExtension.create(authority.publicKey),
    ],
  });
  // Whoever reads them in between finds that they do not fit, and reads again.
  await writeDurably(keyFile, await pemOf(keys.privateKey));
  await writeDurably(certFile, certificate.toString("pem"));
}

function isGood(
  leaf: string,
  authority: Authority,
  names: readonly string[],
  wallMs: number,
): boolean {
  try {
    const certificate = new X509Certificate(leaf);
    const isSigned = certificate.verify(new X509Certificate(authority.pem).publicKey);
    const isNamed = names.every((name) =>
      isIP(name) === 0 ? certificate.checkHost(name) : certificate.checkIP(name),
    );
    return isSigned && isNamed && Date.parse(certificate.validTo) > wallMs + RENEW_MS;
  } catch {
    // It is made anew, as a missing one is.
    return false;
  }
}

function newKeys(): Promise<webcrypto.CryptoKeyPair> {
  return crypto.subtle.generateKey(ALGORITHM, true, ["sign", "verify"]);
}

async function pemOf(key: webcrypto.CryptoKey): Promise<string> {
  return x509.PemConverter.encode(await crypto.subtle.exportKey("pkcs8", key), "PRIVATE KEY");
}
