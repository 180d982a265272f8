/**
 * Who may call a door, before any token is asked for: is it one of our names that the client called (Host, against DNS
 * rebinding), and is it a page of ours that asks (Origin and Sec-Fetch, against other sites in the same browser). Browsers
 * always say whose page it is when it could do harm; programs say nothing. Pure, but for the machine's own name.
 */
import { isIP } from "node:net";
import { hostname } from "node:os";
import { isLoopback } from "../host/loopback.js";

/** In place of an origin: pages opened from a file, which browsers call "null" (as they do sandboxed frames) or "file://". */
export const FILE_ORIGIN = "file";

export interface DoorNames {
  /** Address that the door listens on, as typed. */
  readonly host: string;
  /** More names by which it may be called, lower case; `*.example.com` stands for one label, as in a certificate. */
  readonly hosts: readonly string[];
  /** Pages that may use it beside our own: `http://localhost:3000`, or `FILE_ORIGIN`. */
  readonly origins: readonly string[];
}

/** The headers that decide, as Node gives them (lower case). */
export interface CallerHead {
  readonly method: string;
  readonly host: string | undefined;
  readonly origin: string | undefined;
  readonly fetchSite: string | undefined;
  readonly fetchMode: string | undefined;
  readonly fetchDest: string | undefined;
}

/** `host`: called by a name that is not ours. `origin`: a page asks that is not ours. */
export type Stranger = "host" | "origin";

const HOST_FORM = /^(\[[0-9a-f:.]+\]|[a-z0-9._-]+)(?::\d{1,5})?$/;

/** @returns the name in a Host header without brackets and port, or undefined when it is malformed. */
export function hostName(header: string | undefined): string | undefined {
  const match = HOST_FORM.exec((header ?? "").toLowerCase());
  return match?.[1]?.replace(/^\[|\]$/g, "").replace(/\.$/, "");
}

/** Why a request is turned away; undefined: it may go on. */
export function strangerOf(head: CallerHead, names: DoorNames): Stranger | undefined {
  const name = hostName(head.host);
  if (name === undefined || !isOurName(name, names)) return "host";
  if (head.origin !== undefined) {
    return isOurOrigin(head.origin, head.host ?? "", names) ? undefined : "origin";
  }
  const site = head.fetchSite;
  if (site === undefined || site === "same-origin" || site === "none") return undefined;
  // Another site may link to our page, and nothing else: no picture, no frame, no form.
  const isLink =
    head.method === "GET" && head.fetchMode === "navigate" && head.fetchDest === "document";
  return isLink ? undefined : "origin";
}

/** What to say to a stranger: what is wrong, and the option that lets it in. */
export function strangerWords(stranger: Stranger, head: Pick<CallerHead, "host">): string {
  if (stranger === "origin") {
    return "Pages of other sites may not use this door; --origins lets one in.";
  }
  const name = hostName(head.host);
  return name === undefined
    ? "The request names no host."
    : `This door is not known by the name ${name.slice(0, 253)}; --hosts ${name.slice(0, 253)} lets it in.`;
}

/** Rebinding needs a name of the attacker's own: an address in Host is what a person typed. */
function isOurName(name: string, { host, hosts }: DoorNames): boolean {
  if (name === "localhost" || isIP(name) !== 0 || name === host.toLowerCase()) return true;
  if (hosts.some((one) => one === name || isCovered(name, one))) return true;
  if (isLoopback(host)) return false;
  const machine = hostname().toLowerCase();
  return name === machine || name === `${machine}.local`;
}

function isCovered(name: string, pattern: string): boolean {
  if (!pattern.startsWith("*.")) return false;
  const dot = name.indexOf(".");
  return dot > 0 && name.slice(dot) === pattern.slice(1);
}

function isOurOrigin(origin: string, hostHeader: string, names: DoorNames): boolean {
  const text = origin.toLowerCase();
  if (text === "null" || text === "file://") return names.origins.includes(FILE_ORIGIN);
  if (names.origins.includes(text)) return true;
  const host = /^https?:\/\/(.+)$/.exec(text)?.[1];
  if (host === undefined) return false;
  if (host === hostHeader.toLowerCase()) return true;
  // A proxy in front has another port, and may call us by our own name.
  const name = hostName(host);
  return name !== undefined && names.hosts.some((one) => one === name || isCovered(name, one));
}
