/**
 * Finds where a JPEG ends by walking its markers (ITU T.81, annex B). A camera's Content-Length is often wrong and
 * sometimes absent; waiting for the next boundary instead would make each frame one frame older.
 */

const MARKER = 0xff;
const SOF0 = 0xc0;
const SOI = 0xd8;
const EOI = 0xd9;
const SOS = 0xda;
const TEM = 0x01;

/** Where the walk stands; `at` is an index into the caller's bytes. */
export interface JpegWalk {
  at: number;
  phase: "start" | "segments" | "scan";
  hasScan: boolean;
}

export type JpegStep =
  | { readonly kind: "more" }
  | { readonly kind: "end"; readonly at: number }
  | { readonly kind: "bad"; readonly why: "notJpeg" | "truncated" };

const MORE: JpegStep = { kind: "more" };

export function startJpegWalk(at: number): JpegWalk {
  return { at, phase: "start", hasScan: false };
}

/** Walks on through `data[walk.at..]`. "end" gives the index after the last byte; "more" wants more bytes. */
export function walkJpeg(data: Buffer, walk: JpegWalk): JpegStep {
  for (;;) {
    const step =
      walk.phase === "start"
        ? walkStart(data, walk)
        : walk.phase === "segments"
          ? walkSegment(data, walk)
          : walkScan(data, walk);
    if (step) return step;
  }
}

function walkStart(data: Buffer, walk: JpegWalk): JpegStep | undefined {
  const first = data[walk.at];
  const second = data[walk.at + 1];
  if (first !== undefined && first !== MARKER) return { kind: "bad", why: "notJpeg" };
  if (second === undefined) return MORE;
  if (second !== SOI) return { kind: "bad", why: "notJpeg" };
  walk.at += 2;
  walk.phase = "segments";
  return undefined;
}

function walkSegment(data: Buffer, walk: JpegWalk): JpegStep | undefined {
  const lead = data[walk.at];
  if (lead === undefined) return MORE;
  if (lead !== MARKER) return { kind: "bad", why: "truncated" };
  const marker = data[walk.at + 1];
  if (marker === undefined) return MORE;
  if (marker === MARKER) {
    walk.at += 1;
    return undefined;
  }
  if (marker === EOI) {
    return walk.hasScan ? { kind: "end", at: walk.at + 2 } : { kind: "bad", why: "truncated" };
  }
  if (isRestart(marker) || marker === TEM) {
    walk.at += 2;
    return undefined;
  }
  // Table B.1: below SOF0 all are reserved; none occurs in a real picture.
  if (marker === SOI || marker < SOF0) return { kind: "bad", why: "truncated" };
  if (walk.at + 4 > data.length) return MORE;
  const bytes = data.readUInt16BE(walk.at + 2);
  if (bytes < 2) return { kind: "bad", why: "truncated" };
  walk.at += 2 + bytes;
  if (marker === SOS) {
    walk.phase = "scan";
    walk.hasScan = true;
  }
  return undefined;
}

/** In entropy-coded data a marker byte is always followed by 0 or a restart marker, until the scan ends. */
function walkScan(data: Buffer, walk: JpegWalk): JpegStep | undefined {
  if (walk.at >= data.length) return MORE;
  const at = data.indexOf(MARKER, walk.at);
  if (at < 0) {
    walk.at = data.length;
    return MORE;
  }
  walk.at = at;
  const next = data[at + 1];
  if (next === undefined) return MORE;
  if (next === 0 || isRestart(next)) walk.at = at + 2;
  else if (next === MARKER) walk.at = at + 1;
  else walk.phase = "segments";
  return undefined;
}

function isRestart(marker: number): boolean {
  return marker >= 0xd0 && marker <= 0xd7;
}
