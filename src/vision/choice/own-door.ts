/** Vision's door, as the companion itself asks it: it knows its key, and nothing of its leaves the machine. */

/**
 * @param door `host:port`.
 * @param ownKey by which the door knows us.
 * @param path with its query.
 * @throws what `fetch` throws, after `msMax` at the latest.
 */
export function askOwnDoor(
  door: string,
  ownKey: string,
  path: string,
  msMax: number,
  {
    headers,
    ...more
  }: Pick<RequestInit, "method" | "body"> & { headers?: Record<string, string> } = {},
): Promise<Response> {
  return fetch(ownDoorUrl(door, path), {
    ...more,
    headers: { ...headers, authorization: `Bearer ${ownKey}` },
    signal: AbortSignal.timeout(msMax),
  });
}

/** By loopback, where plain HTTP stays allowed and nobody else listens in. */
export function ownDoorUrl(door: string, path: string): string {
  return `http://127.0.0.1:${door.slice(door.lastIndexOf(":") + 1)}${path}`;
}
