/**
 * How large a picture may be that is sent to a page, by what is known of its line. A page shows a picture until the next one is
 * there, and the next one is sent when this one was acked: with a time `transfer` for its bytes and a round trip `rtt`, it is
 *
 *     age at sending + transfer + rtt / 2     when it is drawn, and
 *     transfer + rtt                          later, when the next one is.
 *
 * So the bytes that a picture may have follow from the age that it may reach. Pure; times in ms.
 */

/** The oldest picture that a page should show: 500 less what decoding, drawing and an uneven line take. */
const AGE_MS_AIM = 400;
/** Where the round trip alone takes too long, smaller pictures than of this time help no more. */
const TRANSFER_MS_MIN = 40;
/** How much of what is known a measurement changes. A machine that stalls lets a slow line look fast, once: that is believed late. */
const SLOWER_SHARE = 0.5;
const FASTER_SHARE = 0.15;
/** A larger picture than the last must fit into so much of what there is: estimates waver, what is shown should not. */
const LARGER_SHARE = 0.75;
/** Narrower than the camera's own, px: a small camera's, the page's inset, and what still shows who is there. */
const WIDTHS = [480, 320, 240, 160, 120];
/** Of the first picture, when nothing is known of the line. */
const WIDTH_FIRST = 240;

export interface Line {
  /** There and back. */
  readonly rttMs: number;
  readonly msPerByte: number;
}

/** One picture on its way: how long a ping took just before it, and how much longer one just behind it. */
export interface Passage {
  readonly bytes: number;
  readonly rttMs: number;
  readonly transferMs: number;
}

/** @param before undefined: nothing was known. */
export function learned(before: Line | undefined, { bytes, rttMs, transferMs }: Passage): Line {
  const msPerByte = Math.max(0, transferMs) / bytes;
  if (before === undefined) return { rttMs, msPerByte };
  const mixed = (old: number, now: number): number =>
    old + (now > old ? SLOWER_SHARE : FASTER_SHARE) * (now - old);
  return { rttMs: mixed(before.rttMs, rttMs), msPerByte: mixed(before.msPerByte, msPerByte) };
}

export interface Sized {
  readonly width: number;
  readonly bytes: number;
}

/**
 * @param line undefined: nothing is known of it.
 * @param whole the picture as the camera gave it, and its age.
 * @param last what was sent of the picture before; undefined: nothing.
 * @returns the width that it is to be reduced to, px; undefined: it is sent as it is.
 */
export function widthFor(
  line: Line | undefined,
  whole: Sized & { readonly ageMs: number },
  last: Sized | undefined,
): number | undefined {
  const smaller = WIDTHS.filter((width) => width < whole.width);
  if (line === undefined) return smaller.find((width) => width <= WIDTH_FIRST);
  const bytesMax = transferMs(line.rttMs, whole.ageMs) / line.msPerByte;
  const fits = ({ width, bytes }: Sized): boolean =>
    bytes <= (last && width > last.width ? LARGER_SHARE : 1) * bytesMax;
  if (fits(whole)) return undefined;
  const like = last ?? whole;
  const sizeOf = (width: number): Sized => ({
    width,
    bytes: like.bytes * (width / like.width) ** 2,
  });
  return smaller.find((width) => fits(sizeOf(width))) ?? smaller.at(-1);
}

/** For how long the bytes of one picture may be on their way. */
function transferMs(rttMs: number, ageMs: number): number {
  return Math.max(TRANSFER_MS_MIN, (AGE_MS_AIM - ageMs - 1.5 * rttMs) / 2);
}
