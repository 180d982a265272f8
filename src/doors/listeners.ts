/**
 * Opens TCP and UDP ports on an address, and always on loopback too, in both families, as `localhost` means either to
 * a client and the companion's own parts come that way. A machine without IPv6 does with IPv4.
 */
import { createSocket, type Socket as UdpSocket } from "node:dgram";
import { once } from "node:events";
import { createServer, type Server, type Socket } from "node:net";
import { isLoopback } from "../host/loopback.js";

const LOOPBACK_4 = "127.0.0.1";
const LOOPBACK_6 = "::1";
/** Pending connections the kernel may hold; above this (and its own limit) it lets them try again after a second. */
const BACKLOG = 1024;
/** A port that is free on one address may be taken on another: so often another one is tried. */
const FREE_PORT_TRIES = 8;

export class PortError extends Error {
  readonly code: "PORT_TAKEN" | "PORT_FORBIDDEN" | "PORT_FAILED";

  constructor(what: string, host: string, port: number, cause: unknown) {
    const errno = (cause as NodeJS.ErrnoException).code ?? "";
    super(`${what}: cannot listen on ${formatDoor(host, port)}: ${wordsOf(errno)}`, { cause });
    this.name = "PortError";
    if (errno === "EADDRINUSE") this.code = "PORT_TAKEN";
    else this.code = errno === "EACCES" ? "PORT_FORBIDDEN" : "PORT_FAILED";
  }
}

function wordsOf(errno: string): string {
  if (errno === "EADDRINUSE") return "the port is in use (another copy running?)";
  if (errno === "EACCES") return "ports below 1024 need a privilege; choose a higher one";
  return errno === "EADDRNOTAVAIL" ? "this machine has no such address" : errno;
}

/** Addresses to listen on: the first must open, the others are for programs of this machine. */
function addressesOf(host: string | undefined): [string, ...string[]] {
  if (host === undefined || isLoopback(host)) return [LOOPBACK_4, LOOPBACK_6];
  if (host === "0.0.0.0") return [host, LOOPBACK_6];
  if (host === "::") return [host, "0.0.0.0"];
  return [host, LOOPBACK_4, LOOPBACK_6];
}

/** `host:port`, with brackets around an IPv6 address. */
export function formatDoor(host: string, port: number): string {
  return host.includes(":") ? `[${host}]:${port}` : `${host}:${port}`;
}

interface Opened<T> {
  sockets: T[];
  host: string;
  port: number;
}

type OpenOne<T> = (host: string, port: number) => Promise<{ socket: T; port: number }>;

async function openAll<T extends { close(): unknown }>(
  what: string,
  host: string | undefined,
  port: number,
  openOne: OpenOne<T>,
): Promise<Opened<T>> {
  const [first, ...others] = addressesOf(host);
  for (let tries = 1; ; tries++) {
    const one = await openOne(first, port).catch((cause: unknown) => {
      throw new PortError(what, first, port, cause);
    });
    const sockets = [one.socket];
    const taken = await openOthers(others, one.port, sockets, openOne);
    if (!taken) return { sockets, host: first, port: one.port };
    for (const socket of sockets) socket.close();
    const isLast = port !== 0 || tries >= FREE_PORT_TRIES;
    if (isLast) throw new PortError(what, taken.address, one.port, taken.cause);
  }
}

/** Opens the same port on more addresses; what this machine does not have is left out. */
async function openOthers<T>(
  addresses: string[],
  port: number,
  sockets: T[],
  openOne: OpenOne<T>,
): Promise<{ address: string; cause: unknown } | undefined> {
  for (const address of addresses) {
    try {
      sockets.push((await openOne(address, port)).socket);
    } catch (cause) {
      // Somebody else's there: half a door would send clients to the wrong program. Anything else: no such family.
      if ((cause as NodeJS.ErrnoException).code === "EADDRINUSE") return { address, cause };
    }
  }
  return undefined;
}

/** Opens a TCP port; `port` 0 picks a free one. Throws `PortError`. */
export function openTcp(
  what: string,
  host: string | undefined,
  port: number,
  onSocket: (socket: Socket) => void,
): Promise<Opened<Server>> {
  return openAll(what, host, port, async (address, wanted) => {
    const server = createServer({ allowHalfOpen: true, noDelay: true }, onSocket);
    server.listen({ host: address, port: wanted, backlog: BACKLOG, ipv6Only: true });
    await once(server, "listening");
    // Errors after this are failed accepts (no descriptors left): the client is lost, the door is not.
    server.on("error", () => undefined);
    return { socket: server, port: portOf(server.address()) };
  });
}

/** Opens a UDP port; `port` 0 picks a free one. Throws `PortError`. */
export function openUdp(
  what: string,
  host: string | undefined,
  port: number,
  onDatagram: (data: Buffer) => void,
): Promise<Opened<UdpSocket>> {
  return openAll(what, host, port, async (address, wanted) => {
    const type = address.includes(":") ? "udp6" : "udp4";
    const socket = createSocket({ type, ipv6Only: type === "udp6" });
    socket.bind({ address, port: wanted, exclusive: true });
    await once(socket, "listening");
    // A report of a lost datagram is no reason to end.
    socket.on("error", () => undefined);
    socket.on("message", (data) => onDatagram(data));
    return { socket, port: socket.address().port };
  });
}

function portOf(address: ReturnType<Server["address"]>): number {
  if (address === null || typeof address === "string") throw new Error("not a TCP address");
  return address.port;
}
