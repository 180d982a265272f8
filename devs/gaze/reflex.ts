/**
 * The gaze reflex: faces in, where the head should look out. LOST -> ACQUIRE on the first face, -> TRACK when
 * at least two were seen and the last was near the centre; silence leads back to LOST by the contract of
 * `src/wire/limits.ts` (hold, return to centre, off). Pure: no clock, no effects; degrees in wire angles.
 *
 * Silence means no face datagrams, not no motion: a person who sits still is tracked as long as they come.
 */
import {
  BASE_DEG_CENTER,
  FACE_SPACE,
  GAZE_HOLD_MS,
  GAZE_RETURN_MS,
  NOD_DEG_CENTER,
  TRACKING_OFF_MS,
} from "../../src/wire/limits.js";
import type { Face } from "../../src/wire/face-frame.js";
import { FaceEstimate } from "./face-estimate.js";

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
export const BODY_LAG_MS_DEFAULT = 55;

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
/** Pace toward a face whose age is a guess: where the head was when the picture was taken is less sure the faster it goes. */
const UNTOLD_PACE = 0.8;
/** Pace of the way back to the centre, a share of the motion caps. */
const RETURN_PACE = 0.35;

export type ReflexState = "lost" | "acquire" | "track";
/** Why tracking ended. */
export type LossCause = "silence" | "no_face";
/** What the reflex does with the head; "off" leaves it to others. */
type Phase = "off" | "follow" | "hold" | "return";

/** Where the head comes to rest if nothing more is asked of it: what "stay" means to a head in motion. Wire degrees. */
export interface RestingHead {
  restPan(): number;
  restNod(): number;
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
  /**
   * Where the head should look, as of the last `step` that had a wish, degrees; how fast that moves, °/s; and at which
   * pace to go there, a share of the motion caps.
   */
  panDeg = BASE_DEG_CENTER;
  nodDeg = NOD_DEG_CENTER;
  panDegPerS = 0;
  nodDegPerS = 0;
  pace = 1;
  /** The sender of the last face says how old its pictures are. */
  private isTold = true;
  private readonly estimate: FaceEstimate;
  private state: ReflexState = "lost";
  private phase: Phase = "off";
  private facesInRow = 0;
  private lastFaceMs = 0;
  /** When the picture of the last face was taken, and the face's offset from its centre, pixels. */
  private capturedMs = 0;
  private offX = 0;
  private offY = 0;
  private deadZoneDeg = DEAD_ZONE_DEG;
  private endedBy: LossCause | "" = "";

  /** @param bodyLagMs from a commanded angle to the head being there. */
  constructor(private readonly bodyLagMs: number) {
    this.estimate = new FaceEstimate(bodyLagMs);
  }

  /** Notes where the head is commanded to be; call it whenever that has changed. */
  record(nowMs: number, panDeg: number, nodDeg: number): void {
    this.estimate.poses.record(nowMs, panDeg, nodDeg);
  }

  /** Takes a face in. Returns whether it is fresh enough to be acted on; a refused one is counted. */
  see(face: Face, nowMs: number): boolean {
    const { conf, waitMs, ageMs } = face;
    const oldMs = (ageMs >= 0 ? ageMs : FACE_AGE_MS_DEFAULT) + waitMs;
    if (waitMs > FACE_WAIT_MS_MAX || oldMs > FACE_AGE_MS_MAX) {
      this.counts.stale++;
      return false;
    }
    const offX = face.x - FACE_SPACE / 2;
    const offY = face.y - FACE_SPACE / 2;
    // Not wholly believed at any confidence below 100, and never less than 0.4.
    const trust = 0.4 + 0.006 * conf;
    this.counts.accepted++;
    this.facesInRow = nowMs - this.lastFaceMs > ROW_MS_MAX ? 1 : this.facesInRow + 1;
    this.lastFaceMs = nowMs;
    this.capturedMs = nowMs - oldMs;
    this.lastSeq = face.seq;
    this.isTold = ageMs >= 0;
    this.offX = offX;
    this.offY = offY;
    this.deadZoneDeg = DEAD_ZONE_DEG / trust;
    this.estimate.take(offX, offY, trust, this.capturedMs, ageMs >= 0);
    if (this.state !== "track") this.nextState(conf);
    if (this.state !== "lost") this.phase = "follow";
    return true;
  }

  /** The sender says that nobody is there (debounced): tracking ends, the head comes to rest where it can. */
  lose(head: RestingHead): void {
    if (this.state === "lost") return;
    this.counts.lostNoFace++;
    this.endedBy = "no_face";
    if (this.phase === "follow") this.hold(head);
    this.endTracking();
  }

