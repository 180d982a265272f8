/** Where in which file a position is: the debug information counts characters through all sources, one after another. */

/** Lines count from 1. */
export interface SourcePlace {
  file: string;
  line: number;
}

export class SourcePlaces {
  readonly #lines: (SourcePlace & { position: number })[] = [];

  /** @param sources in the order of the debug information; `length` in characters */
  constructor(sources: readonly { path: string; length: number; text: string }[]) {
    let start = 0;
    for (const { path: file, length, text } of sources) {
      let at = 0;
      text.split("\n").forEach((content, index) => {
        this.#lines.push({ file, line: index + 1, position: start + at });
        at += content.length + 1;
      });
      start += length;
    }
  }

  /** The place that is given for a position behind the last source is the last line. */
  at(position: number): SourcePlace {
    let low = 0;
    let high = this.#lines.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((this.#lines[middle]?.position ?? 0) <= position) low = middle + 1;
      else high = middle;
    }
    return this.#lines[Math.max(0, low - 1)] ?? { file: "", line: 0 };
  }
}
