/**
 * Hands-free by name: who has called goes on without a name. "Buddy, turn your head … to the left" has a pause in it, and
 * after a mere "Hey Buddy" people wait for a sign of life before they say what they want. Pure; ms of one clock.
 */

/** After words of a call: as long as a pause may be (`PAUSE_MS_MAX` of the conversation's `turn/active-turn.ts`). */
const PAUSE_MS = 600;
/** After the name alone, for what is said next: as long as push to talk waits for speech. */
const NAME_MS = 8000;

/** What words are to Buddy: a call by the name alone, one with what is wanted, or no call. */
export type Call = "name" | "words" | "none";

export class CallWindow {
  private untilMs = Number.NEGATIVE_INFINITY;
  private isNameAlone = false;

  /**
   * Words were taken; undefined when none were. What goes on from a call prolongs nothing, so that a television that talks on is not answered for
   * ever; after the name alone it is what was wanted, and may have a pause of its own.
   */
  took(call: Call | undefined, nowMs: number): void {
    if (call === undefined || (call === "none" && !this.isNameAlone)) return;
    this.isNameAlone = call === "name";
    this.untilMs = nowMs + (this.isNameAlone ? NAME_MS : PAUSE_MS);
  }

  /** Whether speech that began then goes on from a call. */
  holds(beganMs: number): boolean {
    return beganMs <= this.untilMs;
  }
}