  /** Works out where to look at `nowMs`; false: the reflex has no wish. */
  step(nowMs: number, head: RestingHead): boolean {
    if (this.phase === "off") return false;
    const silentMs = nowMs - this.lastFaceMs;
    if (silentMs >= TRACKING_OFF_MS) {
      this.giveUp();
      return false;
    }
    if (silentMs >= GAZE_RETURN_MS) this.returnToCentre();
    else if (silentMs >= GAZE_HOLD_MS && this.phase === "follow") this.hold(head);
    else if (this.phase === "follow") this.follow(nowMs);
    return true;
  }

  /** Somebody else moves the head now: a hold or a return after the end of tracking is given up. */
  letGo(): void {
    if (this.state === "lost") this.phase = "off";
  }

  /** Forgets the estimate (`RESET_PID`); the next face starts anew, the head stays. */
  reset(): void {
    this.estimate.forget();
    this.offX = 0;
    this.offY = 0;
    this.facesInRow = 0;
    if (this.state === "track") this.state = "acquire";
  }

  /** The face is followed no longer; what the head does now is up to the phase. */
  endTracking(): void {
    this.state = "lost";
    this.facesInRow = 0;
  }

  reflexState(): ReflexState {
    return this.state;
  }

  /** True from the first face until silence or NO_FACE ended it; commands that would pull the gaze off wait. */
  isOnFace(): boolean {
    return this.state !== "lost";
  }

  /** Whether the head, which rests, should look elsewhere at `nowMs` than it was last told. */
  isAway(nowMs: number): boolean {
    if (this.phase !== "follow") return true;
    const { panDeg, nodDeg } = this;
    this.follow(nowMs);
    return this.panDeg !== panDeg || this.nodDeg !== nodDeg;
  }

  /** True while it has wishes: on a face, and through the hold and the way back after it. */
  isAwake(): boolean {
    return this.phase !== "off";
  }

  /** Distance of the last face from the picture's centre, pixels of 0..240 space; 0 when nobody is tracked. */
  errorPx(): number {
    if (this.state === "lost") return 0;
    const { offX, offY } = this;
    return Math.sqrt(offX * offX + offY * offY);
  }

  /** Age at `nowMs` of the picture behind the present gaze, ms; -1 when nobody is tracked. */
  ageOfFaceMs(nowMs: number): number {
    return this.state === "lost" ? -1 : nowMs - this.capturedMs;
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

  private follow(nowMs: number): void {
    const { estimate } = this;
    // The head is late by its own lag, so it is sent to where the face will be then.
    if (!estimate.predict(nowMs + this.bodyLagMs, nowMs)) {
      this.stand(this.panDeg, this.nodDeg, 1);
      return;
    }
    const { panDegPerS, nodDegPerS } = estimate;
    this.panDeg = drag(this.panDeg, estimate.panDeg, this.slack(panDegPerS));
    this.nodDeg = drag(this.nodDeg, estimate.nodDeg, this.slack(nodDegPerS));
    this.panDegPerS = panDegPerS;
    this.nodDegPerS = nodDegPerS;
    this.pace = estimate.isTentative ? TENTATIVE_PACE : this.isTold ? 1 : UNTOLD_PACE;
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
    if (this.facesInRow < 2) return;
    const isNear = Math.abs(this.offX) < TRACK_PX && Math.abs(this.offY) < TRACK_PX;
    if (isNear) this.state = "track";
  }

  private hold(head: RestingHead): void {
    this.phase = "hold";
    this.stand(head.restPan(), head.restNod(), 1);
  }

  private returnToCentre(): void {
    this.phase = "return";
    this.stand(BASE_DEG_CENTER, NOD_DEG_CENTER, RETURN_PACE);
  }

  private stand(panDeg: number, nodDeg: number, pace: number): void {
    this.panDeg = panDeg;
    this.nodDeg = nodDeg;
    this.panDegPerS = 0;
    this.nodDegPerS = 0;
    this.pace = pace;
  }

  private giveUp(): void {
    if (this.state !== "lost") {
      this.counts.lostSilence++;
      this.endedBy = "silence";
    }
    this.phase = "off";
    this.endTracking();
  }
}

/** Pulls `from` along as on a string of length `slack`: it never rests further than that from `to`. */
function drag(from: number, to: number, slack: number): number {
  const ahead = to - from;
  if (ahead > slack) return to - slack;
  return ahead < -slack ? to + slack : from;
}
