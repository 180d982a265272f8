/**
 * The hot standby at work: two renderer processes, two rings, one reader that takes buffers at the pace of speech
 * and a little ahead. `standby-core.ts` decides; this carries out and measures.
 */
import { mkdirSync, rmSync } from "node:fs";
import { join } from "node:path";
import type { CancelTimer, Clock } from "../../time/clock.js";
import type { RenderJob } from "./engines.js";
import type { Frame } from "./frames.js";
import { BUFFER_MS, BUFFER_SAMPLES } from "../speech/pcm.js";
import { SlotProcess, type RendererCommand } from "./slot-process.js";
import { stepStandby } from "./standby-core.js";
import { isServing } from "./standby-judge.js";
import {
  newStandby,
  SLOT_NAMES,
  STANDBY,
  type SlotIndex,
  type Standby,
  type StandbyEffect,
  type StandbyEvent,
} from "./standby-types.js";

/** Sound is handed over this long before it is due: a switch and a slow network are not heard. */
export const LEAD_MS = 400;
/** Buffers in hand that the listener has not taken yet: a second. */
const TAKEN_MAX = 50;
/** Renderers that were asked to end have this long. */
const STOP_MS_MAX = 1500;

export interface StandbyEvents {
  /** Samples in order, without a gap within an utterance. False: not taken, it comes again. */
  pcm(utterance: number, firstSample: number, bytes: Buffer): boolean;
  finished(utterance: number, samples: number): void;
  failed(utterance: number, why: string): void;
  /** D3: one line per change. */
  line(text: string): void;
  /** Everything that happens to the slots, for status and measurements. */
  effect?(effect: StandbyEffect): void;
  /** Whether utterances can be taken now has changed, or something in the status has. */
  change(): void;
}

export interface StandbyOptions {
  readonly clock: Clock;
  readonly command: RendererCommand;
  /** One directory of ours, emptied at start (A7). */
  readonly scratch: string;
  /** Handed to the renderers of slot A and B, for tests. */
  readonly startDelayMs?: readonly [number, number];
  readonly events: StandbyEvents;
}

export interface StandbyView {
  readonly active: "A" | "B";
  readonly slots: readonly { readonly phase: string; readonly pid: number | undefined }[];
  readonly switches: number;
  readonly rebuilt: number;
  readonly lastRebuildMs: number | undefined;
}

export class StandbyRenderer {
  private state: Standby;
  private readonly processes: (SlotProcess | undefined)[] = [undefined, undefined];
  private readonly rings = [new Map<number, Buffer>(), new Map<number, Buffer>()] as const;
  private readonly counts = { switches: 0, rebuilt: 0 };
  private lastRebuildMs: number | undefined;
  private job: RenderJob | undefined;
  private frame: Frame | undefined;
  /** When the first buffer of the utterance was due. */
  private startMs: number | undefined;
  private taken: Buffer[] = [];
  /** Samples of the utterance that were handed over. */
  private handed = 0;
  private ending: { id: number } | undefined;
  private cancelTick: CancelTimer = () => undefined;
  private tickMs = 0;
  private isStopping = false;

  constructor(private readonly options: StandbyOptions) {
    this.state = newStandby(options.clock.nowMs());
  }

  start(): void {
    rmSync(this.options.scratch, { recursive: true, force: true });
    mkdirSync(this.options.scratch, { recursive: true, mode: 0o700 });
    this.do({ type: "start" });
    this.setTick();
  }

  get isServing(): boolean {
    return isServing(this.state);
  }

  /** Speaks; what was spoken before is dropped. `id` must grow. */
  speak(id: number, job: RenderJob): void {
    this.job = job;
    this.resetReader();
    this.do({ type: "speak", id });
    this.setTick();
  }

  cancel(): void {
    this.resetReader();
    this.do({ type: "cancel" });
    this.setTick();
  }

  view(): StandbyView {
    return {
      active: SLOT_NAMES[this.state.active],
      slots: this.state.slots.map((slot, index) => ({
        phase: slot.phase.kind,
        pid: this.processes[index]?.pid,
      })),
      ...this.counts,
      lastRebuildMs: this.lastRebuildMs,
    };
  }

  /** Ends both renderers; those that do not listen are killed. */
  async stop(): Promise<void> {
    this.isStopping = true;
    this.cancelTick();
    const ends = this.processes.map(async (slot) => {
      if (!slot) return;
      slot.send({ type: "stop" });
      const cancel = this.options.clock.after(STOP_MS_MAX, () => slot.kill());
      await slot.ended();
      cancel();
    });
    await Promise.all(ends);
    rmSync(this.options.scratch, { recursive: true, force: true });
  }

  private resetReader(): void {
    this.startMs = undefined;
    this.taken = [];
    this.handed = 0;
    this.ending = undefined;
  }

  /** Fast while something is spoken, slow otherwise: looking costs. */
  private setTick(): void {
    const isBusy = this.state.speech !== undefined || this.taken.length > 0 || this.ending;
    const ms = isBusy ? STANDBY.tickMs : STANDBY.tickIdleMs;
    if (ms === this.tickMs || this.isStopping) return;
    this.tickMs = ms;
    this.cancelTick();
    // Judged only after what waits to be read was read: this process may itself have been held up.
    this.cancelTick = this.options.clock.every(ms, () => setImmediate(() => this.tick()));
  }

