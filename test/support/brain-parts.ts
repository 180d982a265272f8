/** The supervisor as the brain sees it: what was added, restarted and sent, and a part in the phase that is set. */
import type { PartSpec, PartView } from "../../src/supervisor/supervisor-types.js";
import { runningPart } from "./part-views.js";

export class BrainParts {
  readonly specs: PartSpec[] = [];
  readonly restarts: string[] = [];
  readonly sent: unknown[] = [];
  phase: PartView["phase"] = "starting";
  add(spec: PartSpec): void {
    this.specs.push(spec);
  }
  restart(name: string): void {
    this.restarts.push(name);
  }
  send(_: string, message: unknown): boolean {
    this.sent.push(message);
    return true;
  }
  view(): PartView[] {
    const ready = this.phase === "running";
    return this.specs.map(({ name }) =>
      runningPart(name, {
        phase: this.phase,
        ready,
        why: "it ended by itself",
        doors: ready ? { http: "127.0.0.1:4000" } : {},
        rssBytes: 300e6,
        status: { firstMs: 400, wordsPerS: 31, replies: 2 },
      }),
    );
  }
  optionsOf(index: number): Record<string, unknown> {
    const context = { doorsOf: () => undefined, previousDoors: {}, generation: 1 };
    return this.specs[index]?.options(context) as Record<string, unknown>;
  }
}
