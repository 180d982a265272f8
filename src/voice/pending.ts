/**
 * The reply that could not be heard because the browser wants a gesture first (A9): kept for the next one. Only the
 * newest turn is kept, for a while; a reply that nobody wanted to hear in time is not spoken out of the blue.
 */
import type { Clock } from "../time/clock.js";

const KEPT_MS_MAX = 5 * 60_000;
const SENTENCES_MAX = 32;

export interface PendingSentence {
  readonly text: string;
  readonly language: string;
  readonly index: number;
}

export class PendingReply {
  private turnId = "";
  private sentences: PendingSentence[] = [];
  private keptMs = 0;

  constructor(private readonly clock: Clock) {}

  /** Keeps a sentence; those of an older turn are dropped. The oldest of a very long turn go first. */
  keep(turnId: string, sentence: PendingSentence): void {
    this.begin(turnId);
    this.sentences = [...this.sentences.slice(-(SENTENCES_MAX - 1)), sentence];
    this.keptMs = this.clock.nowMs();
  }

  /** A turn speaks: what an older one left is void. */
  begin(turnId: string): void {
    if (turnId !== this.turnId) this.clear();
    this.turnId = turnId;
  }

  get count(): number {
    return this.clock.nowMs() - this.keptMs > KEPT_MS_MAX ? 0 : this.sentences.length;
  }

  /** Hands over what is kept, once. */
  take(): { readonly turnId: string; readonly sentences: readonly PendingSentence[] } {
    const sentences = this.count > 0 ? this.sentences : [];
    this.sentences = [];
    return { turnId: this.turnId, sentences };
  }

  clear(): void {
    this.sentences = [];
  }
}
