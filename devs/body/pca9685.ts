/**
 * Driver of the PCA9685 16-channel PWM chip (NXP data sheet rev. 4,
 * https://www.nxp.com/docs/en/data-sheet/PCA9685.pdf): 50 Hz, register auto-increment, three neighbouring channels in
 * one transfer, so that the servos change together (outputs change on STOP). Every call may throw.
 */
import * as ds from "@devicescript/core";
import type { I2cBus } from "../runtime/i2c-bus";
import { copyBytes } from "../../src/wire/bytes";
import { prescaleOf } from "./pca9685-frame";

const MODE1 = 0x00;
const MODE2 = 0x01;
const LED0_ON_L = 0x06;
const CHANNEL_BYTES = 4;
const PRE_SCALE = 0xfe;

/** MODE1: restart (write 1 to resume PWM), auto-increment, sleep (oscillator off); §7.3.1. */
const RESTART = 0x80;
const AUTO_INCREMENT = 0x20;
const SLEEP = 0x10;
/** MODE2: totem pole outputs, change on STOP; §7.3.2. */
const TOTEM_POLE = 0x04;

/** §7.3.1.1: the oscillator needs 500 µs after SLEEP is cleared; the shortest sleep of the runtime is 1 ms. */
const OSCILLATOR_MS = 1;

export const PCA9685_ADDRESS = 0x40;

export class Pca9685 {
  /** @param address 7 bits, 0x40 plus the solder bridges. */
  constructor(
    private readonly bus: I2cBus,
    private readonly address: number,
    private readonly oscillatorHz: number,
  ) {}

  /**
   * Brings the chip up, whatever state it is in: after power-on, after a brown-out, or running because only the
   * microcontroller was reset; then its servos keep their pulses but for the few ms of this.
   */
  async initDriver(): Promise<void> {
    // The prescaler takes a value only while the oscillator is off.
    await this.writeReg(MODE1, SLEEP | AUTO_INCREMENT);
    await this.writeReg(PRE_SCALE, prescaleOf(this.oscillatorHz));
    await this.writeReg(MODE2, TOTEM_POLE);
    await this.writeReg(MODE1, AUTO_INCREMENT);
    await ds.sleep(OSCILLATOR_MS);
    // Set by the chip when it was put to sleep with PWM running; writing 1 resumes and clears it.
    const mode = await this.readReg(MODE1);
    if (mode & RESTART) await this.writeReg(MODE1, AUTO_INCREMENT | RESTART);
  }

  /** Whether the chip is as `initDriver` left it; after a brown-out it sleeps and does not increment. */
  async isRunning(): Promise<boolean> {
    const mode = await this.readReg(MODE1);
    return (mode & (SLEEP | AUTO_INCREMENT)) === AUTO_INCREMENT;
  }

  /** Writes the registers of neighbouring channels from `firstChannel` on, 4 bytes each (`putChannel`). */
  async writeChannels(firstChannel: number, frame: Buffer): Promise<void> {
    const packet = Buffer.alloc(1 + frame.length);
    packet[0] = LED0_ON_L + CHANNEL_BYTES * firstChannel;
    copyBytes(packet, 1, frame, 0, frame.length);
    await this.bus.xfer(this.address, packet);
  }

  private async writeReg(register: number, value: number): Promise<void> {
    await this.bus.xfer(this.address, Buffer.from([register, value]));
  }

  private async readReg(register: number): Promise<number> {
    return (await this.bus.xfer(this.address, Buffer.from([register]), 1))[0];
  }
}
