/**
 * When was a frame taken? Never later than its first byte arrived, and earlier by what the camera admits
 * (`X-Frame-Age`) and by what its own clock shows to have been lost on the way: with `X-Timestamp`, a frame whose
 * journey took longer than the shortest journey of late waited somewhere for the difference. The two clocks are
 * never compared in any other way, so the camera's clock may show anything.
 */
import type { PartHead } from "./mjpeg-parser.js";

/** Window of the shortest journey. 20 ppm of drift between two crystals make 0.6 ms in it. */
const WINDOW_MS = 30_000;
/** A larger "delay" is a camera whose clock was set; the window starts again. */
const DELAY_MS_MAX = 5000;

/** Shortest journeys (camera clock to our clock, arbitrary zero) of this half window and of the one before. */
export interface JourneyState {
  readonly shortestMs: number;
  readonly previousMs: number;
  readonly halfStartMs: number;
}

/** Returns the capture time of a frame and the state to pass with the next. */
export function captureTime(
  state: JourneyState | undefined,
  head: PartHead,
  firstByteMs: number,
): { readonly state: JourneyState | undefined; readonly capturedAtMs: number } {
  const leftCameraAtMs = firstByteMs - Math.min(head.ageMs ?? 0, DELAY_MS_MAX);
  if (head.timestampMs === undefined) return { state: undefined, capturedAtMs: leftCameraAtMs };
  const journeyMs = leftCameraAtMs - head.timestampMs;
  const fresh: JourneyState = {
    shortestMs: journeyMs,
    previousMs: journeyMs,
    halfStartMs: firstByteMs,
  };
  if (!state) return { state: fresh, capturedAtMs: leftCameraAtMs };
  const shortestMs = Math.min(state.shortestMs, state.previousMs, journeyMs);
  const delayMs = journeyMs - shortestMs;
  if (delayMs > DELAY_MS_MAX) return { state: fresh, capturedAtMs: leftCameraAtMs };
  const isNewHalf = firstByteMs - state.halfStartMs >= WINDOW_MS / 2;
  const next = isNewHalf
    ? { shortestMs: journeyMs, previousMs: state.shortestMs, halfStartMs: firstByteMs }
    : { ...state, shortestMs: Math.min(state.shortestMs, journeyMs) };
  return { state: next, capturedAtMs: leftCameraAtMs - delayMs };
}
