/** Supervised parts as people see them. */
import type { PartView } from "../../src/supervisor/supervisor-types.js";

/** One that runs, since 1970, for the first time. */
export function runningPart(name: string, fields: Partial<PartView> = {}): PartView {
  return {
    name,
    phase: "running",
    ready: true,
    sinceWallMs: 0,
    why: "",
    next: "",
    pid: 1,
    generation: 1,
    restarts: 0,
    restartsMax: 5,
    doors: {},
    rssBytes: 0,
    status: {},
    ...fields,
  };
}
