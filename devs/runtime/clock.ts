/**
 * The firmware's only reader of time and chance. `ds.millis()` is uptime and does not advance inside one
 * slice of a fiber; it starts at 0 at boot and is a double, so it does not wrap.
 */
import * as ds from "@devicescript/core";

/** Milliseconds since boot. */
export function nowMs(): number {
  return ds.millis();
}

/** A number in [0, 1). */
export function chance(): number {
  return Math.random();
}
