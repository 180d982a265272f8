/**
 * Whether what the microphone hears while Buddy speaks is somebody, or Buddy's own voice out of the speaker. The browser's
 * echo cancellation takes most of it away; how much is left differs by speaker and room and is learned from the sound
 * itself: what is no louder than that is Buddy. Pure; levels are root mean squares, 0..1.
 */

/** The sound comes back this late at most: 512 ms, with Bluetooth and the reverb of a room. */
const DELAY_WINDOWS = 16;
/** Of Buddy's sound so much is heard first, half a second, before anybody is believed to be talking over it. */
const LEARN_WINDOWS = 16;
/** Below it Buddy is between two words, and nothing can be learned. */
const OUT_MIN = 0.01;
/** Somebody is louder than what is left of Buddy by this factor, and than a whisper. */
const OVER_ECHO = 2;
const LEVEL_MIN = 0.008;
/** How fast a louder and a quieter remainder is believed, of the difference in each window. */
const RISE = 0.3;
const FALL = 0.02;

export class EchoGuard {
  /** What of Buddy's level comes back. */
  private share = 0;
  private learned = 0;
  private readonly outs: number[] = [];

  /**
   * One window of the microphone.
   * @param outLevel what Buddy plays at this moment; 0 for nothing.
   * @returns false when it may be Buddy.
   */
  isSomebody(level: number, outLevel: number): boolean {
    this.outs.push(outLevel);
    if (this.outs.length > DELAY_WINDOWS) this.outs.shift();
    const out = Math.max(...this.outs);
    if (out < OUT_MIN) return true;
    const share = level / out;
    if (this.learned < LEARN_WINDOWS) {
      this.learned++;
      this.share = Math.max(this.share, share);
      return false;
    }
    if (level > Math.max(LEVEL_MIN, this.share * out * OVER_ECHO)) return true;
    this.share += (share - this.share) * (share > this.share ? RISE : FALL);
    return false;
  }
}
