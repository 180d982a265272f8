/**
 * Looks at one picture after the other: how bright, what has changed, who is there. With nobody there, a picture in which
 * nothing has changed since the last search is not searched: whoever comes changes it.
 */
import type { Clock } from "../../time/clock.js";
import type { Decoded } from "./turbo-jpeg.js";
import { greyGrid, isAlike, isBlack, measureLight } from "./light.js";
import type { Pixels } from "../nets/picture.js";
import type { SeenFace, Sight } from "./sight.js";

/** Even when nothing moves, it is searched this often: for a face that the last search has missed. */
const SEARCH_AGAIN_MS = 1000;
/** After somebody was there, each picture is searched for this long: a face that is half hidden is found in one and not in the next. */
const LOST_MS = 1000;

/** What finds the faces (`finder.ts`). */
interface Finder {
  find(pixels: Pixels, nowMs: number): SeenFace[];
}

export class Looker {
  /** Of the picture before. */
  private grid: Uint8Array | undefined;
  /** Of the last picture that was searched and held nobody. */
  private empty: { readonly grid: Uint8Array; readonly searchedAtMs: number } | undefined;
  private seenAtMs = Number.NEGATIVE_INFINITY;

  constructor(
    private readonly finder: Finder,
    private readonly clock: Clock,
  ) {}

  /** What the picture shows, but for the time that its decoding took. */
  look(pixels: Decoded): Omit<Sight, "decodeMs"> {
    const { rgb, width, height, scale } = pixels;
    const nowMs = this.clock.nowMs();
    const grid = greyGrid(rgb, width, height);
    const light = measureLight(grid, this.grid);
    this.grid = grid;
    // There is nothing to be found behind a covered lens.
    const faces = isBlack(light) ? [] : this.search(pixels, grid, nowMs);
    return {
      width: width * scale,
      height: height * scale,
      light,
      faces: faces.map((face) => scaled(face, scale)),
      searchMs: this.clock.nowMs() - nowMs,
    };
  }

  private search(pixels: Decoded, grid: Uint8Array, nowMs: number): SeenFace[] {
    if (this.isEmptyStill(grid, nowMs)) return [];
    const faces = this.finder.find(pixels, nowMs);
    if (faces.length > 0) this.seenAtMs = nowMs;
    this.empty = faces.length > 0 ? undefined : { grid, searchedAtMs: nowMs };
    return faces;
  }

  private isEmptyStill(grid: Uint8Array, nowMs: number): boolean {
    const { empty, seenAtMs } = this;
    if (!empty || nowMs - seenAtMs < LOST_MS) return false;
    return nowMs - empty.searchedAtMs < SEARCH_AGAIN_MS && isAlike(grid, empty.grid);
  }
}

/** From the pixels that were searched to the picture's own. */
function scaled(face: SeenFace, scale: number): SeenFace {
  const { x, y, w, h } = face;
  return { ...face, x: x * scale, y: y * scale, w: w * scale, h: h * scale };
}
