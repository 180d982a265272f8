import type { PartStatus } from "../child/messages.js";
import type { PartProcess } from "./part.js";
import type { Part, PartPolicy } from "./part-types.js";
import type { PartSpec } from "./supervisor-types.js";

/** A part as the supervisor holds it. */
export interface Member {
  readonly spec: PartSpec;
  readonly policy: PartPolicy;
  readonly process: PartProcess;
  part: Part;
  status: PartStatus;
  sinceWallMs: number;
}
