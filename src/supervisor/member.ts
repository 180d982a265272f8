import type { Liveness } from "../resilience/liveness.js";
import type { PartStatus } from "../child/messages.js";
import type { PartProcess } from "./part.js";
import { hasProcess, isAtRest, type Part, type PartPolicy } from "./part-types.js";
import { sightOf, type PartSpec } from "./supervisor-types.js";

/** The name under which the companion's own process stands in the liveness table. */
export const COMPANION = "companion";

/** A part as the supervisor holds it. */
export interface Member {
  readonly spec: PartSpec;
  readonly policy: PartPolicy;
  readonly process: PartProcess;
  part: Part;
  status: PartStatus;
  sinceWallMs: number;
}

/** Whether the end of this part would take away what a running part needs. */
export function isNeeded({ spec, part }: Member, all: readonly Member[]): boolean {
  // One without a process serves nobody, so nobody's need may keep it from being stopped.
  if (!hasProcess(part)) return false;
  return all.some((other) => other.spec.needs?.includes(spec.name) && !isAtRest(other.part));
}

/** Notes in the liveness table what the companion sees of a part. */
export function reportSight(liveness: Liveness, { spec, part }: Member): void {
  liveness.report(COMPANION, spec.name, sightOf(part), part.why);
  if (!hasProcess(part)) liveness.report(spec.name, COMPANION, "unknown", "it does not run");
}
