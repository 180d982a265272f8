/**
 * A camera's HTTP answer, read as browsers and curl read it and Node's own parser does not: lines that end in LF alone or in
 * CR CR LF, a status line twice (mjpg-streamer), header lines that are none (GoaHead sends a bare date), spaces in names,
 * `ICY 200 OK`, a Content-Length that means nothing. Bounded whatever comes. Pure: it opens nothing and reads no clock.
 *
 * Ours, because what can be had is not: Node's `insecureHTTPParser` refuses half of these, and `http-parser-js` lets the
 * line of a chunk's size grow without end.
 */

/** All lines of the head; a camera sends about 300 bytes. Policy: the answer is bad. */
const HEAD_BYTES_MAX = 16 * 1024;
/** The line with a chunk's size; more is no chunk. Policy: the answer is bad. */
const CHUNK_LINE_BYTES_MAX = 256;
const LF = 0x0a;

export interface AnswerHead {
  readonly status: number;
  /** Lower-case names; of a name that comes twice the last. */
  readonly headers: ReadonlyMap<string, string>;
}

export type AnswerEvent =
  | { readonly kind: "head"; readonly head: AnswerHead }
  | { readonly kind: "body"; readonly bytes: Uint8Array }
  /** The body is over though the connection may not be. */
  | { readonly kind: "end" }
  /** Nothing more can be read; `why` is a phrase. */
  | { readonly kind: "bad"; readonly why: string };

type State =
  | { readonly kind: "head" }
  /** Until the connection ends. */
  | { readonly kind: "plain" }
  | { readonly kind: "chunkSize" }
  | { readonly kind: "chunk"; readonly left: number }
  | { readonly kind: "over" };

const STATUS_LINE = /^(?:HTTP\/\d(?:\.\d)?|ICY) +(\d{3})(?: |$)/i;
const HEADER_LINE = /^([^\s:]+)[ \t]*:(.*)$/;

export class AnswerReader {
  private state: State = { kind: "head" };
  /** The line that has not ended yet. */
  private line: Buffer = Buffer.alloc(0);
  private headBytes = 0;
  private status: number | undefined;
  private readonly headers = new Map<string, string>();
  private lastName = "";

  /** Takes the next bytes; returns what they say, in order. After "end" and "bad" nothing follows. */
  push(chunk: Buffer): AnswerEvent[] {
    const events: AnswerEvent[] = [];
    let at = 0;
    while (at < chunk.length && this.state.kind !== "over") {
      at += this.step(chunk.subarray(at), events);
    }
    return events;
  }

  /** One step; returns how many bytes it took, at least one. */
  private step(bytes: Buffer, events: AnswerEvent[]): number {
    const { state } = this;
    switch (state.kind) {
      case "head":
      case "chunkSize":
        return this.takeLine(bytes, events);
      case "chunk": {
        const body = bytes.subarray(0, state.left);
        events.push({ kind: "body", bytes: body });
        const left = state.left - body.length;
        this.state = left > 0 ? { kind: "chunk", left } : { kind: "chunkSize" };
        return body.length;
      }
      default:
        events.push({ kind: "body", bytes });
        return bytes.length;
    }
  }

  private takeLine(bytes: Buffer, events: AnswerEvent[]): number {
    const isHead = this.state.kind === "head";
    const end = bytes.indexOf(LF);
    const piece = end < 0 ? bytes : bytes.subarray(0, end);
    const bytesMax = isHead ? HEAD_BYTES_MAX - this.headBytes : CHUNK_LINE_BYTES_MAX;
    if (this.line.length + piece.length > bytesMax) {
      const why = isHead
        ? `the head of its answer is longer than ${HEAD_BYTES_MAX} bytes`
        : "its chunks are damaged";
      return this.bad(why, bytes, events);
    }
    this.line = Buffer.concat([this.line, piece]);
    if (end < 0) return bytes.length;
    const line = this.line.toString("latin1").replace(/\r+$/, "");
    if (isHead) this.headBytes += this.line.length + 1;
    this.line = Buffer.alloc(0);
    if (isHead) this.takeHeadLine(line, events);
    else this.takeChunkSize(line, events);
    return end + 1;
  }

  private takeHeadLine(line: string, events: AnswerEvent[]): void {
    const status = STATUS_LINE.exec(line)?.[1];
    if (status !== undefined) {
      this.status = Number(status);
      return;
    }
    if (line === "") return this.endHead(events);
    if (this.status === undefined) {
      const why = line.startsWith("RTSP/")
        ? "it speaks RTSP: rtsp:// instead of http://"
        : `it answers no HTTP: ${JSON.stringify(line.slice(0, 40))}`;
      this.bad(why, undefined, events);
      return;
    }
    if (/^[ \t]/.test(line) && this.lastName !== "") {
      // A folded line belongs to the one before.
      const before = this.headers.get(this.lastName) ?? "";
      this.headers.set(this.lastName, `${before} ${line.trim()}`);
      return;
    }
    const [, name, value = ""] = HEADER_LINE.exec(line) ?? [];
    this.lastName = name?.toLowerCase() ?? "";
    if (name !== undefined) this.headers.set(this.lastName, value.trim());
  }

  private endHead(events: AnswerEvent[]): void {
    const { status, headers } = this;
    // Empty lines before the answer, and answers that only say that another one follows.
    if (status === undefined) return;
    if (status < 200) {
      this.status = undefined;
      headers.clear();
      return;
    }
    const isChunked = /\bchunked\b/i.test(headers.get("transfer-encoding") ?? "");
    this.state = { kind: isChunked ? "chunkSize" : "plain" };
    events.push({ kind: "head", head: { status, headers } });
  }

  private takeChunkSize(line: string, events: AnswerEvent[]): void {
    // The line end behind the chunk before.
    if (line === "") return;
    const size = /^\s*([0-9a-f]{1,8})\s*(?:;|$)/i.exec(line)?.[1];
    if (size === undefined) {
      this.bad("its chunks are damaged", undefined, events);
      return;
    }
    const left = Number.parseInt(size, 16);
    this.state = left > 0 ? { kind: "chunk", left } : { kind: "over" };
    if (left === 0) events.push({ kind: "end" });
  }

  private bad(why: string, bytes: Buffer | undefined, events: AnswerEvent[]): number {
    this.state = { kind: "over" };
    events.push({ kind: "bad", why });
    return bytes?.length ?? 1;
  }
}
