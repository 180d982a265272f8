/**
 * The body's impure edge: steps it when it wants and at each face, hands the pose to the servos and logs when
 * tracking begins and ends. Nothing here waits, so a link that hangs or a servo that is away never stops the head.
 */
import type { Face } from "../../src/wire/face-frame";
import { nowMs } from "../runtime/clock";
import { hurry, load, startJob } from "../runtime/duty";
import { HALF_MOTION, NO_AMBIENT, QUARTER_MOTION } from "../runtime/load";
import type { Job } from "../runtime/scheduler";
import type { Body } from "./body";
import type { BodyPort, MoveName } from "./port";
import type { ServoBus } from "./servo-bus";

/** Servos are reminded of where they are (`packet-budget.ts`), so a head at rest is stepped as often as this needs. */
const IDLE_MS = 500;

/** Who moves the head a little while nobody asks anything of it. */
export interface AmbientMotion {
  /** Puts the offset of `nowMs` into the body; returns when it wants to do so again, ms from now; 0: it rests. */
  breathe(nowMs: number, isAllowed: boolean): number;
}

export class BodyDuty implements BodyPort {
  /** How late a step ever came since boot, ms. */
  worstLateMs = 0;
  /** Steps since boot. */
  steps = 0;
  /** Set by whoever tells others where the head is: it may be elsewhere now. */
  onStep: (nowMs: number) => void = noStep;
  private wasTracking = false;
  private job: Job = undefined;

  constructor(
    private readonly body: Body,
    private readonly bus: ServoBus,
    private readonly ambient: AmbientMotion,
  ) {}

  /** Starts stepping. Call once. */
  begin(): void {
    const self = this;
    this.job = startJob("body", 1500, (now) => self.run(now));
  }

  move(name: MoveName, a: number, b: number): void {
    this.body.move(name, a, b);
    this.hurry();
  }

  /** Nobody is there any more. */
  dropFace(): void {
    this.body.dropFace();
    this.hurry();
  }

  /** A valid face: the servos hear of it now and not with the next period, unless they have just been told something. */
  answerFace(face: Face): void {
    const now = nowMs();
    const { body } = this;
    if (!body.followFace(face, now)) return;
    if (body.dueMs > now) return this.hurry();
    this.step(now, true);
    body.expectFace(now);
    this.hurry();
    this.job.dueMs = body.dueMs;
  }

  private hurry(): void {
    hurry(this.job, this.body.dueMs);
  }

  private run(now: number): number {
    const lateMs = now - this.body.dueMs;
    if (lateMs > this.worstLateMs && this.body.dueMs > 0) this.worstLateMs = lateMs;
    this.step(now, false);
    return this.body.dueMs;
  }

  private step(now: number, isFresh: boolean): void {
    const { body, bus } = this;
    const { periods } = body;
    const { level } = load;
    this.steps++;
    periods.moving = bus.periodMs;
    if (level >= HALF_MOTION) periods.moving *= level >= QUARTER_MOTION ? 4 : 2;
    const breathMs = this.ambient.breathe(now, level < NO_AMBIENT);
    periods.resting = breathMs > 0 ? breathMs : IDLE_MS;
    body.step(now);
    bus.write(body.pose(), now, isFresh);
    if (body.isFollowing() !== this.wasTracking) this.logTracking();
    this.onStep(now);
  }

  private logTracking(): void {
    const isTracking = this.body.isFollowing();
    this.wasTracking = isTracking;
    const cause = this.body.takeLoss();
    if (isTracking) console.log("tracking a face");
    else if (cause !== "") console.log(`tracking off: ${cause}`);
  }
}

function noStep(_nowMs: number): void {}
