/** The edge as part of a running Buddy; where no `--edge` is given, nothing of it is loaded. */
import { createHmac } from "node:crypto";
import type { PusherDeps } from "./pusher.js";

export interface EdgeDeps extends Omit<PusherDeps, "url" | "key" | "home"> {
  readonly url: string | undefined;
  readonly key: string | undefined;
  /** Of this data directory; what is told of it cannot be computed back. */
  readonly linkKey: string;
}

/** @returns the function that ends it. */
export async function startEdge({ url, key, linkKey, ...deps }: EdgeDeps): Promise<() => void> {
  if (url === undefined || key === undefined) return () => undefined;
  const { Pusher } = await import("./pusher.js");
  const pusher = new Pusher({ ...deps, url, key, home: homeOf(linkKey) });
  pusher.start();
  return () => pusher.stop();
}

/** A home is its data directory: the same after a restart, another one beside it with the same key of the edge. */
function homeOf(linkKey: string): string {
  return createHmac("sha256", linkKey).update("buddy edge home").digest("hex").slice(0, 16);
}
