/** Home Assistant's door as part of a running Buddy; where no `--mqtt` is given, nothing of it is loaded. */
import { createHmac } from "node:crypto";
import { readFileSync } from "node:fs";
import type { HealthSource } from "../state/health.js";
import type { MqttDoorDeps } from "./mqtt-door.js";

export interface MqttDeps extends Omit<MqttDoorDeps, "url" | "id" | "ca"> {
  readonly url: string | undefined;
  /** File of the authority's certificate. */
  readonly caFile: string | undefined;
  /** Of this data directory; what is told of it cannot be computed back. */
  readonly linkKey: string;
  watch(source: HealthSource): void;
}

/**
 * @returns the function that ends it.
 * @throws Error of the file system when the authority's certificate cannot be read.
 */
export async function startMqtt({
  url,
  caFile,
  linkKey,
  watch,
  ...deps
}: MqttDeps): Promise<() => Promise<void>> {
  if (url === undefined) return () => Promise.resolve();
  const ca = caFile === undefined ? undefined : readFileSync(caFile);
  const id = createHmac("sha256", linkKey).update("buddy mqtt id").digest("hex").slice(0, 8);
  const { MqttDoor } = await import("./mqtt-door.js");
  const door = new MqttDoor({ ...deps, url, ca, id });
  watch(door.health);
  door.start();
  return () => door.stop();
}
