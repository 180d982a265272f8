/** Packets of the boot loader: its commands by number, its status codes and the form of its answers (unframed). */

export const OP = {
  flashBegin: 0x02,
  flashData: 0x03,
  flashEnd: 0x04,
  memBegin: 0x05,
  memEnd: 0x06,
  memData: 0x07,
  sync: 0x08,
  writeReg: 0x09,
  readReg: 0x0a,
  spiSetParams: 0x0b,
  spiAttach: 0x0d,
  readSlow: 0x0e,
  changeBaud: 0x0f,
  deflBegin: 0x10,
  deflData: 0x11,
  deflEnd: 0x12,
  md5: 0x13,
  securityInfo: 0x14,
  eraseFlash: 0xd0,
  eraseRegion: 0xd1,
  readFlash: 0xd2,
  runUserCode: 0xd3,
} as const;
export type OpName = keyof typeof OP;
export const NAMES = new Map<number, OpName>(
  Object.entries(OP).map(([name, code]) => [code, name as OpName]),
);

/** Status codes of the ROM's answers. */
export const INVALID_MESSAGE = 5;
export const FAILED = 6;
export const BAD_CHECKSUM = 7;
export const INFLATE_ERROR = 0xc1;

/** A ROM that does not know a command does not name it in its answer. */
export const UNKNOWN_OP = 0;

/** Direction, command, length and a value stand before the data. */
export const HEAD_BYTES = 8;

export interface Answer {
  readonly value?: number;
  readonly body?: Buffer;
  readonly status?: number;
}

/** @param isStub its answers end with two bytes of status, the ROM's with four */
export function encodeAnswer(
  op: number,
  { value = 0, body = Buffer.alloc(0), status = 0 }: Answer,
  isStub: boolean,
): Buffer {
  const ends = [status === 0 ? 0 : 1, status];
  const data = Buffer.concat([body, Buffer.from(isStub ? ends : [...ends, 0, 0])]);
  const head = Buffer.alloc(HEAD_BYTES);
  head[0] = 1;
  head[1] = op;
  head.writeUInt16LE(data.length, 2);
  head.writeUInt32LE(value >>> 0, 4);
  return Buffer.concat([head, data]);
}
