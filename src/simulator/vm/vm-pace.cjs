/**
 * A chip's time, decided purely: until when it is busy with the steps it has executed, and when its radio hears what was
 * sent to it. Milliseconds come as arguments; whoever has a clock waits (`vm-chip.cjs`).
 */
"use strict";

/**
 * The waiting itself takes too long by a little (a timer's grain, other processes). So much is made up for, so that the
 * rate is the chip's on average; a longer pause of this machine is lost time for the chip.
 */
const LATE_MS_MAX = 2;

/** One processor: what it has executed decides from when on it may go on. */
class Pace {
  constructor(stepsPerS) {
    this.msPerStep = 1000 / stepsPerS;
    /** From then on the processor is free. */
    this.freeMs = Number.NEGATIVE_INFINITY;
    /** Time it has been busy, all in all. */
    this.busyMs = 0;
  }

  /** Work comes to a processor that has none. */
  begin(nowMs) {
    this.freeMs = Math.max(this.freeMs, nowMs);
  }

  /** It has executed `steps` since the last call. @returns from when on it may go on. */
  spend(steps) {
    const costMs = steps * this.msPerStep;
    this.busyMs += costMs;
    this.freeMs += costMs;
    return this.freeMs;
  }

  /** It goes on at `nowMs`, which may be later than it might have. */
  resume(nowMs) {
    this.freeMs = Math.max(this.freeMs, nowMs - LATE_MS_MAX);
  }
}

/**
 * The radio of a station that saves power (WIFI_PS_MIN_MODEM): some time after its last packet it sleeps, and what is sent
 * to it waits at the access point for the next beacon.
 */
class Radio {
  constructor(beaconMs, awakeMs) {
    this.beaconMs = beaconMs;
    this.awakeMs = awakeMs;
    this.awakeUntilMs = Number.NEGATIVE_INFINITY;
  }

  /** Something was sent to it at `nowMs`. @returns when it hears that; never before what was sent earlier. */
  heardAt(nowMs) {
    const isAwake = nowMs <= this.awakeUntilMs;
    const atMs = isAwake ? nowMs : Math.ceil(nowMs / this.beaconMs) * this.beaconMs;
    // One packet that waits for the beacon makes those behind it wait as well.
    const dueMs = Math.max(atMs, this.awakeUntilMs - this.awakeMs);
    this.stay(dueMs);
    return dueMs;
  }

  /** It sends at `nowMs`, and listens for a while. */
  stay(nowMs) {
    this.awakeUntilMs = Math.max(this.awakeUntilMs, nowMs + this.awakeMs);
  }
}

module.exports = { Pace, Radio, LATE_MS_MAX };
