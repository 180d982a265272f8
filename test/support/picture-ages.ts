/**
 * How old the camera's pictures are that a page shows: the page notes when it draws each for the first time, the test when it
 * was taken. Both clocks are those of one machine.
 */
import type { Page } from "playwright-core";
import { percentile } from "../../src/time/meter.js";

/** Notes in \`window.drawn\` the number of each picture, when it was first drawn (Unix ms) and its width. */
const WATCH_PICTURES = `(() => {
  const numbers = new WeakMap();
  window.drawn = [];
  let arrived;
  const Socket = window.WebSocket;
  window.WebSocket = class extends Socket {
    constructor(url) {
      super(url);
      this.addEventListener("message", ({ data }) => {
        if (data instanceof ArrayBuffer) arrived = new DataView(data).getUint32(0, true);
      });
    }
  };
  const decode = window.createImageBitmap;
  window.createImageBitmap = async (...given) => {
    const number = arrived;
    const picture = await decode.apply(window, given);
    numbers.set(picture, number);
    return picture;
  };
  const draw = CanvasRenderingContext2D.prototype.drawImage;
  CanvasRenderingContext2D.prototype.drawImage = function (picture, ...given) {
    const number = numbers.get(picture);
    if (number !== undefined && window.drawn.at(-1)?.number !== number) {
      const atMs = performance.timeOrigin + performance.now();
      window.drawn.push({ number, atMs, width: picture.width });
    }
    return draw.call(this, picture, ...given);
  };
})()`;

interface Drawn {
  readonly number: number;
  /** Unix time. */
  readonly atMs: number;
  readonly width: number;
}

/** Whole ms. */
interface Spread {
  readonly median: number;
  readonly p95: number;
  readonly max: number;
}

interface PictureAges {
  readonly perS: number;
  /** When a picture was drawn, and when the next one took its place. */
  readonly drawnMs: Spread;
  readonly replacedMs: Spread;
  /** Their widths, each once. */
  readonly widths: readonly number[];
}

/** Before the page is loaded. */
export async function watchPictures(page: Page): Promise<void> {
  await page.addInitScript(WATCH_PICTURES);
}

export async function drawnPictures(page: Page): Promise<readonly Drawn[]> {
  return (await page.evaluate("window.drawn")) as readonly Drawn[];
}

/** @param takenMs when each picture was taken, Unix ms, by its number. At least two must have been drawn. */
export function agesOf(drawn: readonly Drawn[], takenMs: ReadonlyMap<number, number>): PictureAges {
  const ageAt = (number: number, atMs: number): number => atMs - (takenMs.get(number) ?? Infinity);
  const first = drawn.map(({ number, atMs }) => ageAt(number, atMs));
  const last = drawn
    .slice(0, -1)
    .map(({ number }, index) => ageAt(number, (drawn[index + 1] as Drawn).atMs));
  const spanMs = (drawn.at(-1)?.atMs ?? 0) - (drawn[0]?.atMs ?? 0);
  return {
    perS: Number((((drawn.length - 1) * 1000) / spanMs).toFixed(1)),
    drawnMs: spread(first),
    replacedMs: spread(last),
    widths: [...new Set(drawn.map(({ width }) => width))].sort((a, b) => a - b),
  };
}

function spread(ages: readonly number[]): Spread {
  const [median, p95, max] = [0.5, 0.95, 1].map((share) => Math.round(percentile(ages, share)));
  return { median, p95, max } as Spread;
}
