/**
 * Which robot is heard in the room without the floor, as a director sees it. Pure. It hears a robot later than it sounds, and
 * reads the stage now and then: so only what goes on beyond that is an offence.
 */

/** Sound of a robot that had the floor this short a time ago may still be on its way. */
export const LATE_MS = 2000;
/** So much of it in all is no crackle at an end. */
export const OUT_OF_TURN_MS = 300;
/** Silence after which it is counted anew. */
const FORGOTTEN_MS = 5000;

export interface Overheard {
  /** When it had the floor last, as far as is known, and when it was heard last; monotonic ms. */
  readonly heldMs: number;
  readonly heardMs: number;
  /** Heard without the floor. */
  readonly soundMs: number;
}

export interface OverheardStep {
  readonly state: Overheard;
  readonly isOutOfTurn: boolean;
}

/**
 * @param before undefined for a robot that was not heard before: nothing is known of what it held
 * @param lengthMs of a piece of sound that ends now
 * @param holds whether it has the floor; undefined while nobody knows
 */
export function overhear(
  before: Overheard | undefined,
  lengthMs: number,
  holds: boolean | undefined,
  nowMs: number,
): OverheardStep {
  if (before === undefined || holds !== false) {
    return { state: { heldMs: nowMs, heardMs: nowMs, soundMs: 0 }, isOutOfTurn: false };
  }
  const { heldMs, heardMs } = before;
  const isLate = nowMs - heldMs < LATE_MS;
  const known = nowMs - heardMs >= FORGOTTEN_MS ? 0 : before.soundMs;
  const soundMs = isLate ? 0 : known + lengthMs;
  const isOutOfTurn = soundMs >= OUT_OF_TURN_MS;
  return { state: { heldMs, heardMs: nowMs, soundMs: isOutOfTurn ? 0 : soundMs }, isOutOfTurn };
}
