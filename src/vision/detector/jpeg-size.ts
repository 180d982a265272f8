/**
 * How large a JPEG is, without decoding it (ITU T.81, annex B), and how much smaller it may be decoded: a model looks at
 * 192 pixels, so that a large picture's full size is work for nothing. Pure.
 */

/** Pictures at least twice this wide are halved, or halved again, as long as they stay this wide. */
const WIDTH_MIN = 320;
/** What a decoder halves on its way costs it less. */
const SCALES = [8, 4, 2];

export interface Shrink {
  readonly width: number;
  readonly height: number;
  /** The picture's own size is this many times the one it is decoded to. */
  readonly scale: number;
}

/** To what size it is decoded; undefined: to its own, or to what the decoder makes of a picture whose size is not to be found. */
export function shrinkOf(jpeg: Uint8Array): Shrink | undefined {
  const size = jpegSize(jpeg);
  if (!size) return undefined;
  const scale = SCALES.find(
    (by) => size.width >= by * WIDTH_MIN && size.width % by === 0 && size.height % by === 0,
  );
  if (scale === undefined) return undefined;
  return { width: size.width / scale, height: size.height / scale, scale };
}

/** Size in pixels, as the frame header has it. */
export function jpegSize(jpeg: Uint8Array): { width: number; height: number } | undefined {
  const word = (at: number): number => ((jpeg[at] ?? 0) << 8) | (jpeg[at + 1] ?? 0);
  // Behind the start marker: segments, each with its marker and its length.
  for (let at = 2; at + 9 < jpeg.length && jpeg[at] === 0xff; at += 2 + word(at + 2)) {
    const marker = jpeg[at + 1] ?? 0;
    const isFrame = marker >= 0xc0 && marker <= 0xcf && ![0xc4, 0xc8, 0xcc].includes(marker);
    if (isFrame) return { width: word(at + 7), height: word(at + 5) };
    if (marker === 0xda) return undefined;
  }
  return undefined;
}
