/**
 * A multipart MJPEG stream (RFC 2046 as cameras speak it) into frames. It believes neither the boundary the camera
 * announced nor its Content-Length: a part begins at a line with two dashes, a frame ends where the JPEG ends. Whatever
 * arrives, memory is bounded by `frameBytesMax`, the bad frame is dropped with a reason and the next good one is found.
 * It opens nothing and reads no clock.
 */
import { startJpegWalk, walkJpeg, type JpegStep, type JpegWalk } from "./jpeg-end.js";

/** 1080p at quality 95 is below 1.5 MB; what is larger is not a camera's frame. Policy: drop the frame. */
export const FRAME_BYTES_MAX = 2 * 1024 * 1024;
/** Headers of a part; cameras send about 100 bytes. Policy: drop the part. */
const PART_HEAD_BYTES_MAX = 2048;
/** A shorter delimiter line (`--`, line end included) would often occur inside a picture's data. */
const DELIMITER_LINE_BYTES_MIN = 6;
const BUFFER_BYTES_START = 64 * 1024;

export type DropReason = "notJpeg" | "truncated" | "frameTooLong" | "headTooLong" | "headBad";

export interface PartHead {
  /** `X-Timestamp`: seconds on the camera's own clock, at capture, as ESP32 cameras send it. In ms here. */
  readonly timestampMs?: number;
  /** `X-Frame-Age`: ms from capture to the frame's first byte leaving the camera. */
  readonly ageMs?: number;
}

export type ParserEvent =
  | {
      readonly kind: "frame";
      readonly jpeg: Uint8Array;
      /** When the chunk with the frame's first byte was pushed. */
      readonly firstByteMs: number;
      readonly head: PartHead;
    }
  | { readonly kind: "dropped"; readonly why: DropReason };

type Phase =
  | { readonly kind: "seek" }
  | { readonly kind: "head"; readonly start: number }
  | {
      readonly kind: "body";
      readonly start: number;
      readonly walk: JpegWalk;
      readonly head: PartHead;
      /** The line this part began with: where it comes again, a frame that has not ended is cut. */
      readonly delimiter: string;
      /** No delimiter begins before this index. */
      searchedTo: number;
    };

const DASH = 0x2d;
const LF = 0x0a;
const CR = 0x0d;

export class MjpegParser {
  private buffer = Buffer.allocUnsafe(BUFFER_BYTES_START);
  private length = 0;
  /** Where the search for the next part goes on. */
  private at = 0;
  private phase: Phase = { kind: "seek" };
  /** True while nothing but line ends may precede the dashes: at the start and right after a frame. */
  private atPartEdge = true;
  /** Which bytes came when: `from` is an index into the buffer. Oldest first. */
  private marks: { from: number; timeMs: number }[] = [];

  constructor(private readonly frameBytesMax = FRAME_BYTES_MAX) {}

  /** Bytes held now; for tests and metrics. */
  get heldBytes(): number {
    return this.buffer.length;
  }

  /** Takes the next bytes, `nowMs` their time of arrival; returns what they complete, in order. */
  push(chunk: Uint8Array, nowMs: number): ParserEvent[] {
    const events: ParserEvent[] = [];
    // In slices, so that one huge chunk cannot make the buffer larger than a frame may be.
    for (let from = 0; from < chunk.length; from += BUFFER_BYTES_START) {
      this.append(chunk.subarray(from, from + BUFFER_BYTES_START), nowMs);
      while (this.step(events)) continue;
      this.compact();
    }
    return events;
  }

  private append(bytes: Uint8Array, nowMs: number): void {
    const needed = this.length + bytes.length;
    if (needed > this.buffer.length) {
      const grown = Buffer.allocUnsafe(Math.max(needed, this.buffer.length * 2));
      this.buffer.copy(grown, 0, 0, this.length);
      this.buffer = grown;
    }
    this.marks.push({ from: this.length, timeMs: nowMs });
    this.buffer.set(bytes, this.length);
    this.length = needed;
  }

  /** One step; false when more bytes are needed. */
  private step(events: ParserEvent[]): boolean {
    switch (this.phase.kind) {
      case "seek":
        return this.seek();
      case "head":
        return this.readHead(this.phase.start, events);
      case "body":
        return this.readBody(this.phase, events);
    }
  }

  private data(): Buffer {
    return this.buffer.subarray(0, this.length);
  }

  /** Finds a line that begins with two dashes. */
  private seek(): boolean {
    const data = this.data();
    if (this.atPartEdge) {
      let at = this.at;
      while (at < data.length && (data[at] === CR || data[at] === LF || data[at] === 0)) at++;
      this.at = at;
      if (at + 2 > data.length && (at === data.length || data[at] === DASH)) return false;
      this.atPartEdge = false;
      if (data[at] === DASH && data[at + 1] === DASH) {
        this.phase = { kind: "head", start: at };
        return true;
      }
    }
    const found = data.indexOf("\n--", this.at, "latin1");
    if (found < 0) {
      // The last two bytes may be the beginning of what is sought.
      this.at = Math.max(this.at, data.length - 2);
      return false;
    }
    this.at = found + 1;
    this.phase = { kind: "head", start: this.at };
    return true;
  }

