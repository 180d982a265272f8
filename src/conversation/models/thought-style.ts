/**
 * How a model writes its thoughts, learned from its replies: templates of reasoning models open the thought themselves, so that of
 * it only the end comes. For such a model nothing is speech before that end; for all others waiting for it would cost
 * the first sound its time.
 */
const OPENS =
  /<(?:think|thinking|thought|reasoning|seed:think)>|\[THINK\]|◁think▷|<\|channel\|>analysis/i;
const CLOSES =
  /<\/(?:think|thinking|thought|reasoning|seed:think)>|\[\/THINK\]|◁\/think▷|<\|channel\|>final/i;
/** Names of models whose templates are known to do so; their servers may keep the thoughts apart all the same. */
const NAMED = /(?:^|[^a-z])(?:r1|qwq|thinking|reasoner|reasoning|magistral)(?:[^a-z]|$)/i;
/** As much is kept as the longest mark could be cut in. */
const KEPT_CHARS = 24;

export class ThoughtStyle {
  opensInThought: boolean;
  private tail = "";
  private isOpened = false;
  private isClosed = false;

  constructor(model: string) {
    this.opensInThought = NAMED.test(model);
  }

  /** Whether what came so far is a thought that has not ended. */
  get isInThought(): boolean {
    return !this.isClosed && (this.isOpened || this.opensInThought);
  }

  /** A reply begins. */
  begin(): void {
    this.tail = "";
    this.isOpened = false;
    this.isClosed = false;
  }

  saw(piece: string): void {
    this.tail = this.tail.slice(-KEPT_CHARS) + piece;
    this.isOpened ||= OPENS.test(this.tail);
    if (this.isClosed || !CLOSES.test(this.tail)) return;
    this.isClosed = true;
    if (!this.isOpened) this.opensInThought = true;
  }

  /** The reply has ended well. */
  end(): void {
    if (this.isOpened || !this.isClosed) this.opensInThought = false;
  }
}
