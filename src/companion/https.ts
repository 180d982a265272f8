/** The certificate of this run's doors: from elsewhere, or of our own authority, which is asked again when addresses change. */
import { join } from "node:path";
import type { LogLevel } from "../child/messages.js";
import { certifiedNames } from "../doors/lan.js";
import { type TlsPaths, TlsFiles } from "../doors/tls-files.js";
import { reasonOf } from "../host/reason.js";
import type { Clock } from "../time/clock.js";
import { callersOf, hasHttps, type StartOptions } from "./options.js";

/** Addresses change with the network; a certificate is made within milliseconds. */
const LOOK_MS = 60_000;

export interface Https {
  readonly paths: TlsPaths;
  readonly tls: TlsFiles;
  /** Certificate of our own authority, PEM; undefined when the certificate is from elsewhere. */
  readonly authority: string | undefined;
  close(): void;
}

/** @returns undefined where no https is wanted @throws TlsError when the certificate cannot be used */
export async function openHttps(
  options: StartOptions,
  clock: Clock,
  log: (level: LogLevel, message: string) => void,
): Promise<Https | undefined> {
  if (!hasHttps(options)) return undefined;
  const { tlsCert, tlsKey } = options;
  if (tlsCert !== undefined && tlsKey !== undefined) {
    const paths = { certFile: tlsCert, keyFile: tlsKey };
    const tls = new TlsFiles(paths, clock, log);
    return { paths, tls, authority: undefined, close: () => tls.close() };
  }
  // Loaded only where it is wanted: it brings a library with it.
  const { certify } = await import("../doors/authority.js");
  const names = (): string[] => certifiedNames(options.host, callersOf(options).hosts);
  const make = (): ReturnType<typeof certify> =>
    certify(join(options.data, "tls"), names(), clock.wallMs());
  const { authority, certFile, keyFile } = await make();
  const paths = { certFile, keyFile };
  const tls = new TlsFiles(paths, clock, log);
  const cancel = clock.every(LOOK_MS, () => {
    make().catch((error: unknown) =>
      log("warn", `the certificate cannot be renewed: ${reasonOf(error)}`),
    );
  });
  return {
    paths,
    tls,
    authority,
    close: () => {
      cancel();
      tls.close();
    },
  };
}
