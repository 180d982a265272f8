/**
 * Turns heartbeats into green, yellow, red. Pure: time is an argument.
 *
 * Intuition: somebody promised to say "I live" every period. One promise missed is yellow: look, do nothing.
 * Three missed are red: it is hung, whatever its process table entry says. Death is not found here: a process
 * that is gone says so with its exit, at once, and that is how hung and dead are told apart.
 *
 * Two things a naive detector gets wrong are part of the state. Before the first beat there is no promise yet,
 * so silence means nothing (`unheard`). And when the observer itself was asleep or starved, the silence it
 * "sees" is its own: a scan that comes late moves the last beat forward by the time the observer was away.
 */
export type Colour = "green" | "yellow" | "red";

export interface DetectorOptions {
  /** The promised time between beats. */
  readonly periodMs: number;
  /** Missed beats until red. */
  readonly missedMax: number;
  /** How often `scan` is called; a gap much longer than this is the observer's own absence. */
  readonly scanPeriodMs: number;
}

/** Three missed beats of 500 ms (A10), looked at ten times a second: red 1.5 to 1.6 s after the last beat. */
export const DETECTOR: DetectorOptions = { periodMs: 500, missedMax: 3, scanPeriodMs: 100 };

/** A scan later than this many scan periods means that the observer was away. */
const LATE_SCANS = 3;

export type Detector =
  | { readonly kind: "unheard"; readonly scannedMs: number }
  | {
      readonly kind: "heard";
      readonly scannedMs: number;
      readonly lastBeatMs: number;
      readonly colour: Colour;
    };

export function newDetector(nowMs: number): Detector {
  return { kind: "unheard", scannedMs: nowMs };
}

/** A beat came in. It always makes green: whoever beats is alive. */
export function heard(detector: Detector, nowMs: number): Detector {
  return { kind: "heard", scannedMs: detector.scannedMs, lastBeatMs: nowMs, colour: "green" };
}

/** Looks at the silence. Call it every `scanPeriodMs`. */
export function scan(
  detector: Detector,
  nowMs: number,
  options: DetectorOptions = DETECTOR,
): Detector {
  if (detector.kind === "unheard") return { kind: "unheard", scannedMs: nowMs };
  const awayMs = absenceMs(detector.scannedMs, nowMs, options.scanPeriodMs);
  const lastBeatMs = Math.min(nowMs, detector.lastBeatMs + awayMs);
  const colour = colourOf(nowMs - lastBeatMs, options);
  return { kind: "heard", scannedMs: nowMs, lastBeatMs, colour };
}

/** Milliseconds the observer itself was away between two scans; 0 when the scan came in time. */
export function absenceMs(scannedMs: number, nowMs: number, scanPeriodMs: number): number {
  const gapMs = nowMs - scannedMs;
  return gapMs > LATE_SCANS * scanPeriodMs ? gapMs - scanPeriodMs : 0;
}

/** Silence as the observer may count it, ms; 0 before the first beat. */
export function silentMs(detector: Detector, nowMs: number): number {
  return detector.kind === "unheard" ? 0 : Math.max(0, nowMs - detector.lastBeatMs);
}

function colourOf(silenceMs: number, options: DetectorOptions): Colour {
  // The same moment at which the beat itself is due must not be yellow: half a period of grace.
  if (silenceMs < options.periodMs * 1.5) return "green";
  return silenceMs < options.periodMs * options.missedMax ? "yellow" : "red";
}
