/**
 * What a page that gives its camera and the companion say to each other on `/camera`. Shared with the page, so without
 * imports.
 *
 * The page sends binary messages, a picture each: f64 when it was taken, ms on the page's own monotonic clock; u32 its age
 * at sending, ms; u32 a number that grows; all little endian; then the JPEG. No more than `UNDER_WAY_MAX` of them are
 * under way: the answer to each is `taken`, when it was searched or a newer one in its place.
 */

export const GIVEN_HEAD_BYTES = 16;
/** 320×240 at quality 0.8 is 10 to 20 KB. Policy: a larger picture is refused. */
export const GIVEN_BYTES_MAX = 64 * 1024;
/** One is searched while the next one is on its way. */
export const UNDER_WAY_MAX = 2;
export const GIVEN_WIDTH = 320;
export const GIVEN_HEIGHT = 240;
/** Pictures a second at most. */
export const GIVEN_PER_S_MAX = 30;

export type GiverMessage =
  /** The picture was dealt with; `isSearched`: it, or a newer one in its place. */
  | { readonly type: "taken"; readonly seq: number; readonly isSearched: boolean }
  /** Not a picture; `code` is one of docs/ERRORS.md. */
  | { readonly type: "refused"; readonly code: string; readonly message: string };

/** Why the companion closed the socket, as its close code. */
export const GIVER_CLOSE = {
  /** Another page gives its camera now. */
  replaced: 4001,
  /** No picture came for too long. */
  silent: 4002,
  /** Too much that was no picture. */
  bad: 4003,
} as const;
