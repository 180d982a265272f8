/**
 * The gaze reflex: faces in, where the head should look out. LOST -> ACQUIRE on the first face, -> TRACK when
 * at least two were seen and the last was near the centre; silence leads back to LOST by the contract of
 * `src/wire/limits.ts` (hold, return to centre, off). Pure: no clock, no effects; degrees in wire angles.
 *
 * Silence means no face datagrams, not no motion: a person who sits still is tracked as long as they come.
 */
import { clamp } from "../../src/wire/clamp.js";
import {
  BASE_DEG_CENTER,
  BASE_DEG_MAX,
  BASE_DEG_MIN,
  FACE_SPACE,
  GAZE_HOLD_MS,
  GAZE_RETURN_MS,
  NOD_DEG_CENTER,
  NOD_DEG_MAX,
  NOD_DEG_MIN,
  TRACKING_OFF_MS,
} from "../../src/wire/limits.js";
import { FaceEstimate } from "./face-estimate.js";
import type { Gaze } from "./pose-ring.js";

/**
 * Age at sending of a face whose datagram does not say (eight fields): exposure, transfer and detection of
 * the older Buddy's pipeline; the middle of the 20 to 120 ms that such senders have. Off by 50 ms it costs
 * 0.8° of overshoot instead of 0.4°.
 */
export const FACE_AGE_MS_DEFAULT = 70;
/** A datagram that waited longer than this between sender and reflex is refused: the robot is behind. */
export const FACE_WAIT_MS_MAX = 100;
/**
 * A picture older than this is refused: the pose it belongs to is near the end of the memory, and a person
 * has moved on. Our own vision sends at 80 ms (p95), so this allows that and the full wait and some more.
 */
export const FACE_AGE_MS_MAX = 250;
/**
 * From a commanded angle to the head being there: half a bus period (25 ms) and a servo that follows within
 * one or two pulses (20 ms each). A guess for real heads; the bars of the closed loop hold for −50 to +20 ms.
 */
export const BODY_LAG_MS_DEFAULT = 50;

/** The head rests within this of a face that sits: detector noise (0.25° rms) must not make it fidget. */
const DEAD_ZONE_DEG = 0.35;
/** A face this fast, °/s, is followed without a dead zone; in between the zone shrinks. */
const WALKING_DEG_PER_S = 6;
/** Both errors below this, and two faces, make a face "tracked". */
const TRACK_PX = 20;
/** Below this confidence one face alone does not wake the reflex. */
const CONF_MIN = 30;
/** Two faces further apart than this are not "two in a row". */
const ROW_MS_MAX = 1000;
/** Pace toward a face that only one picture has shown: quick off the mark, and soon back if it was none. */
const TENTATIVE_PACE = 0.6;
/** Pace of the way back to the centre, a share of the motion caps. */
const RETURN_PACE = 0.35;

export type ReflexState = "lost" | "acquire" | "track";
/** Why tracking ended. */
export type LossCause = "silence" | "no_face";
/** What the reflex does with the head; "off" leaves it to others. */
type Phase = "off" | "follow" | "hold" | "return";

/** A face as a valid datagram tells it, coordinates 0..240 in the picture, conf 0..100. */
export interface FaceSight {
  readonly x: number;
  readonly y: number;
  readonly conf: number;
  readonly seq: number;
  /** From exposure to sending, ms; negative when the datagram does not say. */
  readonly ageMs: number;
  /** From sending to now as far as known (wait in the gateway, wait on the device), ms. */
  readonly waitMs: number;
}

/** Where the head should look now, how fast that moves, and at which pace to go (share of the caps). */
export interface GazeTarget {
  readonly panDeg: number;
  readonly nodDeg: number;
  readonly panDegPerS: number;
  readonly nodDegPerS: number;
  readonly pace: number;
}

/** What the reflex has been through since boot. */
export interface ReflexCounts {
  accepted: number;
  /** Refused: waited longer than `FACE_WAIT_MS_MAX` or taken longer ago than `FACE_AGE_MS_MAX`. */
  stale: number;
  lostSilence: number;
  lostNoFace: number;
}

