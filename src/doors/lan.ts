/** By which names and addresses other machines reach a door. */
import { hostname, networkInterfaces } from "node:os";
import { isLoopback } from "../host/loopback.js";

/** Networks inside this machine (containers, virtual machines): nobody outside has a way there. */
const INNER = /^(docker|br-|veth|virbr|cni|flannel|podman|tun|utun|bridge)/;

/**
 * Addresses to type on another machine, without brackets, the likeliest first: IPv4 before IPv6, real networks before those
 * inside this machine. Link-local IPv6 is left out: browsers take no zone. Empty on loopback.
 */
export function lanAddresses(host: string): string[] {
  if (isLoopback(host)) return [];
  if (host !== "0.0.0.0" && host !== "::") return [host];
  const found = Object.entries(networkInterfaces()).flatMap(([name, addresses]) =>
    (addresses ?? [])
      .filter(({ internal, address }) => !internal && !address.startsWith("fe80:"))
      .map(({ address, family }) => ({
        address,
        rank: (INNER.test(name) ? 2 : 0) + (family === "IPv4" ? 0 : 1),
      })),
  );
  return found.sort((a, b) => a.rank - b.rank).map(({ address }) => address);
}

/** Everything that a certificate of these doors has to name. `hosts`: as in `callers.ts`. */
export function certifiedNames(host: string, hosts: readonly string[]): string[] {
  const machine = hostname().toLowerCase();
  const own = isLoopback(host) ? [] : [machine, `${machine}.local`, ...lanAddresses(host)];
  return [...new Set([...hosts, ...own, "localhost", "127.0.0.1", "::1"])];
}
