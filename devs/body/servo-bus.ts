/**
 * What the motion layer needs of whatever turns the servos. Two kinds: Jacdac servo roles within a packet budget
 * (`jacdac-servo-bus.ts`) and a PCA9685 on I2C, unthrottled (`pca9685.ts`); see D11.
 */
import type { Mounting } from "./mounting.js";
import type { Pose } from "./pose.js";

export interface ServoBusCounts {
  /** Packets or transfers that left. */
  sent: number;
  /** Sends that failed or were given up; the bus goes on by itself. */
  faults: number;
}

export interface ServoBus {
  /** From `write` to the head being there, ms: bus period, servo and gear. */
  readonly lagMs: number;
  /** Poses closer together than this gain nothing: what it can tell the servos while all of them move, ms. */
  readonly periodMs: number;
  readonly counts: ServoBusCounts;
  /** Whether every axis has a servo that can be told something. */
  isReady(): boolean;
  /** How this robot's servos are mounted; may come later than the start, from the settings. */
  mount(mounting: Mounting): void;
  /**
   * Takes the pose of now. Returns at once and never waits; the newest pose wins. `isFresh`: a face has just come
   * in, which may use what the budget keeps back for faces.
   */
  write(pose: Pose, nowMs: number, isFresh: boolean): void;
}