export class Reflex {
  readonly counts: ReflexCounts = { accepted: 0, stale: 0, lostSilence: 0, lostNoFace: 0 };
  /** Sequence number of the newest face acted on, -1 before the first. */
  lastSeq = -1;
  private readonly estimate: FaceEstimate;
  private state: ReflexState = "lost";
  private phase: Phase = "off";
  private facesInRow = 0;
  private lastFaceMs = 0;
  private lastCaptureMs = 0;
  private offX = 0;
  private offY = 0;
  private deadZoneDeg = DEAD_ZONE_DEG;
  private goal: Gaze = { pan: BASE_DEG_CENTER, nod: NOD_DEG_CENTER };
  private endedBy: LossCause | "" = "";

  /** @param bodyLagMs from a commanded angle to the head being there. */
  constructor(private readonly bodyLagMs: number) {
    this.estimate = new FaceEstimate(bodyLagMs);
  }

  /** Notes where the head is commanded to be; call each body step. */
  recordPose(nowMs: number, pose: Gaze): void {
    this.estimate.notePose(nowMs, pose);
  }

  /** Takes a face in. Returns whether it is fresh enough to be acted on; a refused one is counted. */
  seeFace(sight: FaceSight, nowMs: number): boolean {
    const isTold = sight.ageMs >= 0;
    const ageMs = (isTold ? sight.ageMs : FACE_AGE_MS_DEFAULT) + sight.waitMs;
    if (sight.waitMs > FACE_WAIT_MS_MAX || ageMs > FACE_AGE_MS_MAX) {
      this.counts.stale++;
      return false;
    }
    this.counts.accepted++;
    this.facesInRow = nowMs - this.lastFaceMs > ROW_MS_MAX ? 1 : this.facesInRow + 1;
    this.lastFaceMs = nowMs;
    this.lastCaptureMs = nowMs - ageMs;
    this.lastSeq = sight.seq;
    this.offX = sight.x - FACE_SPACE / 2;
    this.offY = sight.y - FACE_SPACE / 2;
    const trust = 0.4 + (0.6 * clamp(sight.conf, 0, 100)) / 100;
    this.deadZoneDeg = DEAD_ZONE_DEG / trust;
    const { offX, offY, lastCaptureMs } = this;
    this.estimate.takeSight({ offX, offY, trust, capturedMs: lastCaptureMs, isTold }, this.goal);
    this.nextState(sight.conf);
    return true;
  }

  /** The sender says that nobody is there (debounced): tracking ends, the head comes to rest at `stop`. */
  loseFace(stop: Gaze): void {
    if (this.state === "lost") return;
    this.counts.lostNoFace++;
    this.endedBy = "no_face";
    if (this.phase === "follow") this.enterHold(stop);
    this.endTracking();
  }

  /**
   * Where to look at `nowMs`, or undefined when the reflex has no wish. `stop` is where the head would come to
   * rest by itself.
   */
  stepGaze(nowMs: number, stop: Gaze): GazeTarget | undefined {
    if (this.phase === "off") return undefined;
    const silentMs = nowMs - this.lastFaceMs;
    if (silentMs >= TRACKING_OFF_MS) {
      this.giveUp();
      return undefined;
    }
    if (silentMs >= GAZE_RETURN_MS) this.enterReturn();
    else if (silentMs >= GAZE_HOLD_MS && this.phase === "follow") this.enterHold(stop);
    if (this.phase === "follow") return this.followSight(nowMs);
    return standing(this.goal, this.phase === "return" ? RETURN_PACE : 1);
  }

  /** Somebody else moves the head now: a hold or a return after the end of tracking is given up. */
  letGo(): void {
    if (this.state === "lost") this.phase = "off";
  }

