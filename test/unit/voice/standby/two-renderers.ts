/**
 * The hot standby's pure core with two renderers that do as a test says; keeps the effects and what the reader took.
 */
import assert from "node:assert/strict";
import { stepStandby } from "../../../../src/voice/standby/standby-core.js";
import {
  newStandby,
  STANDBY,
  type SlotIndex,
  type Standby,
  type StandbyEffect,
  type StandbyEvent,
} from "../../../../src/voice/standby/standby-types.js";

/** Both renderers in a few lines: what they were told, and their rings. */
export class TwoRenderers {
  state: Standby;
  nowMs = 1000;
  readonly log: StandbyEffect[] = [];
  readonly delivered: { slot: SlotIndex; index: number }[] = [];
  readonly rings = [new Set<number>(), new Set<number>()] as const;

  constructor() {
    this.state = newStandby(this.nowMs);
    this.do({ type: "start" });
  }

  do(event: StandbyEvent): StandbyEffect[] {
    const { state, effects } = stepStandby(this.state, event, this.nowMs);
    this.state = state;
    for (const effect of effects) this.carryOut(effect, event);
    this.log.push(...effects);
    return [...effects];
  }

  private carryOut(effect: StandbyEffect, event: StandbyEvent): void {
    if (effect.type === "clear") this.rings[effect.slot].clear();
    if (effect.type === "keep" && event.type === "buffer") {
      this.rings[effect.slot].add(event.index);
    }
    if (effect.type === "deliver") {
      assert.ok(this.rings[effect.slot].has(effect.index), `buffer ${effect.index} is not there`);
      for (const ring of this.rings) ring.delete(effect.index);
      this.delivered.push({ slot: effect.slot, index: effect.index });
    }
  }

  generation(slot: SlotIndex): number {
    return this.state.slots[slot].generation;
  }

  ready(slot: SlotIndex): StandbyEffect[] {
    return this.do({ type: "ready", slot, generation: this.generation(slot) });
  }

  up(): this {
    this.ready(0);
    this.ready(1);
    return this;
  }

  exit(slot: SlotIndex): StandbyEffect[] {
    return this.do({ type: "exit", slot, generation: this.generation(slot), why: "SIGKILL" });
  }

  /** The slot sends its next `count` buffers. */
  send(slot: SlotIndex, count: number, lastIndex = Infinity): StandbyEffect[] {
    const out: StandbyEffect[] = [];
    for (let i = 0; i < count; i++) {
      const index = this.state.slots[slot].until;
      if (index > lastIndex) break;
      const utterance = this.state.speech?.id ?? -1;
      const isLast = index === lastIndex;
      const generation = this.generation(slot);
      out.push(...this.do({ type: "buffer", slot, generation, utterance, index, isLast }));
    }
    return out;
  }

  beat(...slots: SlotIndex[]): void {
    for (const slot of slots) this.do({ type: "heard", slot, generation: this.generation(slot) });
  }

  /** Time passes; `beating` slots are heard as they should. */
  wait(ms: number, beating: SlotIndex[], starvedMs: [number, number] = [0, 0]): StandbyEffect[] {
    const out: StandbyEffect[] = [];
    const untilMs = this.nowMs + ms;
    while (this.nowMs < untilMs) {
      this.nowMs += this.state.speech ? STANDBY.tickMs : STANDBY.tickIdleMs;
      this.beat(...beating);
      out.push(...this.do({ type: "tick", starvedMs }));
    }
    return out;
  }

  pull(count: number): void {
    for (let i = 0; i < count; i++) this.do({ type: "pull" });
  }

  speak(id = 7): this {
    this.do({ type: "speak", id });
    return this;
  }
}
export const of = <T extends StandbyEffect["type"]>(
  effects: readonly StandbyEffect[],
  type: T,
): Extract<StandbyEffect, { type: T }>[] =>
  effects.filter((e): e is Extract<StandbyEffect, { type: T }> => e.type === type);
