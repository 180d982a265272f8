/** The picture that the networks look at, in their memory: with a black border, so that no sample needs to ask where it ends. */

/** RGB bytes, row by row. */
export interface Pixels {
  readonly rgb: Uint8Array;
  readonly width: number;
  readonly height: number;
}

const PAGE = 65_536;
const LINE = 64;
/** One pixel before the picture, two behind it. */
const BORDER = 3;
/** Samples are read as eight bytes. */
const BEHIND = 16;

export class ShownPicture {
  readonly at: number;
  width = 0;
  height = 0;

  /** @param at from where on the memory is free; it grows with the picture. */
  constructor(
    private readonly memory: WebAssembly.Memory,
    at: number,
  ) {
    this.at = Math.ceil(at / LINE) * LINE;
  }

  /** Bytes of a row. */
  get stride(): number {
    return (this.width + BORDER) * 3;
  }

  show({ rgb, width, height }: Pixels): void {
    const isOther = width !== this.width || height !== this.height;
    this.width = width;
    this.height = height;
    const { at, stride } = this;
    const bytes = stride * (height + BORDER);
    const missing = at + bytes + BEHIND - this.memory.buffer.byteLength;
    if (missing > 0) this.memory.grow(Math.ceil(missing / PAGE));
    const memory = new Uint8Array(this.memory.buffer, at, bytes);
    if (isOther) memory.fill(0);
    for (let from = 0, to = stride + 3; from < rgb.length; from += width * 3, to += stride)
      memory.set(rgb.subarray(from, from + width * 3), to);
  }
}
