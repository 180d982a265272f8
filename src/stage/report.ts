/** What became of a conversation, from when whose sound was to be heard. Pure. */

/** A stretch of a robot's sound, ms. */
export interface Heard {
  readonly robot: string;
  readonly startMs: number;
  readonly endMs: number;
}

/** A turn as its robot tells it and the ear heard it; ms. */
export interface Turn {
  readonly robot: string;
  readonly text: string;
  /** A person was answered, or a topic opened: the silence before it is not the robots'. */
  readonly isOpening: boolean;
  /** How long it sounded by its robot, and how much of that was heard. */
  readonly soundMs: number;
  readonly heardMs: number;
  /** First and last moment at which it was heard; 0 when it was not. */
  readonly startMs: number;
  readonly endMs: number;
}

export interface StageReport {
  readonly turns: number;
  /** Turns of which the ear heard at least HEARD_SHARE. */
  readonly heard: number;
  /** Time in which two robots were to be heard at once. */
  readonly overlapMs: number;
  /** Silence between a robot's last sound and the first of the robot that answers it; 0 without any. */
  readonly gapP95Ms: number;
}

/** Of a turn's sound; the rest is for pieces that a room's codec begins or ends a little late. */
export const HEARD_SHARE = 0.9;
/** One frame of sound: what is measured in frames cannot be told apart more finely. */
export const OVERLAP_MS_MAX = 20;

export function isHeard({ heardMs, soundMs }: Turn): boolean {
  return heardMs >= soundMs * HEARD_SHARE;
}

export function reportOf(turns: readonly Turn[], heard: readonly Heard[]): StageReport {
  const gapsMs = turns.flatMap((turn, i) => {
    const before = turns[i - 1];
    if (before === undefined || turn.isOpening || !isHeard(turn) || !isHeard(before)) return [];
    return [Math.max(0, turn.startMs - before.endMs)];
  });
  return {
    turns: turns.length,
    heard: turns.filter(isHeard).length,
    overlapMs: Math.round(overlapMs(heard)),
    gapP95Ms: Math.round(p95(gapsMs)),
  };
}

/** A time in which two robots were to be heard at once, ms. */
export interface Overlap {
  readonly robots: readonly [first: string, second: string];
  readonly startMs: number;
  readonly lengthMs: number;
}

/** In the order of their beginnings. */
export function overlapsOf(heard: readonly Heard[]): Overlap[] {
  const byStart = [...heard].sort((a, b) => a.startMs - b.startMs);
  // The latest end of each robot so far: all before the present sound began no later than it.
  const ends = new Map<string, number>();
  return byStart.flatMap(({ robot, startMs, endMs }) => {
    const both = [...ends].flatMap(([other, end]): Overlap[] => {
      const lengthMs = Math.min(end, endMs) - startMs;
      if (other === robot || lengthMs <= 0) return [];
      return [{ robots: [other, robot], startMs, lengthMs }];
    });
    ends.set(robot, Math.max(ends.get(robot) ?? endMs, endMs));
    return both;
  });
}

/** Time in which sounds of two robots are to be heard at once, ms. */
export function overlapMs(heard: readonly Heard[]): number {
  return overlapsOf(heard).reduce((sum, { lengthMs }) => sum + lengthMs, 0);
}

function p95(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.max(0, Math.ceil(sorted.length * 0.95) - 1)] ?? 0;
}
