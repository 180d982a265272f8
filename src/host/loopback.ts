/** Which addresses only this machine can reach. Every door asks it before it opens without a token. */

/** True for `localhost`, `::1` and 127.0.0.0/8, as typed by a person: no brackets, no port. */
export function isLoopback(host: string): boolean {
  return host === "localhost" || host === "::1" || /^127(\.\d{1,3}){3}$/.test(host);
}

/** The host of an address without the brackets that an IPv6 address has in one. */
export function bareHost({ hostname }: URL): string {
  return hostname.replace(/^\[|\]$/g, "");
}
