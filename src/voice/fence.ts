/**
 * Until when a page may sound, where several robots share one floor. The page has a clock of its own, and what the companion
 * sends may be late by any time (a stopped process, a slow line): so the companion tells the end as a time of the page's clock,
 * never too late, and the page schedules no sound beyond it. Shared by the companion and the page; imports nothing.
 */

/** What a page may play: sound that came with this token, before this time of its clock, ms. */
export interface Fence {
  readonly token: number;
  readonly untilMs: number;
}

/** Answers of a page are believed this long: two clocks drift apart. */
const BELIEVED_MS = 3000;

interface Answer {
  readonly ownMs: number;
  readonly offsetMs: number;
}

/**
 * The companion's side: how far a page's clock is from its own. An answer of the page was sent before it came, so each gives
 * an offset that is too great by its time under way; with the smallest, every end that is told is on the early side.
 */
export class PageTimes {
  private answers: Answer[] = [];

  /** An answer came now that the page sent at this time of its clock. */
  note(pageMs: number, nowMs: number): void {
    this.answers = [...this.recent(nowMs), { ownMs: nowMs, offsetMs: nowMs - pageMs }];
  }

  /** That time of the companion as a time of the page, or undefined while the page has not answered lately. */
  toPage(ownMs: number, nowMs: number): number | undefined {
    const offsets = this.recent(nowMs).map(({ offsetMs }) => offsetMs);
    return offsets.length === 0 ? undefined : ownMs - Math.min(...offsets);
  }

  private recent(nowMs: number): Answer[] {
    return this.answers.filter(({ ownMs }) => nowMs - ownMs <= BELIEVED_MS);
  }
}

/**
 * The page's side. @returns how much of a sound of `lengthMs`, which would begin at `startMs` of the page's clock, may be heard,
 * ms. `fence` undefined: there is only one robot.
 */
export function audibleMs(
  fence: Fence | undefined,
  token: number | undefined,
  startMs: number,
  lengthMs: number,
): number {
  if (fence === undefined) return lengthMs;
  if (token !== fence.token) return 0;
  return Math.min(lengthMs, Math.max(0, fence.untilMs - startMs));
}
