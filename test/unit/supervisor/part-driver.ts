/**
 * A part under the supervisor's pure core, driven by events and time; checks after each step what every change must say.
 */
import assert from "node:assert/strict";
import { step } from "../../../src/supervisor/part-core.js";
import {
  newPart,
  PART_POLICY,
  type Effect,
  type Exit,
  type Part,
  type PartEvent,
  type PartPolicy,
} from "../../../src/supervisor/part-types.js";

export const policy: PartPolicy = { ...PART_POLICY, firstRetryMs: 1000 };
export const crash: Exit = { kind: "code", code: 1, lastWords: "boom" };
export const clean: Exit = { kind: "code", code: 0, lastWords: "" };
export const sigkill: Exit = { kind: "signal", signal: "SIGKILL", lastWords: "" };

/** Drives one part through time, ticking as the supervisor does, and collects what it would have done. */
export class Driver {
  part: Part;
  nowMs = 0;
  needsReady = true;
  beating = false;
  /** Share of one processor that the process uses. */
  share = 0;
  words = 0;
  cpuMs: number | undefined = 0;
  isLoaded = false;
  isCalm = false;
  readonly effects: Effect[] = [];
  readonly trail: string[] = [];

  constructor(private readonly rules: PartPolicy = policy) {
    this.part = newPart(0);
  }

  do(event: PartEvent): this {
    const before = this.part.phase.kind;
    const { part, effects } = step(this.part, event, this.nowMs, this.rules);
    this.part = part;
    this.effects.push(...effects);
    if (part.phase.kind !== before) {
      this.trail.push(part.phase.kind);
      assert.notEqual(part.why, "", "D3: why");
      assert.notEqual(part.next, "", "D3: what next");
      assert.ok(
        effects.some((effect) => effect.type === "changed"),
        "D3: a line",
      );
    }
    return this;
  }

  pass(ms: number): this {
    for (const endMs = this.nowMs + ms; this.nowMs < endMs;) {
      this.nowMs += 100;
      if (this.beating && this.nowMs % 500 === 0) this.beat();
      if (this.cpuMs !== undefined) this.cpuMs += 100 * this.share;
      const { needsReady, isCalm, words, cpuMs } = this;
      const effort = { words, cpuMs };
      this.do({ type: "tick", needsReady, missing: "gateway", effort, isCalm });
    }
    return this;
  }

  beat(rssBytes = 1000): this {
    return this.do({ type: "beat", generation: this.part.generation, rssBytes });
  }

  ready(): this {
    this.beating = true;
    return this.do({ type: "ready", generation: this.part.generation, doors: { http: "h:1" } });
  }

  exit(exit: Exit): this {
    this.beating = false;
    const { isLoaded } = this;
    return this.do({ type: "exit", generation: this.part.generation, exit, isLoaded });
  }

  up(): this {
    return this.do({ type: "start" }).pass(100).ready();
  }

  count(type: Effect["type"]): number {
    return this.effects.filter((effect) => effect.type === type).length;
  }

  get phase(): string {
    return this.part.phase.kind;
  }
}
