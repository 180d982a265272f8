/**
 * Three servos on a PCA9685, 50 updates a second, all in one transfer. A chip that does not answer is brought up
 * again with growing waits; one that has lost its power in between is noticed within a second.
 */
import { nowMs } from "../runtime/clock";
import { noteFault } from "../runtime/duty";
import type { I2cBus } from "../runtime/i2c-bus";
import { Mounting, ServoMap } from "./mounting";
import { Pca9685 } from "./pca9685";
import {
  OSCILLATOR_HZ,
  PULSE_RANGE_DEFAULT,
  PulseRange,
  pulseCounts,
  putChannel,
} from "./pca9685-frame";
import { Pose } from "./pose";
import { ServoBus, ServoBusCounts } from "./servo-bus";

/** As often as its pulses. */
const PERIOD_MS = 20;
/** Half a period (10 ms) and a servo that follows within one or two pulses (20 ms each). */
const LAG_MS = 35;
const AXIS_COUNT = 3;
/** A count of the chip is 0.49° of a servo's 180: less changes nothing. */
const CHANGE_DEG_MIN = 0.1;
/** Told nothing yet: no angle is near it. */
const NEVER_DEG = 1000;
const CHANNEL_BYTES = 4;
/** Pulses of the axes begin this many counts apart, so that the servos do not pull their current at once. */
const STAGGER_COUNTS = 1000;
/** How often a chip that seems well is asked whether it is. */
const CHECK_MS = 1000;
/** Wait before the next try after a failure: 100 ms, doubled each time, at most 5 s. */
const RETRY_MS = 100;
const RETRY_MS_MAX = 5000;

/** How the servos are wired. Channels are `firstChannel` and the two after it: pan, nod, tilt. */
export interface Pca9685Wiring {
  readonly address: number;
  readonly firstChannel: number;
  /** Pulse lengths of pan, nod, tilt; the default fits most small servos. */
  readonly ranges?: readonly PulseRange[];
  readonly oscillatorHz?: number;
  readonly bus: I2cBus;
}

export class Pca9685ServoBus implements ServoBus {
  readonly lagMs = LAG_MS;
  readonly periodMs = PERIOD_MS;
  readonly counts: ServoBusCounts = { sent: 0, faults: 0 };
  /** Times the chip was brought up; more than one means that it was away. */
  starts = 0;
  private readonly chip: Pca9685;
  private readonly oscillatorHz: number;
  private readonly servos = new ServoMap();
  /** What the chip was told last. */
  private readonly sentDegs = [NEVER_DEG, NEVER_DEG, NEVER_DEG];
  private isUp = false;
  private isBusy = false;
  private retryMs = RETRY_MS;
  private nextTryMs = 0;
  private nextCheckMs = 0;

  constructor(private readonly wiring: Pca9685Wiring) {
    this.oscillatorHz = wiring.oscillatorHz ?? OSCILLATOR_HZ;
    this.chip = new Pca9685(wiring.bus, wiring.address, this.oscillatorHz);
  }

  isReady(): boolean {
    return this.isUp;
  }

  mount(mounting: Mounting): void {
    this.servos.mount(mounting);
  }

  write(pose: Pose, now: number): void {
    this.servos.map(pose);
    if (this.isBusy || now < this.nextTryMs) return;
    if (this.isUp && now < this.nextCheckMs && !this.isChanged()) return;
    this.isBusy = true;
    this.transfer.start(this);
  }

  private isChanged(): boolean {
    for (let axis = 0; axis < AXIS_COUNT; axis++) {
      if (Math.abs(this.servos.degs[axis] - this.sentDegs[axis]) >= CHANGE_DEG_MIN) return true;
    }
    return false;
  }

  /** Runs in a fiber of its own. */
  private async transfer(self: Pca9685ServoBus): Promise<void> {
    try {
      await self.keepUp();
      await self.sendChanged();
      self.retryMs = RETRY_MS;
    } catch (thrown) {
      self.fail(thrown);
    }
    self.isBusy = false;
  }

  /** Brings the chip up, or makes sure now and then that it still is. */
  private async keepUp(): Promise<void> {
    if (this.isUp && nowMs() < this.nextCheckMs) return;
    this.nextCheckMs = nowMs() + CHECK_MS;
    if (this.isUp && (await this.chip.isRunning())) return;
    this.isUp = false;
    await this.chip.initDriver();
    this.isUp = true;
    this.starts++;
    for (let axis = 0; axis < AXIS_COUNT; axis++) this.sentDegs[axis] = NEVER_DEG;
  }

  private async sendChanged(): Promise<void> {
    if (!this.isChanged()) return;
    const frame = Buffer.alloc(AXIS_COUNT * CHANNEL_BYTES);
    const degs = [0, 0, 0];
    for (let axis = 0; axis < AXIS_COUNT; axis++) {
      degs[axis] = this.servos.degs[axis];
      const counts = pulseCounts(degs[axis], this.range(axis), this.oscillatorHz);
      putChannel(frame, axis * CHANNEL_BYTES, axis * STAGGER_COUNTS, counts);
    }
    await this.chip.writeChannels(this.wiring.firstChannel, frame);
    this.counts.sent++;
    for (let axis = 0; axis < AXIS_COUNT; axis++) this.sentDegs[axis] = degs[axis];
  }

  private fail(thrown: unknown): void {
    this.counts.faults++;
    // The first failure is told, its repetitions are counted.
    if (this.isUp || this.counts.faults === 1) noteFault("pca9685", thrown);
    this.isUp = false;
    this.nextTryMs = nowMs() + this.retryMs;
    this.retryMs = Math.min(this.retryMs * 2, RETRY_MS_MAX);
  }

  private range(axis: number): PulseRange {
    const { ranges } = this.wiring;
    return ranges === undefined ? PULSE_RANGE_DEFAULT : ranges[axis];
  }
}
