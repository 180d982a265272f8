/** The fleet as part of a running Buddy; loaded only where `--fleet` is given. */
import { createHmac } from "node:crypto";
import type { HealthSource } from "../state/health.js";
import type { Store } from "../store/store.js";
import { Fleet, type FleetDeps } from "./fleet.js";
import { fleetAddress } from "./redis/address.js";

export interface StartFleetDeps extends Omit<FleetDeps, "address" | "id" | "sql"> {
  readonly url: string;
  /** Of this data directory; what is told of it cannot be computed back. */
  readonly linkKey: string;
  readonly store: Store;
  watch(source: HealthSource): void;
}

/** @throws RangeError when the address is none; the options have checked it. */
export function startFleet({ url, linkKey, store, watch, ...deps }: StartFleetDeps): Fleet {
  const address = fleetAddress(url);
  if (address === undefined) throw new RangeError(`--fleet: expected a Redis, got ${url}`);
  const id = createHmac("sha256", linkKey).update("buddy fleet id").digest("hex").slice(0, 8);
  const fleet = new Fleet({
    ...deps,
    address,
    id,
    sql: (work) => store.use((db) => db.transaction(() => work(db))),
  });
  watch(fleet.health);
  return fleet;
}
