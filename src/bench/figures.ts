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

/** `value` and `bar` are in `unit`; `count` measurements are behind them. */
type Measured = [what: string, value: number, bar: number, unit: string, count: number];

/** A figure that must not be greater than its bar. */
export function atMost(...measured: Measured): Figure {
  const [, value, bar] = measured;
  return heldTo("≤", value <= bar, measured);
}

/** A figure that must not be smaller than its bar. */
export function atLeast(...measured: Measured): Figure {
  const [, value, bar] = measured;
  return heldTo("≥", value >= bar, measured);
}

/** A figure that is told, without a bar. */
export function told(what: string, value: string, count: number): Figure {
  return { what, value, bar: "", isMet: true, count };
}

function heldTo(sign: string, isMet: boolean, [what, value, bar, unit, count]: Measured): Figure {
  return { what, value: `${round(value)} ${unit}`, bar: `${sign} ${bar} ${unit}`, isMet, count };
}

function round(value: number): number {
  return Math.round(value * 100) / 100;
}
