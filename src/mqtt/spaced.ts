/** Something that anybody may ask for again and again: done at once while its rate allows, else once when it does. */
import type { CancelTimer, Clock } from "../time/clock.js";
import { TokenBucket, type Rate } from "../time/token-bucket.js";

export class Spaced {
  private readonly bucket: TokenBucket;
  private cancelLater: CancelTimer | undefined;

  constructor(
    private readonly clock: Clock,
    rate: Rate,
    private readonly act: () => void,
  ) {
    this.bucket = new TokenBucket(rate);
  }

  ask(): void {
    if (this.cancelLater !== undefined) return;
    const waitMs = this.bucket.take(this.clock.nowMs());
    if (waitMs === 0) return this.act();
    this.cancelLater = this.clock.after(waitMs, () => {
      this.cancelLater = undefined;
      this.ask();
    });
  }

  /** What is still to come does not come. */
  cancel(): void {
    this.cancelLater?.();
    this.cancelLater = undefined;
  }
}
