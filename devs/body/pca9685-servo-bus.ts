/**
 * Three servos on a PCA9685, 50 updates a second, all in one transfer. A chip that does not answer is brought up
 * again with growing waits; one that has lost its power in between is noticed within a second.
 */
import { nowMs } from "../runtime/clock";
import { noteFault } from "../runtime/duty";
import type { I2cBus } from "../runtime/i2c-bus";
import { Mounting, servoDegs } from "./mounting";
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

/** Half a period (10 ms) and a servo that follows within one or two pulses (20 ms each). */
const LAG_MS = 35;
const AXIS_COUNT = 3;
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
  readonly counts: ServoBusCounts = { sent: 0, faults: 0 };
  /** Times the chip was brought up; more than one means that it was away. */
  starts = 0;
  private readonly chip: Pca9685;
  private readonly oscillatorHz: number;
  private readonly degs = [0, 0, 0];
  private readonly sentCounts = [-1, -1, -1];
  private mounting: Mounting = { flags: 0, trimDeg: [0, 0, 0] };
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
    this.mounting = mounting;
  }

  writePose(pose: Pose, now: number): boolean {
    servoDegs(pose, this.mounting, this.degs);
    if (this.isBusy || now < this.nextTryMs) return false;
    this.isBusy = true;
    this.transfer.start(this);
    return true;
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
    for (let axis = 0; axis < AXIS_COUNT; axis++) this.sentCounts[axis] = -1;
  }

  private async sendChanged(): Promise<void> {
    const frame = Buffer.alloc(AXIS_COUNT * CHANNEL_BYTES);
    const counts = [0, 0, 0];
    let isChanged = false;
    for (let axis = 0; axis < AXIS_COUNT; axis++) {
      counts[axis] = pulseCounts(this.degs[axis], this.range(axis), this.oscillatorHz);
      if (counts[axis] !== this.sentCounts[axis]) isChanged = true;
      putChannel(frame, axis * CHANNEL_BYTES, axis * STAGGER_COUNTS, counts[axis]);
    }
    if (!isChanged) return;
    await this.chip.writeChannels(this.wiring.firstChannel, frame);
    this.counts.sent++;
    for (let axis = 0; axis < AXIS_COUNT; axis++) this.sentCounts[axis] = counts[axis];
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
