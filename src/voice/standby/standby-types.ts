/**
 * The words of the hot standby: two slots, each with a renderer process and a ring of buffers; what happens to them
 * and what must be done. `standby-core.ts` decides with them, `standby.ts` acts on them.
 *
 * Rings belong to slots and outlive the processes that fill them. Buffers of one utterance are numbered from 0;
 * `next` is the one that the reader takes next, from whichever slot is active.
 */

export type SlotIndex = 0 | 1;
export const SLOT_NAMES = ["A", "B"] as const;

/** Figures in ms, chosen so that a hang is known within 50 ms while something is spoken. */
export const STANDBY = {
  /** A renderer says something this often while there is an utterance, and when there is none. */
  beatMs: 8,
  beatIdleMs: 250,
  /**
   * Silence after which it hangs; doubled with each short life in a row. Time that it waited for a CPU is not its silence.
   */
  hangMs: 34,
  /** The same while the other one is silent too. */
  hangBothMs: 120,
  hangIdleMs: 2000,
  /** The same for the last one that works, while the other one is away: it is more likely slow, and there is nobody better. */
  hangLastMs: 4000,
  /** A renderer that just got its first command may still beat at the slow pace. */
  wakeMs: 30,
  /** How often `tick` comes; a tick that is later than this by `lateMs` means that we slept, not they. */
  tickMs: 5,
  tickIdleMs: 50,
  lateMs: 15,
  /** While something is spoken even a starved renderer is of no use after this. */
  starvedMsMax: 1000,
  /**
   * From spawn to the first good buffer; doubled with each short life in a row. Long: a starved machine must not look like a
   * failure (D1).
   */
  startMsMax: 30_000,
  /** Buffers that each ring holds ahead of the reader. */
  ringBuffers: 25,
  /** The renderers are told of new room after this many buffers. */
  roomStep: 5,
  /** The active one has nothing for the reader, the other has: how long it may lag before they change places. */
  stallMsMax: 150,
  /** Nothing at all for the reader: the utterance is given up and said in another way. */
  stuckMsMax: 5000,
  /** Renderers that one utterance may kill without a buffer in between: then it is the utterance's fault. */
  deathsMax: 3,
  /** A renderer that died sooner than this after it was ready counts as a short life. */
  shortLifeMs: 500,
  /** Waits before the next start, by short lives in a row; the last one repeats. The first start again is at once. */
  retryMs: [0, 0, 250, 500, 1000, 5000, 30_000],
} as const;

export type SlotPhase =
  /** Spawned; no beat is asked of it before its first good buffer. */
  | { readonly kind: "starting"; readonly startMsMax: number; readonly untilMs: number }
  | { readonly kind: "ready"; readonly sinceMs: number; readonly heardMs: number }
  | { readonly kind: "down"; readonly againMs: number };

export interface Slot {
  readonly phase: SlotPhase;
  /** Grows with each process; events of an older one are ignored. */
  readonly generation: number;
  /** Number of the buffer that must come next from this slot. */
  readonly until: number;
  /** The last buffer of the utterance is in. */
  readonly isWhole: boolean;
  /** Why it cannot render this utterance, though it lives. */
  readonly refused: string | undefined;
  readonly shortLives: number;
  /** When its last process failed; undefined once the next one is ready. */
  readonly failedMs: number | undefined;
}

export interface Speech {
  readonly id: number;
  readonly next: number;
  /** How far the renderers may go, as they were told. */
  readonly room: number;
  /** Renderers that died since the reader got its last buffer. */
  readonly deaths: number;
  /** Since when the reader has waited in vain. */
  readonly wantedMs: number | undefined;
}

export interface Standby {
  readonly slots: readonly [Slot, Slot];
  readonly active: SlotIndex;
  readonly speech: Speech | undefined;
  readonly tickedMs: number;
}

export type StandbyEvent =
  | { readonly type: "start" }
  | { readonly type: "ready"; readonly slot: SlotIndex; readonly generation: number }
  /** Anything at all came from it. */
  | { readonly type: "heard"; readonly slot: SlotIndex; readonly generation: number }
  | {
      readonly type: "buffer";
      readonly slot: SlotIndex;
      readonly generation: number;
      readonly utterance: number;
      readonly index: number;
      readonly isLast: boolean;
    }
  /** What came is not what a renderer sends. */
  | {
      readonly type: "damaged";
      readonly slot: SlotIndex;
      readonly generation: number;
      readonly why: string;
    }
  | {
      readonly type: "refused";
      readonly slot: SlotIndex;
      readonly generation: number;
      readonly utterance: number;
      readonly why: string;
    }
  | {
      readonly type: "exit";
      readonly slot: SlotIndex;
      readonly generation: number;
      readonly why: string;
    }
  /** `starvedMs`: how long each slot has waited for a CPU since it was last heard. */
  | { readonly type: "tick"; readonly starvedMs: readonly [number, number] }
  | { readonly type: "speak"; readonly id: number }
  | { readonly type: "cancel" }
  /** The reader wants one buffer. */
  | { readonly type: "pull" };

export type StandbyEffect =
  | { readonly type: "spawn"; readonly slot: SlotIndex; readonly generation: number }
  | { readonly type: "kill"; readonly slot: SlotIndex }
  /** Gives the slot the utterance, from that buffer on. */
  | {
      readonly type: "command";
      readonly slot: SlotIndex;
      readonly from: number;
      readonly room: number;
    }
  | { readonly type: "room"; readonly slot: SlotIndex; readonly until: number }
  /** The slot must forget its utterance. */
  | { readonly type: "silence"; readonly slot: SlotIndex }
  /** The buffer that just came goes into the slot's ring. */
  | { readonly type: "keep"; readonly slot: SlotIndex }
  /** The reader gets this buffer of this slot; both rings drop it. */
  | { readonly type: "deliver"; readonly slot: SlotIndex; readonly index: number }
  | { readonly type: "clear"; readonly slot: SlotIndex }
  | { readonly type: "finished"; readonly id: number; readonly buffers: number }
  | { readonly type: "failed"; readonly id: number; readonly why: string }
  | {
      readonly type: "lost";
      readonly slot: SlotIndex;
      readonly how: "dead" | "hung" | "damaged";
      readonly silentMs: number;
    }
  | { readonly type: "switched"; readonly to: SlotIndex; readonly why: string }
  | { readonly type: "rebuilt"; readonly slot: SlotIndex; readonly tookMs: number }
  /** D3: who, why, what next. */
  | { readonly type: "line"; readonly text: string };

export interface StandbyStep {
  readonly state: Standby;
  readonly effects: readonly StandbyEffect[];
}

const NEW_SLOT: Slot = {
  phase: { kind: "down", againMs: 0 },
  generation: 0,
  until: 0,
  isWhole: false,
  refused: undefined,
  shortLives: 0,
  failedMs: undefined,
};

export function newStandby(nowMs: number): Standby {
  return { slots: [NEW_SLOT, NEW_SLOT], active: 0, speech: undefined, tickedMs: nowMs };
}

export function newSpeech(id: number): Speech {
  return { id, next: 0, room: STANDBY.ringBuffers, deaths: 0, wantedMs: undefined };
}