  private tick(): void {
    if (this.isStopping) return;
    const beatMs = this.state.speech === undefined ? STANDBY.beatIdleMs : STANDBY.beatMs;
    const starved = (index: SlotIndex): number =>
      this.state.slots[index].phase.kind === "ready"
        ? (this.processes[index]?.starvedMs(beatMs) ?? 0)
        : 0;
    this.do({ type: "tick", starvedMs: [starved(0), starved(1)] });
    this.read();
    this.setTick();
  }

  /** Takes what is due, then hands it over in one piece. A listener that is slow is not given more. */
  private read(): void {
    while (this.taken.length < TAKEN_MAX) {
      const next = this.state.speech?.next;
      if (next === undefined || next > this.dueIndex()) break;
      this.do({ type: "pull" });
      if (this.state.speech?.next === next) break;
    }
    this.handOver();
  }

  /** The buffer that must have been handed over by now. */
  private dueIndex(): number {
    if (this.startMs === undefined) return 0;
    return Math.floor((this.options.clock.nowMs() - this.startMs + LEAD_MS) / BUFFER_MS);
  }

  private handOver(): void {
    const { speech } = this.state;
    const id = speech?.id ?? this.ending?.id;
    if (id === undefined) return;
    if (this.taken.length > 0) {
      const bytes = Buffer.concat(this.taken);
      if (!this.options.events.pcm(id, this.handed, bytes)) return;
      this.handed += bytes.length / 2;
      this.taken = [];
    }
    if (this.ending) {
      this.ending = undefined;
      this.options.events.finished(id, this.handed);
    }
  }

  private do(event: StandbyEvent): void {
    if (this.isStopping) return;
    const { state, effects } = stepStandby(this.state, event, this.options.clock.nowMs());
    this.state = state;
    for (const effect of effects) this.carryOut(effect);
  }

  private carryOut(effect: StandbyEffect): void {
    const { events } = this.options;
    events.effect?.(effect);
    switch (effect.type) {
      case "spawn":
        return this.spawn(effect.slot, effect.generation);
      case "kill":
        return this.processes[effect.slot]?.kill();
      case "command":
        return this.command(effect.slot, effect.from, effect.room);
      case "room": {
        const utterance = this.state.speech?.id;
        return this.processes[effect.slot]?.send({ type: "room", utterance, until: effect.until });
      }
      case "silence":
        return this.processes[effect.slot]?.send({ type: "silence" });
      case "keep":
        if (this.frame) this.rings[effect.slot].set(this.frame.index, this.frame.sound);
        return;
      case "deliver":
        return this.deliver(effect.slot, effect.index);
      case "clear":
        return this.rings[effect.slot].clear();
      case "finished":
        this.ending = { id: effect.id };
        return;
      case "failed":
        this.resetReader();
        return events.failed(effect.id, effect.why);
      case "switched":
        this.counts.switches += 1;
        return events.change();
      case "lost":
        return events.change();
      case "rebuilt":
        this.counts.rebuilt += 1;
        this.lastRebuildMs = effect.tookMs;
        return events.change();
      case "line":
        return events.line(effect.text);
    }
  }

  private deliver(slot: SlotIndex, index: number): void {
    const sound = this.rings[slot].get(index);
    if (!sound) throw new Error(`buffer ${index} of slot ${SLOT_NAMES[slot]} is not in its ring`);
    for (const ring of this.rings) ring.delete(index);
    this.startMs ??= this.options.clock.nowMs();
    this.taken.push(sound);
  }

  private command(slot: SlotIndex, from: number, room: number): void {
    const utterance = this.state.speech?.id;
    if (!this.job || utterance === undefined) return;
    this.processes[slot]?.send({ type: "render", utterance, job: this.job, from, room });
  }

  private spawn(slot: SlotIndex, generation: number): void {
    const { clock, command, scratch, startDelayMs } = this.options;
    const own = { slot, generation } as const;
    const options = { startDelayMs: startDelayMs?.[slot] ?? 0 };
    const folder = join(scratch, SLOT_NAMES[slot]);
    this.processes[slot] = new SlotProcess(clock, command, folder, options, {
      frame: (frame) => this.take(slot, generation, frame),
      damaged: (why) => this.do({ type: "damaged", ...own, why }),
      refused: (utterance, why) => this.do({ type: "refused", ...own, utterance, why }),
      exit: (why) => this.do({ type: "exit", ...own, why }),
      log: (text) => this.options.events.line(`renderer ${SLOT_NAMES[slot]}: ${text}`),
    });
  }

  private take(slot: SlotIndex, generation: number, frame: Frame): void {
    switch (frame.kind) {
      case "beat":
        return this.do({ type: "heard", slot, generation });
      case "ready":
        this.do({ type: "ready", slot, generation });
        return this.options.events.change();
      case "sound":
      case "last": {
        const { utterance, index } = frame;
        const isLast = frame.kind === "last";
        if (frame.sound.length !== BUFFER_SAMPLES * 2 && !isLast) {
          return this.do({ type: "damaged", slot, generation, why: "a buffer is too short" });
        }
        this.frame = frame;
        this.do({ type: "buffer", slot, generation, utterance, index, isLast });
        this.frame = undefined;
        // The first sound need not wait for the next tick.
        if (this.startMs === undefined) this.read();
      }
    }
  }
}
