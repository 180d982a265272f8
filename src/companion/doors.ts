/** Looks whether the doors that were asked for are free, before anything starts: one clear error, no half start. */
import { createSocket } from "node:dgram";
import { createServer } from "node:net";
import { kebab, type StartOptions } from "./options.js";

export class DoorError extends Error {
  readonly code = "CLI_PORT";
}

export interface Door {
  readonly option: "port" | "visionPort" | "wsPort" | "udpPort" | "linkPort";
  readonly protocol: "tcp" | "udp";
}

/** The doors of `buddy start`, by the option that names their port. */
export const DOORS: readonly Door[] = [
  { option: "port", protocol: "tcp" },
  { option: "visionPort", protocol: "tcp" },
  { option: "wsPort", protocol: "tcp" },
  { option: "udpPort", protocol: "udp" },
  { option: "linkPort", protocol: "tcp" },
];

/**
 * Tries each port once; with 0 it is the address that is tried. A program that takes it in the next moment is still found: the part that
 * opens it says so.
 * @throws DoorError that names the port, its option and what to do.
 */
export async function checkDoors(options: StartOptions): Promise<void> {
  const byPort = new Map<string, string>();
  for (const { option, protocol } of DOORS) {
    const port = options[option];
    const flag = `--${kebab(option)}`;
    const key = `${protocol} ${port}`;
    const other = byPort.get(key);
    if (other !== undefined && port !== 0) {
      throw new DoorError(`port ${port} was given to ${other} and to ${flag}; choose two ports`);
    }
    byPort.set(key, flag);
    const why = await faultOf(protocol, options.host, port);
    if (why !== undefined) throw new DoorError(sentence(why, options.host, port, flag));
  }
}

function sentence(why: string, host: string, port: number, flag: string): string {
  if (why === "EADDRINUSE") {
    return `port ${port} is in use by another program; stop it, or choose another with ${flag} (0 picks a free one)`;
  }
  if (why === "EACCES")
    return `port ${port} needs rights you do not have; choose one above 1023 with ${flag}`;
  if (why === "EADDRNOTAVAIL" || why === "ENOTFOUND") {
    return `${host} is not an address of this machine; choose another with --host`;
  }
  return `port ${port} on ${host} cannot be opened (${why}); see ${flag} and --host`;
}

/** Code of the error that binding gives, or undefined when the port is free. */
export function faultOf(
  protocol: "tcp" | "udp",
  host: string,
  port: number,
): Promise<string | undefined> {
  return new Promise((resolve) => {
    const failed = (error: NodeJS.ErrnoException): void => resolve(error.code ?? error.message);
    if (protocol === "udp") {
      const socket = createSocket(host.includes(":") ? "udp6" : "udp4");
      socket.once("error", (error) => {
        socket.close();
        failed(error);
      });
      socket.bind(port, host, () => socket.close(() => resolve(undefined)));
      return;
    }
    const server = createServer();
    server.once("error", failed);
    server.listen({ port, host, exclusive: true }, () => server.close(() => resolve(undefined)));
  });
}
