/**
 * Arithmetic of the PCA9685, without the chip: prescaler, pulse lengths and the bytes of the LED registers
 * (NXP data sheet rev. 4, §7.3). Pure.
 */
import { clamp } from "../../src/wire/clamp.js";
import { SERVO_DEG_MAX } from "./mounting.js";

/** Internal oscillator, typical; §7.3.5. Chips differ by some per cent: `oscillatorHz` corrects the pulses. */
export const OSCILLATOR_HZ = 25_000_000;
const COUNTS = 4096;
const SERVO_HZ = 50;
/** §7.3.5: the smallest prescaler the hardware takes, and the register's width. */
const PRESCALE_MIN = 3;
const PRESCALE_MAX = 255;
/** What any hobby servo survives, µs; beyond it some run into their stop and burn. */
const PULSE_US_MIN = 500;
const PULSE_US_MAX = 2500;

/** Pulse lengths of one servo at −90° and at +90°, µs; the first may be the longer one. */
export interface PulseRange {
  readonly usAtMinus90: number;
  readonly usAtPlus90: number;
}

/** What most small servos take for 180°. */
export const PULSE_RANGE_DEFAULT: PulseRange = { usAtMinus90: 600, usAtPlus90: 2400 };

/** Value of PRE_SCALE for 50 pulses a second: round(osc / (4096 × 50)) − 1; 121 at 25 MHz. */
export function prescaleOf(oscillatorHz: number): number {
  return clamp(Math.round(oscillatorHz / (COUNTS * SERVO_HZ)) - 1, PRESCALE_MIN, PRESCALE_MAX);
}

/** Counts of 4096 for a servo angle, with the period that `prescale` really gives. */
export function pulseCounts(deg: number, range: PulseRange, oscillatorHz: number): number {
  const part = (clamp(deg, -SERVO_DEG_MAX, SERVO_DEG_MAX) + SERVO_DEG_MAX) / 180;
  const us = range.usAtMinus90 + (range.usAtPlus90 - range.usAtMinus90) * part;
  const usPerCount = ((prescaleOf(oscillatorHz) + 1) * 1_000_000) / oscillatorHz;
  return Math.round(clamp(us, PULSE_US_MIN, PULSE_US_MAX) / usPerCount);
}

/**
 * Writes the four bytes LEDn_ON_L, ON_H, OFF_L, OFF_H at `at`: on at `onCount`, off `counts` later. Servos that
 * begin their pulses at different times do not pull their current at once.
 */
export function putChannel(frame: Buffer, at: number, onCount: number, counts: number): void {
  const off = (onCount + counts) % COUNTS;
  frame[at] = onCount & 0xff;
  frame[at + 1] = onCount >> 8;
  frame[at + 2] = off & 0xff;
  frame[at + 3] = off >> 8;
}