  private readHead(start: number, events: ParserEvent[]): boolean {
    const data = this.data();
    const end = headEnd(data, start);
    if (end === undefined) {
      if (data.length - start <= PART_HEAD_BYTES_MAX) return false;
      return this.drop("headTooLong", start + 2, events);
    }
    if (end - start > PART_HEAD_BYTES_MAX) return this.drop("headTooLong", start + 2, events);
    const text = data.toString("latin1", start, end);
    const head = parseHead(text);
    // Dashes inside damaged picture data look like a part; that is no news worth an event of its own.
    if (head === undefined) return this.drop("headBad", start + 2, events);
    const delimiter = text.slice(0, text.indexOf("\n")).trimEnd();
    const walk = startJpegWalk(end);
    this.phase = { kind: "body", start: end, walk, head, delimiter, searchedTo: end };
    return true;
  }

  private readBody(body: Extract<Phase, { kind: "body" }>, events: ParserEvent[]): boolean {
    const { start, walk, head } = body;
    const step = walkJpeg(this.data(), walk);
    const end = step.kind === "end" ? step.at : this.length;
    const cutAt = this.findDelimiter(body, end);
    const why = bodyFault(step, cutAt, end - start > this.frameBytesMax);
    if (why) {
      // An empty part is followed by the next delimiter at once.
      this.atPartEdge = true;
      return this.drop(why, cutAt ?? start, events);
    }
    if (step.kind === "more") return false;
    const jpeg = new Uint8Array(end - start);
    jpeg.set(this.buffer.subarray(start, end));
    events.push({ kind: "frame", jpeg, firstByteMs: this.timeOf(start), head });
    this.at = end;
    this.atPartEdge = true;
    this.phase = { kind: "seek" };
    return true;
  }

  /** Where this part's delimiter line comes again before `end`. */
  private findDelimiter(body: Extract<Phase, { kind: "body" }>, end: number): number | undefined {
    const line = `\n${body.delimiter}`;
    if (line.length < DELIMITER_LINE_BYTES_MIN) return undefined;
    const found = this.data().indexOf(line, body.searchedTo, "latin1");
    if (found >= 0) return found < end ? found : undefined;
    body.searchedTo = Math.max(body.searchedTo, this.length - line.length + 1);
    return undefined;
  }

  /** Gives up on this part; the search goes on at `from`, so that a part swallowed by it is found. */
  private drop(why: DropReason, from: number, events: ParserEvent[]): boolean {
    events.push({ kind: "dropped", why });
    this.at = Math.min(from, this.length);
    this.phase = { kind: "seek" };
    return true;
  }

  private timeOf(index: number): number {
    let timeMs = 0;
    for (const mark of this.marks) {
      if (mark.from > index) break;
      timeMs = mark.timeMs;
    }
    return timeMs;
  }

  /** Forgets the bytes that no state refers to. */
  private compact(): void {
    const used = this.phase.kind === "seek" ? this.at : this.phase.start;
    if (used === 0) return;
    this.buffer.copy(this.buffer, 0, used, this.length);
    this.length -= used;
    this.at -= used;
    if (this.phase.kind === "head") this.phase = { kind: "head", start: 0 };
    if (this.phase.kind === "body") {
      this.phase.walk.at -= used;
      const searchedTo = this.phase.searchedTo - used;
      this.phase = { ...this.phase, start: 0, searchedTo };
    }
    const timeMs = this.timeOf(used);
    this.marks = this.marks
      .filter((mark) => mark.from > used)
      .map((mark) => ({ from: mark.from - used, timeMs: mark.timeMs }));
    this.marks.unshift({ from: 0, timeMs });
  }
}

function bodyFault(
  step: JpegStep,
  cutAt: number | undefined,
  isTooLong: boolean,
): DropReason | undefined {
  if (step.kind === "bad") return step.why;
  if (cutAt !== undefined) return "truncated";
  return isTooLong ? "frameTooLong" : undefined;
}

/** Index after the empty line that ends the headers, CRLF or bare LF; undefined while it is not there. */
function headEnd(data: Buffer, start: number): number | undefined {
  const limit = Math.min(data.length, start + PART_HEAD_BYTES_MAX + 4);
  for (let at = data.indexOf(LF, start); at >= 0 && at < limit; at = data.indexOf(LF, at + 1)) {
    if (data[at + 1] === LF) return at + 2;
    if (data[at + 1] === CR && data[at + 2] === LF) return at + 3;
  }
  return undefined;
}

/** The delimiter line and `Name: value` lines; undefined if any line is something else. */
function parseHead(text: string): PartHead | undefined {
  const lines = text.split(/\r?\n/);
  const headers: Record<string, string> = {};
  for (const line of lines.slice(1)) {
    if (line === "") continue;
    const match = /^([\w.-]+):([\x20-\x7e\t]*)$/.exec(line);
    if (!match) return undefined;
    headers[(match[1] ?? "").toLowerCase()] = (match[2] ?? "").trim();
  }
  return stampsOf(headers);
}

/** When a picture was taken, by its headers (lower case); what is no such figure says nothing. */
export function stampsOf(
  headers: Readonly<Record<string, string | readonly string[] | undefined>>,
): PartHead {
  const [timestamp, age] = [headers["x-timestamp"], headers["x-frame-age"]];
  const timestampMs = figureOf(timestamp, 1000);
  const ageMs = figureOf(age, 1);
  return {
    // In whole seconds it would be a second of error, not a clock.
    ...(/\.\d{3,}$/.test(String(timestamp)) && timestampMs !== undefined && { timestampMs }),
    ...(ageMs !== undefined && { ageMs }),
  };
}

function figureOf(field: unknown, perUnit: number): number | undefined {
  const value = typeof field === "string" && field !== "" ? Number(field) : Number.NaN;
  return Number.isFinite(value) && value >= 0 ? value * perUnit : undefined;
}
