/** What vision counts and remembers of itself, for its door and its status. */
import { RateMeter, Recent } from "../time/meter.js";

/** Ages behind the percentiles: 10 s at 30 frames/s. */
const AGES_MAX = 300;

/** Counters since the start, and figures of late. */
export interface VisionFigures {
  readonly frames: RateMeter;
  readonly searches: RateMeter;
  readonly ages: Recent;
  readonly latencies: Recent;
  frameCount: number;
  droppedFrames: number;
  undecodable: number;
  errors: number;
  lastError: string;
  detectorStartMs: number | undefined;
}

/** Nothing was counted yet. */
export function newFigures(): VisionFigures {
  return {
    frames: new RateMeter(),
    searches: new RateMeter(),
    ages: new Recent(AGES_MAX),
    latencies: new Recent(AGES_MAX),
    frameCount: 0,
    droppedFrames: 0,
    undecodable: 0,
    errors: 0,
    lastError: "",
    detectorStartMs: undefined,
  };
}
