/** The fleet as part of a running Buddy; loaded only where `--fleet` is given. */
import { createHmac } from "node:crypto";
import type { HealthSource } from "../state/health.js";
import type { Store } from "../store/store.js";
import { Fleet, type FleetDeps } from "./fleet.js";
import { fleetAddress } from "./redis/address.js";
import { roomName, type RoomOptions } from "./room/room-stay.js";

export interface StartFleetDeps extends Omit<FleetDeps, "address" | "id" | "sql" | "room"> {
  readonly url: string;
  /** Of the LiveKit server; undefined: no room. */
  readonly roomUrl?: string | undefined;
  /** For LIVEKIT_API_KEY and LIVEKIT_API_SECRET, or LIVEKIT_TOKEN. */
  readonly environment: Readonly<Record<string, string | undefined>>;
  /** Of this data directory; what is told of it cannot be computed back. */
  readonly linkKey: string;
  readonly store: Store;
  watch(source: HealthSource): void;
}

/** @throws RangeError when the address is none; the options have checked it. */
export function startFleet(all: StartFleetDeps): Fleet {
  const { url, roomUrl, environment, linkKey, store, watch, ...deps } = all;
  const address = fleetAddress(url);
  if (address === undefined) throw new RangeError(`--fleet: expected a Redis, got ${url}`);
  const id = createHmac("sha256", linkKey).update("buddy fleet id").digest("hex").slice(0, 8);
  const fleet = new Fleet({
    ...deps,
    address,
    id,
    room: roomUrl === undefined ? undefined : roomOf(roomUrl, deps.stage, environment),
    sql: (work) => store.use((db) => db.transaction(() => work(db))),
  });
  watch(fleet.health);
  return fleet;
}

/** Robots of a stage are in its room. The options have checked that there are credentials. */
function roomOf(
  url: string,
  stage: string,
  environment: StartFleetDeps["environment"],
): RoomOptions {
  const { LIVEKIT_API_KEY: key = "", LIVEKIT_API_SECRET: secret = "" } = environment;
  const { LIVEKIT_TOKEN: token = "" } = environment;
  const credentials = token === "" ? { key, secret } : { token };
  return { url, room: roomName(stage), credentials };
}
