/**
 * The sections of an image as bytes: descriptors, strings, and a buffer that aligns.
 */

const UTF8_TABLE_SHIFT = 4;

export function parts(bytes: Uint8Array, size: number): DataView[] {
  return Array.from(
    { length: Math.floor(bytes.length / size) },
    (_, index) => new DataView(bytes.buffer, bytes.byteOffset + index * size, size),
  );
}

export function asciiStrings(section: Uint8Array, data: Uint8Array): Uint8Array[] {
  const all = parts(section, 2).map((at) => at.getUint16(0, true));
  // The section is filled up to four bytes: a last offset of 0 behind others is no string.
  if (all.length > 1 && all.at(-1) === 0) all.pop();
  return all.map((start) => data.slice(start, data.indexOf(0, start)));
}

export function utf8String(data: Uint8Array, start: number): Uint8Array {
  const view = new DataView(data.buffer, data.byteOffset + start);
  const size = view.getUint16(0, true);
  const jumps = view.getUint16(2, true) >> UTF8_TABLE_SHIFT;
  return data.slice(start, start + 4 + jumps * 2 + size);
}

/** Growing bytes with the alignment that the format asks for. */
export class Bytes {
  readonly bytes: number[] = [];

  align(to: number): void {
    while (this.bytes.length % to !== 0) this.bytes.push(0);
  }
  add(bytes: Iterable<number>): number {
    const at = this.bytes.length;
    for (const byte of bytes) this.bytes.push(byte);
    return at;
  }
  u16(value: number): void {
    this.add([value & 0xff, (value >> 8) & 0xff]);
  }
  u32(value: number): void {
    this.u16(value & 0xffff);
    this.u16(value >>> 16);
  }
}
