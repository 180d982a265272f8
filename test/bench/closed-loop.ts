/**
 * The gaze loop closed in Node, without VM and camera: the firmware's own body, a servo that lags, a gateway that keeps
 * the newest face until it is asked for, a camera with a frame rate, a latency, pixel noise and whole-pixel rounding.
 * `runClosedLoop` turns the face by a step and measures overshoot and settling, as docs/BENCH.md bars them.
 */
import { Body } from "../../devs/body/body.js";
import { BODY_LAG_MS_DEFAULT } from "../../devs/gaze/reflex.js";
import { seededChance } from "../../src/time/chance.js";
import type { Chance } from "../../src/time/chance.js";
import { CAMERA_HFOV_DEG, CAMERA_VFOV_DEG, FACE_SPACE } from "../../src/wire/limits.js";

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
  /** How often the head is moved on, ms: what the servo bus asks for. */
  readonly periodMs: number;
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
  periodMs: 50,
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

/** Head, camera, gateway and firmware on one time line. */
class Loop {
  /** Where the axis really is. */
  headDeg: number;
  /** What the servo was last told. */
  sentDeg: number;
  private readonly chance: Chance;
  private readonly body: Body;
  private readonly inFlight: Sent[] = [];
  /** The newest face that has reached the gateway, and when the robot wants one again. */
  private newest: Sent | undefined;
  private askedMs = 0;
  private seq = 0;
  private nextFrameMs: number;

  constructor(private readonly p: LoopParams) {
    this.chance = seededChance(p.seed);
    this.body = new Body(BODY_LAG_MS_DEFAULT, () => this.chance.next());
    this.body.periods.moving = p.periodMs;
    this.headDeg = this.body.pose()[p.axis];
    this.sentDeg = this.headDeg;
    this.nextFrameMs = this.chance.next() * (1000 / p.framesPerS);
  }

  advance(ms: number, faceDeg: number): void {
    this.expose(ms, faceDeg);
    this.receive(ms);
    this.answer(ms);
    if (ms >= this.body.dueMs) this.move(ms);
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
      this.newest = this.inFlight.shift();
      head = this.inFlight[0];
    }
  }

  /** What `BodyDuty.answerFace` does with a face that the robot has asked for. */
  private answer(ms: number): void {
    const { newest, body, p } = this;
    if (newest === undefined || ms < this.askedMs) return;
    this.newest = undefined;
    this.askedMs = ms + body.facePauseMs();
    const { x, y, seq, atMs, capturedMs } = newest;
    const ageMs = p.tellsAge ? Math.round(atMs - capturedMs) : -1;
    const face = { x, y, w: 60, h: 60, seq, conf: p.conf, ageMs, waitMs: Math.round(ms - atMs) };
    if (!body.followFace(face, ms) || body.dueMs > ms) return;
    this.move(ms);
    body.expectFace(ms);
  }

  private move(ms: number): void {
    this.body.step(ms);
    this.sentDeg = this.body.pose()[this.p.axis];
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
