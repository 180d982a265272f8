/** How a measured figure stands to its bar. */

export interface Figure {
  readonly what: string;
  /** Measured, with its unit. */
  readonly value: string;
  /** The bar, or "" for a figure without one. */
  readonly bar: string;
  readonly isMet: boolean;
  /** Number of measurements behind it. */
  readonly count: number;
}

/** A figure that must not be greater than its bar. */
export function atMost(
  what: string,
  value: number,
  barValue: number,
  unit: string,
  count: number,
): Figure {
  const bar = `≤ ${barValue} ${unit}`;
  return { what, value: `${round(value)} ${unit}`, bar, isMet: value <= barValue, count };
}

/** A figure that must not be smaller than its bar. */
export function atLeast(
  what: string,
  value: number,
  barValue: number,
  unit: string,
  count: number,
): Figure {
  const bar = `≥ ${barValue} ${unit}`;
  return { what, value: `${round(value)} ${unit}`, bar, isMet: value >= barValue, count };
}

/** A figure that is told, without a bar. */
export function told(what: string, value: string, count: number): Figure {
  return { what, value, bar: "", isMet: true, count };
}

function round(value: number): number {
  return Math.round(value * 100) / 100;
}
