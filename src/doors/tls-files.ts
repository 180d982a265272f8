/**
 * The certificate of a door, read from two files, and again when they change: Let's Encrypt, Tailscale and our own authority
 * renew theirs while Buddy runs. What cannot be used is named; the last good one goes on serving.
 */
import { createPrivateKey, X509Certificate } from "node:crypto";
import { readFileSync } from "node:fs";
import { createSecureContext } from "node:tls";
import { fileFault } from "../host/file-fault.js";
import { reasonOf, systemReasonOf } from "../host/reason.js";
import type { CancelTimer, Clock } from "../time/clock.js";

const LOOK_MS = 5000;
/** Words about the end of a certificate begin this long before it. */
const ENDS_SOON_MS = 7 * 24 * 3_600_000;

/** Why a door cannot be served by https; `message` is for people and names the file. */
export class TlsError extends Error {
  override readonly name = "TlsError";
  readonly code = "WEB_CERTIFICATE";
}

export interface Pem {
  readonly cert: string;
  readonly key: string;
}

export interface TlsLoaded {
  readonly pem: Pem;
  /** Host names that the certificate is for, lower case, with `*.` as they stand there. */
  readonly names: readonly string[];
  /** What is wrong with one that can be served all the same: not valid now, or not for long. */
  readonly warning: string | undefined;
}

export interface TlsPaths {
  readonly certFile: string;
  readonly keyFile: string;
}

/** Reads both files. @throws TlsError that names the file and what is wrong with it */
export function loadTls({ certFile, keyFile }: TlsPaths, wallMs: number): TlsLoaded {
  const [cert, key] = [readPem(certFile), readPem(keyFile)];
  const certificate = parsed(certFile, "certificate", () => new X509Certificate(cert));
  const privateKey = parsed(keyFile, "private key", () => createPrivateKey(key));
  if (!certificate.checkPrivateKey(privateKey)) {
    throw new TlsError(`${keyFile} is not the key of ${certFile}`);
  }
  parsed(certFile, "certificate", () => createSecureContext({ cert, key }));
  return {
    pem: { cert, key },
    names: namesOf(certificate),
    warning: timeFault(certificate, certFile, wallMs),
  };
}

export class TlsFiles {
  private loaded: TlsLoaded;
  private trouble: string | undefined;
  private readonly cancel: CancelTimer;
  private taken: (pem: Pem) => void = () => undefined;

  /**
   * @param told lines for people: a certificate that was taken, cannot be used, or ends soon
   * @throws TlsError when the files cannot be used now
   */
  constructor(
    private readonly paths: TlsPaths,
    private readonly clock: Clock,
    private readonly told: (level: "info" | "warn", line: string) => void,
  ) {
    this.loaded = loadTls(paths, clock.wallMs());
    this.warn(this.loaded.warning);
    this.cancel = clock.every(LOOK_MS, () => this.look());
  }

  get pem(): Pem {
    return this.loaded.pem;
  }

  get names(): readonly string[] {
    return this.loaded.names;
  }

  /** Calls back when other files were taken. */
  onTaken(listener: (pem: Pem) => void): void {
    this.taken = listener;
  }

  close(): void {
    this.cancel();
  }

  /** Reads the files again if they have changed. */
  look(): void {
    try {
      const before = this.loaded.pem;
      const next = loadTls(this.paths, this.clock.wallMs());
      this.loaded = next;
      if (next.pem.cert !== before.cert || next.pem.key !== before.key) {
        this.taken(next.pem);
        this.told("info", `the certificate in ${this.paths.certFile} was taken`);
      }
      this.warn(next.warning);
    } catch (error) {
      if (!(error instanceof TlsError)) throw error;
      this.warn(`${error.message}; the last one that worked goes on serving`);
    }
  }

  private warn(why: string | undefined): void {
    if (why !== undefined && why !== this.trouble) this.told("warn", why);
    this.trouble = why;
  }
}

function readPem(path: string): string {
  const fault = fileFault(path);
  if (fault !== undefined) throw new TlsError(`${path} ${fault}`);
  try {
    return readFileSync(path, "utf8");
  } catch (error) {
    throw new TlsError(`${path} cannot be read (${systemReasonOf(error)})`, { cause: error });
  }
}

function parsed<T>(path: string, what: string, read: () => T): T {
  try {
    return read();
  } catch (error) {
    throw new TlsError(`${path} holds no ${what} that can be used (PEM): ${reasonOf(error)}`, {
      cause: error,
    });
  }
}

function namesOf({ subjectAltName }: X509Certificate): string[] {
  return [...(subjectAltName ?? "").matchAll(/DNS:([^,\s"]+)/g)].map((match) =>
    (match[1] as string).toLowerCase(),
  );
}

function timeFault(certificate: X509Certificate, path: string, wallMs: number): string | undefined {
  const day = (text: string): string => new Date(text).toISOString().slice(0, 10);
  if (Date.parse(certificate.validFrom) > wallMs) {
    return `the certificate in ${path} is valid from ${day(certificate.validFrom)} on only`;
  }
  const leftMs = Date.parse(certificate.validTo) - wallMs;
  if (leftMs < 0) return `the certificate in ${path} expired on ${day(certificate.validTo)}`;
  return leftMs < ENDS_SOON_MS
    ? `the certificate in ${path} ends on ${day(certificate.validTo)}; renew it`
    : undefined;
}
