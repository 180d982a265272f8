/**
 * The camera's own frames to any number of takers, each frame with its age, so that a `CameraReader` at the other end
 * knows when it was taken. A taker that has not taken the last frame misses the next.
 */
import type { ServerResponse } from "node:http";
import { Seats } from "../doors/seats.js";
import type { Clock } from "../time/clock.js";
import type { Frame } from "./camera/frame.js";
import { beginMultipart, multipartPart } from "./camera/multipart.js";
import { STUCK_MS_MAX, VIEWERS_MAX } from "./viewers.js";

/** An older one is no picture of now; a reader believes an age up to this (`capture-time`). */
const AGE_MS_MAX = 5000;
/** While nobody looks at Buddy's own page, it is given a picture this often: for whoever asks for the newest one. */
const UNVIEWED_MS = 400;
/** While somebody does: some 15 a second, which look smooth in a small picture. Each costs the companion and the browser. */
const VIEWED_MS = 62;
/** A picture that comes a little early is taken, so that a camera's own pace does not halve the rate. */
const EARLY_MS = 10;

interface Viewer {
  /** Buddy's own page shows these. */
  readonly isOurs: boolean;
  /** When it last had room, monotonic ms. */
  roomAtMs: number;
  /** Ours: when the next picture is due, monotonic ms. */
  dueMs: number;
}

export class RawViewers {
  private readonly viewers = new Map<ServerResponse, Viewer>();
  /** Somebody looks at Buddy's own page. */
  private isOwnViewed = false;
  private readonly seats: Seats;

  /** @param newest the last frame that came. */
  constructor(
    private readonly clock: Clock,
    private readonly newest: () => Frame | undefined,
  ) {
    this.seats = new Seats(clock, { max: VIEWERS_MAX, newestWins: true });
  }

  get count(): number {
    return this.viewers.size;
  }

  /** Somebody is shown these pictures. */
  get isViewed(): boolean {
    return [...this.viewers.values()].some(({ isOurs }) => !isOurs || this.isOwnViewed);
  }

  private get ownPeriodMs(): number {
    return this.isOwnViewed ? VIEWED_MS : UNVIEWED_MS;
  }

  /** Whether somebody looks at Buddy's own page. */
  setOwnViewed(isViewed: boolean): void {
    this.isOwnViewed = isViewed;
    // Whoever begins to look waits for no picture.
    const dueMs = this.clock.nowMs() + (isViewed ? 0 : UNVIEWED_MS);
    for (const viewer of this.viewers.values()) viewer.dueMs = dueMs;
  }

  /**
   * Adds a response whose head is still to be written. It is given the newest frame, if that is of now.
   * @param isOurs Buddy's own page shows these: it keeps its place, however many others look.
   */
  add(
    response: ServerResponse,
    headers: Record<string, string>,
    address: string,
    isOurs: boolean,
  ): void {
    const seat = isOurs ? undefined : this.seats.take(address, () => response.destroy());
    seat?.use();
    beginMultipart(response, headers);
    const nowMs = this.clock.nowMs();
    this.viewers.set(response, { isOurs, roomAtMs: nowMs, dueMs: nowMs + this.ownPeriodMs });
    response.on("close", () => {
      seat?.leave();
      this.viewers.delete(response);
    });
    // A slow camera's next one may be seconds away.
    const latest = this.newest();
    if (latest && nowMs - latest.capturedAtMs <= AGE_MS_MAX) {
      response.write(partOf(latest, nowMs));
    }
  }

  send(frame: Frame): void {
    const nowMs = this.clock.nowMs();
    let bytes: Buffer | undefined;
    for (const [response, viewer] of this.viewers) {
      if (viewer.isOurs && nowMs < viewer.dueMs - EARLY_MS) continue;
      if (response.writableNeedDrain) {
        if (nowMs - viewer.roomAtMs > STUCK_MS_MAX) response.destroy();
        continue;
      }
      viewer.roomAtMs = nowMs;
      // One that came early makes the next no earlier; after a pause nothing is made up for.
      viewer.dueMs = Math.max(viewer.dueMs, nowMs - EARLY_MS) + this.ownPeriodMs;
      bytes ??= partOf(frame, nowMs);
      response.write(bytes);
    }
  }

  close(): void {
    for (const response of this.viewers.keys()) response.destroy();
  }
}

function partOf({ jpeg, capturedAtMs }: Frame, nowMs: number): Buffer {
  return multipartPart(jpeg, { capturedAtMs, nowMs });
}
