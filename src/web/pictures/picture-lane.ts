/**
 * The pictures of one page: one at a time, always the newest, each after the page's ack of the one before. When its line cannot
 * take them as they are, they become fewer by that, and smaller (`line.ts`). How fast the line is, pings tell that go just
 * before and just behind a picture: whoever draws slowly has no slow line.
 */
import type { Frame, SmallerPicture } from "../../state/feeds.js";
import type { Clock } from "../../time/clock.js";
import { jpegSize } from "../../vision/detector/jpeg-size.js";
import { learned, type Line, type Sized, widthFor } from "./line.js";

/** From one measurement to the next: pictures that come faster tell nothing new of a line. */
const MEASURE_MS = 150;
/** A pong that has not come by then is not waited for any longer. */
const PONG_MS_MAX = 5000;

export interface PictureLaneDeps {
  readonly clock: Clock;
  /** Undefined: whoever this is, it is sent pictures as they are. */
  smaller(widthPx: number): ReturnType<SmallerPicture> | undefined;
  /** Whether the page may be sent one now. */
  isOpen(): boolean;
  /** @param ageMs since it was taken. */
  send(jpeg: Uint8Array, seq: number, ageMs: number): void;
  ping(payload: Buffer): void;
}

type SmallPicture = Pick<Frame, "jpeg" | "capturedMs">;

interface Measurement {
  readonly bytes: number;
  readonly sentMs: number;
  /** When the ping before the picture was answered. */
  beforeMs?: number;
  /** The ping behind it was answered, too. */
  isOver: boolean;
}

export class PictureLane {
  private offered: Frame | undefined;
  /** The picture that is on its way, or being made for it. */
  private unackedSeq: number | undefined;
  private line: Line | undefined;
  private last: Sized | undefined;
  private measured: Measurement | undefined;
  /** Number of the newest ping: that behind a measured picture. */
  private pings = 0;

  constructor(private readonly deps: PictureLaneDeps) {}

  offer(frame: Frame): void {
    this.offered = frame;
    void this.next();
  }

  /** The page starts to look: nothing is on its way, whatever it acked before it looked away. */
  begin(): void {
    this.unackedSeq = undefined;
  }

  ack(seq: number): void {
    if (seq !== this.unackedSeq) return;
    this.unackedSeq = undefined;
    void this.next();
  }

  /** A pong that answers one of its pings, or any other. */
  pong(payload: Buffer): void {
    const { measured } = this;
    if (measured === undefined || payload.length !== 4) return;
    const ping = payload.readUInt32LE(0);
    const nowMs = this.deps.clock.nowMs();
    if (ping === this.pings - 1) measured.beforeMs = nowMs;
    if (ping !== this.pings || measured.beforeMs === undefined) return;
    measured.isOver = true;
    this.line = learned(this.line, {
      bytes: measured.bytes,
      rttMs: measured.beforeMs - measured.sentMs,
      transferMs: nowMs - measured.beforeMs,
    });
  }

  private async next(): Promise<void> {
    const frame = this.offered;
    if (!frame || this.unackedSeq !== undefined || !this.deps.isOpen()) return;
    this.offered = undefined;
    this.unackedSeq = frame.seq;
    const width = this.widthOf(frame);
    const making = width === undefined ? undefined : this.deps.smaller(width);
    if (making === undefined) return this.send(frame.seq, frame);
    const made = await making;
    // Meanwhile the page may have looked away, and back.
    if (this.unackedSeq === frame.seq && this.deps.isOpen()) this.send(frame.seq, made ?? frame);
  }

  private widthOf({ jpeg, capturedMs }: Frame): number | undefined {
    const size = jpegSize(jpeg);
    const ageMs = this.deps.clock.nowMs() - capturedMs;
    return size && widthFor(this.line, { width: size.width, bytes: jpeg.length, ageMs }, this.last);
  }

  private send(seq: number, { jpeg, capturedMs }: SmallPicture): void {
    const nowMs = this.deps.clock.nowMs();
    const ageMs = Math.max(0, nowMs - capturedMs);
    const waitedMs = nowMs - (this.measured?.sentMs ?? Number.NEGATIVE_INFINITY);
    const isMeasured = waitedMs > (this.measured?.isOver === false ? PONG_MS_MAX : MEASURE_MS);
    if (isMeasured) this.measured = { bytes: jpeg.length, sentMs: nowMs, isOver: false };
    if (isMeasured) this.ping();
    this.deps.send(jpeg, seq, ageMs);
    if (isMeasured) this.ping();
    const width = jpegSize(jpeg)?.width;
    this.last = width === undefined ? undefined : { width, bytes: jpeg.length };
  }

  private ping(): void {
    const payload = Buffer.alloc(4);
    payload.writeUInt32LE(++this.pings >>> 0);
    this.deps.ping(payload);
  }
}
