/**
 * The annotated MJPEG stream: one encoder for all viewers, 12 pictures a second, none while nobody looks. A viewer that
 * has not taken the last picture misses the next (nothing is queued for it); one that takes nothing for long is cut.
 */
import type { ServerResponse } from "node:http";
import { Seats } from "../doors/seats.js";
import type { CancelTimer, Clock } from "../time/clock.js";
import { beginMultipart, multipartPart } from "./camera/multipart.js";

/** 12 pictures a second, as the old vision API. */
const STREAM_PERIOD_MS = 83;
/** While the camera gives nothing, the last picture is repeated with a growing age. */
const STALE_PERIOD_MS = 1000;
/** Policy at the limit: the newest is the one that somebody looks at, and the oldest goes. */
export const VIEWERS_MAX = 32;
/** A viewer that takes nothing for this long is cut. */
export const STUCK_MS_MAX = 15_000;

/** The picture to show, and a mark that changes with its content; undefined: nothing to show yet. */
export interface Showing {
  readonly mark: number | string;
  encode(): Promise<Buffer>;
}

interface Viewer {
  stuckSinceMs: number | undefined;
}

export class Viewers {
  private readonly viewers = new Map<ServerResponse, Viewer>();
  private readonly seats: Seats;
  private cancel: CancelTimer | undefined;
  private isBusy = false;
  private shownMark: number | string | undefined;
  private shownAtMs = Number.NEGATIVE_INFINITY;
  private last: Buffer | undefined;

  constructor(
    private readonly clock: Clock,
    private readonly show: () => Showing,
  ) {
    this.seats = new Seats(clock, { max: VIEWERS_MAX, newestWins: true });
  }

  get count(): number {
    return this.viewers.size;
  }

  /** Adds a response whose head is still to be written. */
  add(response: ServerResponse, headers: Record<string, string>, address: string): void {
    const seat = this.seats.take(address, () => response.destroy());
    seat?.use();
    beginMultipart(response, headers);
    const viewer: Viewer = { stuckSinceMs: undefined };
    this.viewers.set(response, viewer);
    response.on("close", () => {
      seat?.leave();
      this.remove(response);
    });
    if (this.last) this.write(response, viewer, this.last);
    this.cancel ??= this.clock.every(STREAM_PERIOD_MS, () => void this.tick());
  }

  close(): void {
    this.cancel?.();
    for (const response of this.viewers.keys()) response.destroy();
  }

  private remove(response: ServerResponse): void {
    this.viewers.delete(response);
    if (this.viewers.size > 0) return;
    this.cancel?.();
    this.cancel = undefined;
    this.last = undefined;
  }

  private async tick(): Promise<void> {
    const nowMs = this.clock.nowMs();
    const showing = this.show();
    const isNew = showing.mark !== this.shownMark;
    if (this.isBusy || (!isNew && nowMs - this.shownAtMs < STALE_PERIOD_MS)) return;
    this.isBusy = true;
    try {
      this.shownMark = showing.mark;
      this.shownAtMs = nowMs;
      this.last = await showing.encode();
      for (const [response, viewer] of this.viewers) this.write(response, viewer, this.last);
    } finally {
      this.isBusy = false;
    }
  }

  private write(response: ServerResponse, viewer: Viewer, jpeg: Buffer): void {
    const nowMs = this.clock.nowMs();
    if (response.writableNeedDrain) {
      viewer.stuckSinceMs ??= nowMs;
      if (nowMs - viewer.stuckSinceMs > STUCK_MS_MAX) response.destroy();
      return;
    }
    viewer.stuckSinceMs = undefined;
    response.write(multipartPart(jpeg));
  }
}
