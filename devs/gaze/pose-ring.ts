/**
 * Where the head was: the last 0.6 s of commanded pan and nod with their times, so that a face can be laid
 * on the pose of the moment its picture was taken. Fixed memory: 32 slots, about 900 bytes.
 */

const SLOT_COUNT = 32;
/** The body steps each 20 ms; closer ones are skipped so that the ring always spans at least 0.5 s. */
const SPACING_MS_MIN = 17;

/** Pan and nod, degrees. */
export interface Gaze {
  readonly pan: number;
  readonly nod: number;
}

/** A ring of poses ordered by time. */
export class PoseRing {
  private timesMs: number[] = [];
  private pans: number[] = [];
  private nods: number[] = [];
  /** Slot of the newest pose, -1 when empty. */
  private newest = -1;

  /** Notes the pose commanded at `nowMs`; times must not go back. */
  record(nowMs: number, pan: number, nod: number): void {
    if (this.newest >= 0 && nowMs - this.entryMs(this.newest) < SPACING_MS_MIN) return;
    const slot = (this.newest + 1) % SLOT_COUNT;
    this.timesMs[slot] = nowMs;
    this.pans[slot] = pan;
    this.nods[slot] = nod;
    this.newest = slot;
  }

  /** Milliseconds between the oldest and the newest pose kept. */
  spanMs(): number {
    if (this.newest < 0) return 0;
    return this.entryMs(this.newest) - this.entryMs(this.oldest());
  }

  /** The pose at `atMs`, interpolated; beyond either end the nearest one, `fallback` when there is none. */
  poseAt(atMs: number, fallback: Gaze): Gaze {
    if (this.newest < 0) return fallback;
    const oldest = this.oldest();
    let after = this.newest;
    if (atMs >= this.entryMs(after)) return this.gazeAt(after);
    while (after !== oldest) {
      const before = (after + SLOT_COUNT - 1) % SLOT_COUNT;
      if (atMs >= this.entryMs(before)) return this.between(before, after, atMs);
      after = before;
    }
    return this.gazeAt(oldest);
  }

  /**
   * How far pan and nod swung, largest less smallest, from `fromMs` to `toMs`, counting the poses just outside
   * of that span too.
   */
  swingOver(fromMs: number, toMs: number): Gaze {
    if (this.newest < 0) return { pan: 0, nod: 0 };
    const oldest = this.oldest();
    let slot = this.newest;
    let before = slot;
    while (slot !== oldest && this.entryMs(slot) > toMs) {
      before = slot;
      slot = (slot + SLOT_COUNT - 1) % SLOT_COUNT;
    }
    const first = this.gazeAt(before);
    let panMin = first.pan;
    let panMax = first.pan;
    let nodMin = first.nod;
    let nodMax = first.nod;
    for (;;) {
      const pan = this.pans[slot] as number;
      const nod = this.nods[slot] as number;
      if (pan < panMin) panMin = pan;
      else if (pan > panMax) panMax = pan;
      if (nod < nodMin) nodMin = nod;
      else if (nod > nodMax) nodMax = nod;
      if (slot === oldest || this.entryMs(slot) < fromMs) break;
      slot = (slot + SLOT_COUNT - 1) % SLOT_COUNT;
    }
    return { pan: panMax - panMin, nod: nodMax - nodMin };
  }

  private between(before: number, after: number, atMs: number): Gaze {
    const part = (atMs - this.entryMs(before)) / (this.entryMs(after) - this.entryMs(before));
    const from = this.gazeAt(before);
    const to = this.gazeAt(after);
    return {
      pan: from.pan + (to.pan - from.pan) * part,
      nod: from.nod + (to.nod - from.nod) * part,
    };
  }

  private gazeAt(slot: number): Gaze {
    return { pan: this.pans[slot] as number, nod: this.nods[slot] as number };
  }

  private oldest(): number {
    return this.timesMs.length < SLOT_COUNT ? 0 : (this.newest + 1) % SLOT_COUNT;
  }

  private entryMs(slot: number): number {
    return this.timesMs[slot] as number;
  }
}
