/** So many lines in each second; what is more is lost, and how much that was is told with the next second's first line. */

const WINDOW_MS = 1000;

export class LineQuota {
  private sinceMs = Number.NEGATIVE_INFINITY;
  private count = 0;

  constructor(private readonly perSecondMax: number) {}

  /** @param tellLost called before a line that is admitted after others were lost. @returns whether the line may pass. */
  admit(nowMs: number, tellLost: (count: number) => void): boolean {
    if (nowMs - this.sinceMs >= WINDOW_MS) {
      const lost = this.count - this.perSecondMax;
      this.sinceMs = nowMs;
      this.count = 0;
      if (lost > 0) tellLost(lost);
    }
    this.count += 1;
    return this.count <= this.perSecondMax;
  }
}
