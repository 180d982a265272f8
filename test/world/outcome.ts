import { createHash } from "node:crypto";
import type { World } from "./world.js";

export interface Outcome {
  readonly seed: number;
  readonly hash: string;
  readonly trace: readonly string[];
  /** Simulated, from the healing to the end of all demands. */
  readonly healMs: number;
  readonly simulatedMs: number;
  readonly events: number;
  readonly faults: Readonly<Record<string, number>>;
  readonly counts: Readonly<Record<string, number>>;
  /** Why it failed; undefined when all held. */
  readonly breach: string | undefined;
}

export function outcomeOf(world: World): Outcome {
  const { time, trace, oracle } = world;
  const lines = trace.join("\n");
  return {
    seed: world.seed,
    hash: createHash("sha256").update(`${lines}\n${time.events}`).digest("hex").slice(0, 16),
    trace,
    healMs: world.demands?.longestMs ?? 0,
    simulatedMs: time.nowMs,
    events: time.events,
    faults: world.faults,
    counts: {
      commands: oracle.commands.size,
      executed: oracle.executedCount,
      faces: oracle.facesSeen,
      saves: oracle.saves,
      turns: world.people.turns,
      dials: world.board.dials,
    },
    breach: world.breach,
  };
}
