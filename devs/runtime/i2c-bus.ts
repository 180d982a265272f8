/** An I²C controller, as far as the robot's drivers need one. */
export interface I2cBus {
  /** Writes, then reads `numRead` bytes (none by default). Throws on NAK. */
  xfer(devAddr: number, writeBuf: Buffer, numRead?: number): Promise<Buffer>;
}
