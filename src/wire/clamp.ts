/** Bounds of numbers, for both ends. Not-a-number becomes the lower bound, so that it can never reach a servo or spread. */

/** `value` within `min`..`max`. */
export function clamp(value: number, min: number, max: number): number {
  if (value >= min) return value <= max ? value : max;
  return min;
}

/** `value` within 0..1. */
export function clampUnit(value: number): number {
  return clamp(value, 0, 1);
}
