/**
 * The board's own I²C pins: the one call of the runtime, without the helpers of the stock library, which would take
 * a hundredth of the machine's room for code.
 */
import * as ds from "@devicescript/core";
import type { I2cBus } from "./i2c-bus";

interface Runtime {
  /** Resolves with 0, or a code that says what went wrong. */
  _i2cTransaction(devAddr: number, write: Buffer, read?: Buffer): Promise<number>;
}

class BoardI2c implements I2cBus {
  async xfer(devAddr: number, writeBuf: Buffer, numRead = 0): Promise<Buffer> {
    const read = Buffer.alloc(numRead);
    const runtime = ds as unknown as Runtime;
    const code = await runtime._i2cTransaction(devAddr, writeBuf, numRead > 0 ? read : undefined);
    if (code !== 0) throw new Error(`I2C error ${code} of ${devAddr}`);
    return read;
  }
}

export const boardI2c: I2cBus = new BoardI2c();
