/**
 * Cuts a child's stdout or stderr into lines for the log. A child may print what and as much as it likes, so
 * everything is bounded: length of a line, lines a second (the rest is counted and said once), last lines kept.
 */
import { LineQuota } from "../time/line-quota.js";
import type { Clock } from "../time/clock.js";
import { cutLine, LOG_CHARS_MAX } from "../child/messages.js";

/** Lines of one part that reach the log each second; a crash with its stack needs about 40. */
const LINES_PER_SECOND_MAX = 200;
/** Lines kept to say what a part's last words were. */
const LAST_LINES_MAX = 3;
/** Lines that say nothing about why: stack frames, the fields of an error below them, and Node's version at the end. */
const EMPTY_WORDS = /^\s+at |^Node\.js v|^ {2}\w+: |^\}$/;
/** Control characters (ESC among them) would let a child's line write elsewhere on a terminal or fake a line. */
// eslint-disable-next-line no-control-regex
const CONTROL = /[\u0000-\u0008\u000b-\u001f\u007f-\u009f]/g;

export class LineTap {
  private rest = "";
  private readonly last: string[] = [];
  private readonly quota = new LineQuota(LINES_PER_SECOND_MAX);

  constructor(
    private readonly clock: Clock,
    private readonly onLine: (line: string) => void,
  ) {}

  /** Takes a piece of text as it came out of the pipe. */
  write(chunk: string): void {
    const pieces = (this.rest + chunk).split("\n");
    this.rest = pieces.pop() ?? "";
    for (const piece of pieces) this.line(piece);
    // A line without an end must not grow for ever: what is there becomes a line.
    if (this.rest.length > LOG_CHARS_MAX) this.flush();
  }

  /** Makes a line of what has no line end yet; call it at the end of the stream. */
  flush(): void {
    const rest = this.rest;
    this.rest = "";
    if (rest !== "") this.line(rest);
  }

  /** The last lines, oldest first, joined for a one-line report. */
  lastWords(): string {
    return this.last.join(" | ");
  }

  private line(raw: string): void {
    const line = cutLine(raw.replace(CONTROL, " ").trimEnd());
    if (line === "") return;
    if (!EMPTY_WORDS.test(line)) this.last.push(line.slice(0, 200));
    if (this.last.length > LAST_LINES_MAX) this.last.shift();
    const isAdmitted = this.quota.admit(this.clock.nowMs(), (lost) =>
      this.onLine(`(${lost} lines dropped: too many in a second)`),
    );
    if (isAdmitted) this.onLine(line);
  }
}
