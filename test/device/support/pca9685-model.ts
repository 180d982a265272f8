/**
 * A PCA9685 as far as its registers go (NXP data sheet rev. 4): what a driver writes has the effect that it would
 * have there, and what the chip ignores is ignored here. It can be cut off (no acknowledge) and lose its power.
 */
import * as ds from "@devicescript/core";
import type { I2cBus } from "../../../devs/runtime/i2c-bus";

const MODE1 = 0x00;
const LED0 = 0x06;
const PRE_SCALE = 0xfe;
const RESTART = 0x80;
const AUTO_INCREMENT = 0x20;
const SLEEP = 0x10;
const OSCILLATOR_MS = 0.5;

export class Pca9685Model implements I2cBus {
  registers: Buffer;
  /** Transfers seen, those among them that wrote to the outputs, and how many of the next get no acknowledge. */
  transfers = 0;
  outputTransfers = 0;
  naks = 0;
  /** Prescaler writes that came while the oscillator ran, which the chip does not take. */
  refusedPrescales = 0;
  /** Restarts that came earlier than 500 µs after the wake. */
  earlyRestarts = 0;
  private isPwmStopped = true;
  private wokenMs = 0;

  constructor(private readonly address: number) {
    this.powerOn();
  }

  /** Power-on reset: §7.3.1, §7.3.5; everything forgotten, asleep. */
  powerOn(): void {
    this.registers = Buffer.alloc(256);
    this.registers[MODE1] = 0x11;
    this.registers[0x01] = 0x04;
    this.registers[PRE_SCALE] = 0x1e;
    // All outputs fully off.
    for (let channel = 0; channel < 16; channel++) this.registers[LED0 + 4 * channel + 3] = 0x10;
    this.isPwmStopped = true;
  }

  async xfer(address: number, write: Buffer, readCount?: number): Promise<Buffer> {
    this.transfers++;
    await ds.sleep(1);
    if (address !== this.address || this.naks > 0) {
      if (this.naks > 0) this.naks--;
      throw new Error("no acknowledge");
    }
    let register = write[0];
    if (register >= LED0 && register < PRE_SCALE && write.length > 1) this.outputTransfers++;
    const isIncrementing = (this.registers[MODE1] & AUTO_INCREMENT) !== 0;
    for (let i = 1; i < write.length; i++) {
      this.put(register, write[i]);
      if (isIncrementing) register = (register + 1) & 0xff;
    }
    const read = Buffer.alloc(readCount ?? 0);
    for (let i = 0; i < read.length; i++) {
      read[i] = this.registers[register];
      if (isIncrementing) register = (register + 1) & 0xff;
    }
    return read;
  }

  /** Pulses come out: oscillator on and not waiting for a restart. */
  isPulsing(): boolean {
    return (this.registers[MODE1] & SLEEP) === 0 && !this.isPwmStopped;
  }

  /** Counts between on and off of a channel, -1 when it is fully off. */
  pulseCounts(channel: number): number {
    const at = LED0 + 4 * channel;
    if ((this.registers[at + 3] & 0x10) !== 0) return -1;
    return (this.word(at + 2) - this.word(at) + 4096) % 4096;
  }

  /** Count at which a channel's pulse begins. */
  onCount(channel: number): number {
    return this.word(LED0 + 4 * channel);
  }

  private word(at: number): number {
    return this.registers[at] + ((this.registers[at + 1] & 0x0f) << 8);
  }

  private put(register: number, value: number): void {
    if (register === MODE1) this.putMode1(value);
    else if (register === PRE_SCALE) {
      // §7.3.5: blocked while SLEEP is 0.
      if ((this.registers[MODE1] & SLEEP) === 0) this.refusedPrescales++;
      else this.registers[PRE_SCALE] = value;
    } else this.registers[register] = value;
  }

  /** §7.3.1.1: RESTART is set by the chip when it goes to sleep pulsing, cleared by writing 1 after the wake. */
  private putMode1(value: number): void {
    const before = this.registers[MODE1];
    let restart = before & RESTART;
    if ((value & SLEEP) !== 0 && (before & SLEEP) === 0 && !this.isPwmStopped) restart = RESTART;
    if ((value & SLEEP) === 0 && (before & SLEEP) !== 0) {
      this.wokenMs = ds.millis();
      this.isPwmStopped = restart !== 0;
    }
    if ((value & RESTART) !== 0 && restart !== 0 && (value & SLEEP) === 0) {
      if (ds.millis() - this.wokenMs < OSCILLATOR_MS) this.earlyRestarts++;
      restart = 0;
      this.isPwmStopped = false;
    }
    this.registers[MODE1] = (value & 0x7f) | restart;
  }
}
