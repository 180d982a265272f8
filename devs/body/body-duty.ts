/**
 * The body's impure edge: steps it 50 times a second and at each face, hands the pose to the servos and logs when
 * tracking begins and ends. Nothing here waits, so a link that hangs or a servo that is away never stops the head.
 */
import * as ds from "@devicescript/core";
import type { FaceMessage } from "../../src/wire/datagram";
import { nowMs } from "../runtime/clock";
import { noteFault, startDuty } from "../runtime/duty";
import type { Body } from "./body";
import type { LivingMind } from "../character/living";
import type { ServoBus } from "./servo-bus";

/** Period of the motion layer, ms. */
const STEP_MS = 20;
/**
 * A face that finds the head at rest just after a step changes no angle yet; this much later the first packet is
 * worth sending, where the next period would be up to 20 ms away.
 */
const FOLLOW_UP_MS = 10;

export class BodyDuty {
  /** Longest time between two steps since boot, ms. */
  worstPauseMs = 0;
  /** Steps since boot. */
  steps = 0;
  private lastStepMs = -1;
  private wasTracking = false;
  private isFollowUpDue = false;

  constructor(
    private readonly body: Body,
    private readonly bus: ServoBus,
    private readonly mind: LivingMind,
  ) {}

  /** Starts the 50 Hz duty. Returns at once; call once. */
  startBodyDuty(): void {
    const self = this;
    startDuty("body", async () => {
      let dueMs = nowMs();
      for (;;) {
        self.runStep(false);
        // Steady on average; what was missed is not made up for.
        dueMs += STEP_MS;
        if (dueMs <= nowMs()) dueMs = nowMs() + STEP_MS;
        await ds.sleep(dueMs - nowMs());
      }
    });
  }

  /**
   * A valid face that waited `waitMs` on its way: the body steps at once, so that the servos hear of it now and not
   * with the next tick.
   */
  answerFace(face: FaceMessage, waitMs: number): void {
    const { x, y, conf, seq, ageMs } = face;
    if (!this.body.followFace({ x, y, conf, seq, ageMs, waitMs }, nowMs())) return;
    if (this.runStep(true) || this.isFollowUpDue) return;
    this.isFollowUpDue = true;
    this.followUp.start();
  }

  /** Steps until something is on its way to a servo, or nothing has to be. */
  private async followUp(): Promise<void> {
    try {
      while (this.body.isUnderway()) {
        await ds.sleep(FOLLOW_UP_MS);
        if (this.runStep(true)) break;
      }
    } catch (thrown) {
      noteFault("body", thrown);
    }
    this.isFollowUpDue = false;
  }

  /** Returns whether something is on its way to a servo. */
  private runStep(isFresh: boolean): boolean {
    const now = nowMs();
    if (this.lastStepMs >= 0 && now - this.lastStepMs > this.worstPauseMs) {
      this.worstPauseMs = now - this.lastStepMs;
    }
    this.lastStepMs = now;
    this.steps++;
    this.mind.breathe(now);
    const hasSent = this.bus.writePose(this.body.step(now), now, isFresh);
    this.logTracking();
    return hasSent;
  }

  private logTracking(): void {
    const isTracking = this.body.isFollowing();
    if (isTracking && !this.wasTracking) console.log("tracking a face");
    const cause = this.body.takeLoss();
    if (cause !== "") console.log(`tracking off: ${cause}`);
    this.wasTracking = isTracking;
  }
}
