/** Who may come by plain HTTP to a door that has a certificate, and where the others are sent. Pure. */
import { isLoopback } from "../host/loopback.js";
import { hostName } from "./callers.js";

export interface PlainRequest {
  readonly isEncrypted: boolean;
  /** Of the other end. */
  readonly address: string | undefined;
  /** The Host header; it was found to be ours. */
  readonly host: string | undefined;
  /** Path and query. */
  readonly url: string;
}

/** @returns the https address that the request should have gone to; undefined: it may stay as it is */
export function secureUrlFor(request: PlainRequest): string | undefined {
  const { isEncrypted, address = "", host = "", url } = request;
  // Nothing leaves this machine, and browsers trust localhost as they trust https.
  const isLocal = isLoopback(address.replace(/^::ffff:/, "")) && isLoopback(hostName(host) ?? "");
  return isEncrypted || isLocal ? undefined : `https://${host}${url}`;
}
