/** The sound of one utterance as it comes from the renderers: kept until it was played, so that it can go on elsewhere. */

export interface SoundEnd {
  /** Undefined: all of it is there. */
  readonly failed: string | undefined;
}

export class Sound {
  /** Samples that are there. */
  samples = 0;
  end: SoundEnd | undefined;
  onNews: () => void = () => undefined;
  private readonly pieces: { readonly first: number; readonly bytes: Buffer }[] = [];

  /** @throws Error when samples are missing or come twice: that must never be smoothed over. */
  push(first: number, bytes: Buffer): void {
    if (first !== this.samples) {
      throw new Error(`sample ${first} came where ${this.samples} was due`);
    }
    this.pieces.push({ first, bytes });
    this.samples += bytes.length / 2;
    this.onNews();
  }

  finish(failed?: string): void {
    this.end ??= { failed };
    this.onNews();
  }

  /** What is there from a sample on, in pieces. */
  *from(sample: number): Generator<{ readonly first: number; readonly bytes: Buffer }> {
    for (const { first, bytes } of this.pieces) {
      const skip = Math.max(0, sample - first) * 2;
      if (skip < bytes.length) yield { first: first + skip / 2, bytes: bytes.subarray(skip) };
    }
  }
}