  /** Forgets the estimate (`RESET_PID`); the next face starts anew, the head stays. */
  resetGaze(): void {
    this.estimate.forgetFace();
    this.offX = 0;
    this.offY = 0;
    this.facesInRow = 0;
    if (this.state === "track") this.state = "acquire";
  }

  reflexState(): ReflexState {
    return this.state;
  }

  /** True from the first face until silence or NO_FACE ended it; commands that would pull the gaze off wait. */
  isOnFace(): boolean {
    return this.state !== "lost";
  }

  /** Distance of the last face from the picture's centre, pixels of 0..240 space; 0 when nobody is tracked. */
  errorPx(): number {
    if (this.state === "lost") return 0;
    return Math.sqrt(this.offX * this.offX + this.offY * this.offY);
  }

  /** Age at `nowMs` of the picture behind the present gaze, ms; -1 when nobody is tracked. */
  ageOfFaceMs(nowMs: number): number {
    return this.state === "lost" ? -1 : nowMs - this.lastCaptureMs;
  }

  /** Sightings that were far from the followed face and not confirmed, since boot. */
  outlierCount(): number {
    return this.estimate.outlierCount;
  }

  /** Why tracking ended since the last call; "" when it did not. For the log. */
  takeEnd(): LossCause | "" {
    const cause = this.endedBy;
    this.endedBy = "";
    return cause;
  }

  private followSight(nowMs: number): GazeTarget {
    // The head is late by its own lag, so it is sent to where the face will be then.
    const face = this.estimate.predictGaze(nowMs + this.bodyLagMs);
    if (face === undefined) return standing(this.goal, 1);
    const pace = this.estimate.gazePace(nowMs);
    const pan = drag(this.goal.pan, face.pan, this.slack(pace.pan));
    const nod = drag(this.goal.nod, face.nod, this.slack(pace.nod));
    this.goal = {
      pan: clamp(pan, BASE_DEG_MIN, BASE_DEG_MAX),
      nod: clamp(nod, NOD_DEG_MIN, NOD_DEG_MAX),
    };
    return {
      panDeg: this.goal.pan,
      nodDeg: this.goal.nod,
      panDegPerS: pace.pan,
      nodDegPerS: pace.nod,
      pace: this.estimate.isGoing(nowMs) ? TENTATIVE_PACE : 1,
    };
  }

  /** Dead zone, degrees; a face that moves is followed without. */
  private slack(degPerS: number): number {
    const left = 1 - Math.abs(degPerS) / WALKING_DEG_PER_S;
    return left > 0 ? this.deadZoneDeg * left : 0;
  }

  private nextState(conf: number): void {
    if (this.state === "lost") {
      if (conf < CONF_MIN && this.facesInRow < 2) return;
      this.state = "acquire";
    }
    this.phase = "follow";
    const isNear = Math.abs(this.offX) < TRACK_PX && Math.abs(this.offY) < TRACK_PX;
    if (this.state === "acquire" && this.facesInRow >= 2 && isNear) this.state = "track";
  }

  private enterHold(stop: Gaze): void {
    this.phase = "hold";
    this.goal = { pan: stop.pan, nod: stop.nod };
  }

  private enterReturn(): void {
    this.phase = "return";
    this.goal = { pan: BASE_DEG_CENTER, nod: NOD_DEG_CENTER };
  }

  private giveUp(): void {
    if (this.state !== "lost") {
      this.counts.lostSilence++;
      this.endedBy = "silence";
    }
    this.phase = "off";
    this.endTracking();
  }

  /** The face is followed no longer; what the head does now is up to the phase. */
  endTracking(): void {
    this.state = "lost";
    this.facesInRow = 0;
  }
}

/** Pulls `from` along as on a string of length `slack`: it never rests further than that from `to`. */
function drag(from: number, to: number, slack: number): number {
  return clamp(from, to - slack, to + slack);
}

function standing(gaze: Gaze, pace: number): GazeTarget {
  return { panDeg: gaze.pan, nodDeg: gaze.nod, panDegPerS: 0, nodDegPerS: 0, pace };
}
