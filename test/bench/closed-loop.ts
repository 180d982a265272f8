/**
 * The gaze loop closed in Node, without VM and camera: the firmware's own reflex and motion layer, a servo
 * that lags, a bus that samples, a camera with a frame rate, a latency, pixel noise and whole-pixel rounding.
 * `runClosedLoop` turns the face by a step and measures overshoot and settling, as design §5 bars them.
 */
import { Motion } from "../../devs/body/motion.js";
import type { Pose } from "../../devs/body/pose.js";
import { BODY_LAG_MS_DEFAULT, Reflex } from "../../devs/gaze/reflex.js";
import { seededChance } from "../../src/time/chance.js";
import type { Chance } from "../../src/time/chance.js";
import {
  CAMERA_HFOV_DEG,
  CAMERA_VFOV_DEG,
  FACE_SPACE,
  NOD_DEG_CENTER,
} from "../../src/wire/limits.js";

export interface LoopParams {
  readonly seed: number;
  readonly axis: "pan" | "nod";
  /** Where the axis looks first, and by how much the face then moves at once, degrees. */
  readonly startDeg: number;
  readonly stepDeg: number;
  readonly framesPerS: number;
  /** Exposure to reflex, ms, and its jitter (± uniform). */
  readonly latencyMs: number;
  readonly jitterMs: number;
  /** Whether datagrams tell their age (nine fields). */
  readonly tellsAge: boolean;
  readonly noisePx: number;
  /** Servo updates per second that reach the bus. */
  readonly busPerS: number;
  /** First-order lag of servo and gear, ms. */
  readonly servoLagMs: number;
  /** A face that walks: amplitude (degrees) and period (ms) on top of the step; 0 for none. */
  readonly swayDeg: number;
  /** Whether it turns round smoothly (a sine) or at once (to and fro at one speed). */
  readonly isSmooth: boolean;
  readonly swayPeriodMs: number;
  readonly conf: number;
}

export const LOOP_DEFAULTS: LoopParams = {
  seed: 1,
  axis: "pan",
  startDeg: 90,
  stepDeg: 20,
  framesPerS: 25,
  latencyMs: 80,
  jitterMs: 10,
  tellsAge: true,
  noisePx: 1,
  busPerS: 20,
  servoLagMs: 30,
  swayDeg: 0,
  isSmooth: true,
  swayPeriodMs: 8000,
  conf: 88,
};

export interface LoopResult {
  /** Farthest beyond the face after the step, degrees; 0 when never beyond. */
  readonly overshootDeg: number;
  /** From the step until the head stays within ±1° of the face for good, ms. */
  readonly settleMs: number;
  /** Root mean square of the error over the last half of the run, degrees. */
  readonly errorRmsDeg: number;
  /** Travel of the servo command over the last half of the run, degrees: how calm it is. */
  readonly travelDeg: number;
}

const WARM_UP_MS = 3000;
const RUN_MS = 6000;
const TICK_MS = 20;
/** Simulation step of the servo, ms. */
const FINE_MS = 1;

interface Sent {
  atMs: number;
  capturedMs: number;
  x: number;
  y: number;
  seq: number;
}

/** Runs one step response and measures it. The same parameters give the same result. */
export function runClosedLoop(params: Partial<LoopParams>): LoopResult {
  const p: LoopParams = { ...LOOP_DEFAULTS, ...params };
  const loop = new Loop(p);
  const meter = new Meter(p);
  for (let ms = 0; ms < WARM_UP_MS + RUN_MS; ms += FINE_MS) {
    const faceDeg = faceAt(p, ms);
    loop.advance(ms, faceDeg);
    meter.note(ms, loop.headDeg, loop.sentDeg, faceDeg);
  }
  return meter.result();
}

function faceAt(p: LoopParams, ms: number): number {
  const wave = Math.sin((2 * Math.PI * ms) / p.swayPeriodMs);
  const sway = p.swayDeg * (p.isSmooth ? wave : (2 / Math.PI) * Math.asin(wave));
  return p.startDeg + sway + (ms >= WARM_UP_MS ? p.stepDeg : 0);
}

/** Head, camera and firmware on one time line. */
class Loop {
  /** Where the axis really is. */
  headDeg: number;
  /** What the servo was last told. */
  sentDeg: number;
  private readonly chance: Chance;
  private readonly motion: Motion;
  private readonly reflex = new Reflex(BODY_LAG_MS_DEFAULT);
  private readonly inFlight: Sent[] = [];
  private base: Pose;
  private speed = { pan: 0, nod: 0, pace: 1 };
  private seq = 0;
  private nextFrameMs: number;
  private nextBusMs = 0;

