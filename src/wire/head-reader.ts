/**
 * The head of an HTTP/1.1 request out of any chunks (PROTOCOL §2): at most 2,048 bytes and 32 lines, CR LF only. The robot and
 * the gateway in front of it find its end by the same rules, so neither takes for a head what the other does not.
 */
import { copyBytes, sliceBytes, textOf } from "./bytes.js";
import { HTTP_HEAD_BYTES_MAX } from "./limits.js";

const HEAD_LINES_MAX = 32;

/** Room taken beforehand when a head comes in more than one piece. */
const GROWTH_BYTES = 256;
const NEWLINE = 0x0a;
const RETURN = 0x0d;

/** Collects bytes until the empty line. */
export class HeadReader {
  private buffer = Buffer.alloc(0);
  private used = 0;
  private scannedTo = 0;
  private lineAt = 0;
  private lines = 0;
  private status = 0;

  /**
   * Takes bytes. Returns how many of them belong to the head if it is now complete; -1 if more are needed or it
   * has failed (`failure`).
   */
  take(data: Buffer): number {
    const room = HTTP_HEAD_BYTES_MAX - this.used;
    const taken = data.length < room ? data.length : room;
    if (this.buffer.length < this.used + taken) {
      // The first chunk usually is the whole head; after that room grows with what comes, not before.
      const need = this.used + taken + (this.used === 0 ? 0 : GROWTH_BYTES);
      const grown = Buffer.alloc(need < HTTP_HEAD_BYTES_MAX ? need : HTTP_HEAD_BYTES_MAX);
      copyBytes(grown, 0, this.buffer, 0, this.used);
      this.buffer = grown;
    }
    copyBytes(this.buffer, this.used, data, 0, taken);
    const before = this.used;
    this.used += taken;
    if (this.scanHead()) return this.lineAt - before;
    if (this.status === 0 && this.used === HTTP_HEAD_BYTES_MAX) this.status = 431;
    return -1;
  }

  /** HTTP status of a head that can no longer become a good one; 0 otherwise. */
  failure(): number {
    return this.status;
  }

  /** Text of the complete head, without the empty line. */
  text(): string {
    return textOf(sliceBytes(this.buffer, 0, this.lineAt - 2));
  }

  /** Bytes of memory held. */
  heldBytes(): number {
    return this.buffer.length;
  }

  /** Looks at new lines; true at the empty one, `lineAt` then is behind it. */
  private scanHead(): boolean {
    while (this.status === 0 && this.scannedTo < this.used) {
      const at = this.buffer.indexOf(NEWLINE, this.scannedTo);
      if (at < 0 || at >= this.used) break;
      this.scannedTo = at + 1;
      if (at === this.lineAt || this.buffer[at - 1] !== RETURN) {
        this.status = 400;
        return false;
      }
      const isEmpty = at === this.lineAt + 1;
      this.lineAt = at + 1;
      if (isEmpty) return true;
      this.lines++;
      if (this.lines > HEAD_LINES_MAX) this.status = 431;
    }
    return false;
  }
}
