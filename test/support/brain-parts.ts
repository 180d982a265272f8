/** The supervisor as the brain sees it: what was added, restarted and sent, and a part in the phase that is set. */
import type { PartSpec, PartView } from "../../src/supervisor/supervisor-types.js";

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
    return this.specs.map(({ name }) => ({
      name,
      phase: this.phase,
      ready: this.phase === "running",
      sinceWallMs: 0,
      why: "it ended by itself",
      next: "",
      pid: 1,
      generation: 1,
      restarts: 0,
      restartsMax: 5,
      doors: this.phase === "running" ? { http: "127.0.0.1:4000" } : {},
      rssBytes: 300e6,
      status: { firstMs: 400, wordsPerS: 31, replies: 2 },
    }));
  }
  optionsOf(index: number): Record<string, unknown> {
    const context = { doorsOf: () => undefined, previousDoors: {}, generation: 1 };
    return this.specs[index]?.options(context) as Record<string, unknown>;
  }
}