  constructor(private readonly p: LoopParams) {
    this.chance = seededChance(p.seed);
    this.base = {
      pan: p.axis === "pan" ? p.startDeg : 90,
      nod: p.axis === "nod" ? p.startDeg : NOD_DEG_CENTER,
      tilt: 85,
    };
    this.motion = new Motion(this.base);
    this.headDeg = p.startDeg;
    this.sentDeg = p.startDeg;
    this.nextFrameMs = this.chance.next() * (1000 / p.framesPerS);
  }

  advance(ms: number, faceDeg: number): void {
    this.expose(ms, faceDeg);
    this.receive(ms);
    if (ms % TICK_MS === 0) this.tick(ms);
    if (ms >= this.nextBusMs) {
      this.nextBusMs += 1000 / this.p.busPerS;
      this.sentDeg = this.motion.poseNow()[this.p.axis];
    }
    this.headDeg +=
      ((this.sentDeg - this.headDeg) * FINE_MS) / Math.max(FINE_MS, this.p.servoLagMs);
  }

  private expose(ms: number, faceDeg: number): void {
    if (ms < this.nextFrameMs) return;
    const p = this.p;
    this.nextFrameMs += 1000 / p.framesPerS;
    const off = faceDeg - this.headDeg;
    const x = 120 + (p.axis === "pan" ? -off / (CAMERA_HFOV_DEG / FACE_SPACE) : 0);
    const y = 120 + (p.axis === "nod" ? off / (CAMERA_VFOV_DEG / FACE_SPACE) : 0);
    const sent: Sent = {
      atMs: ms + p.latencyMs + (2 * this.chance.next() - 1) * p.jitterMs,
      capturedMs: ms,
      x: Math.floor(x + this.noise()),
      y: Math.floor(y + this.noise()),
      seq: ++this.seq,
    };
    if (sent.x >= 0 && sent.x <= 240 && sent.y >= 0 && sent.y <= 240) this.inFlight.push(sent);
  }

  private receive(ms: number): void {
    for (let head = this.inFlight[0]; head !== undefined && head.atMs <= ms;) {
      this.inFlight.shift();
      const ageMs = this.p.tellsAge ? Math.round(ms - head.capturedMs) : -1;
      const { x, y, seq } = head;
      this.reflex.seeFace({ x, y, seq, conf: this.p.conf, ageMs, waitMs: 0 }, ms);
      head = this.inFlight[0];
    }
  }

  private tick(ms: number): void {
    const wish = this.reflex.stepGaze(ms, this.motion.stopPose());
    if (wish !== undefined) {
      this.base = { pan: wish.panDeg, nod: wish.nodDeg, tilt: this.base.tilt };
      this.speed = { pan: wish.panDegPerS, nod: wish.nodDegPerS, pace: wish.pace };
    }
    this.motion.stepMotion(
      {
        pose: this.base,
        degPerS: { pan: this.speed.pan, nod: this.speed.nod, tilt: 0 },
        pace: this.speed.pace,
      },
      TICK_MS,
    );
    this.reflex.recordPose(ms, this.motion.poseNow());
  }

  /** Gaussian by Box and Muller, pixels. */
  private noise(): number {
    const radius = Math.sqrt(-2 * Math.log(1 - this.chance.next()));
    return this.p.noisePx * radius * Math.cos(2 * Math.PI * this.chance.next()) + 0.5;
  }
}

/** Measures a run as it goes. */
class Meter {
  private overshootDeg = 0;
  private outsideMs = WARM_UP_MS;
  private squares = 0;
  private count = 0;
  private travelDeg = 0;
  private lastSent = Number.NaN;

  constructor(private readonly p: LoopParams) {}

  note(ms: number, headDeg: number, sentDeg: number, faceDeg: number): void {
    if (ms < WARM_UP_MS) return;
    const beyond = (headDeg - faceDeg) * Math.sign(this.p.stepDeg);
    this.overshootDeg = Math.max(this.overshootDeg, beyond);
    if (Math.abs(headDeg - faceDeg) > 1) this.outsideMs = ms;
    if (ms < WARM_UP_MS + RUN_MS / 2) return;
    this.squares += (headDeg - faceDeg) ** 2;
    this.count++;
    if (Number.isFinite(this.lastSent)) this.travelDeg += Math.abs(sentDeg - this.lastSent);
    this.lastSent = sentDeg;
  }

  result(): LoopResult {
    return {
      overshootDeg: this.overshootDeg,
      settleMs: this.outsideMs - WARM_UP_MS,
      errorRmsDeg: Math.sqrt(this.squares / this.count),
      travelDeg: this.travelDeg,
    };
  }
}
