/**
 * Where the head was: commanded pan and nod of the last half second or more with their times, so that a face can be laid
 * on the pose of the moment its picture was taken. Fixed memory, about 500 bytes.
 */

/** At 25 ms and more between two poses that is 0.5 s; faces older than half of that are refused (`reflex.ts`). */
const SLOT_COUNT = 20;
/** Faces move the body between its regular steps: poses closer than this are skipped, so that the ring spans enough. */
const SPACING_MS_MIN = 17;

/** A ring of poses ordered by time. A head that rests need not be recorded again. */
export class PoseRing {
  /** What the last `lookUp` found: pan and nod, and how fast they were; degrees and degrees per ms. */
  pan = 0;
  nod = 0;
  panPerMs = 0;
  nodPerMs = 0;
  private timesMs: number[] = [];
  private pans: number[] = [];
  private nods: number[] = [];
  /** Slot of the newest pose, -1 when empty. */
  private newest = -1;

  /** Notes the pose commanded at `nowMs`; times must not go back. */
  record(nowMs: number, pan: number, nod: number): void {
    const { newest } = this;
    if (newest >= 0 && nowMs - (this.timesMs[newest] as number) < SPACING_MS_MIN) return;
    const slot = newest + 1 < SLOT_COUNT ? newest + 1 : 0;
    this.timesMs[slot] = nowMs;
    this.pans[slot] = pan;
    this.nods[slot] = nod;
    this.newest = slot;
  }

  /** Milliseconds between the oldest and the newest pose kept. */
  spanMs(): number {
    if (this.newest < 0) return 0;
    return (this.timesMs[this.newest] as number) - (this.timesMs[this.oldest()] as number);
  }

  /**
   * Finds the pose at `atMs`, interpolated; beyond either end it is the nearest one, at rest. False: no pose was
   * ever recorded.
   */
  lookUp(atMs: number): boolean {
    const { timesMs, pans, nods, newest } = this;
    if (newest < 0) return false;
    let slot = newest;
    let later = newest;
    const oldest = this.oldest();
    while (slot !== oldest && (timesMs[slot] as number) > atMs) {
      later = slot;
      slot = slot > 0 ? slot - 1 : SLOT_COUNT - 1;
    }
    this.pan = pans[slot] as number;
    this.nod = nods[slot] as number;
    this.panPerMs = 0;
    this.nodPerMs = 0;
    const aheadMs = atMs - (timesMs[slot] as number);
    if (later === slot || aheadMs < 0) return true;
    const spanMs = (timesMs[later] as number) - (timesMs[slot] as number);
    this.panPerMs = ((pans[later] as number) - this.pan) / spanMs;
    this.nodPerMs = ((nods[later] as number) - this.nod) / spanMs;
    this.pan += this.panPerMs * aheadMs;
    this.nod += this.nodPerMs * aheadMs;
    return true;
  }

  private oldest(): number {
    if (this.timesMs.length < SLOT_COUNT) return 0;
    return this.newest + 1 < SLOT_COUNT ? this.newest + 1 : 0;
  }
}
