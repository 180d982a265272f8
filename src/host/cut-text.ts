/** Cuts text by the characters that people see: never through a surrogate pair, an accent or a family of emoji. */
const segmenter = new Intl.Segmenter(undefined, { granularity: "grapheme" });

/** @returns at most `unitsMax` UTF-16 units of well-formed text; whole graphemes only. */
export function cutText(text: string, unitsMax: number): string {
  const wellFormed = text.toWellFormed();
  if (wellFormed.length <= unitsMax) return wellFormed;
  let length = 0;
  // A little more than is wanted: the last grapheme may reach beyond.
  for (const { segment } of segmenter.segment(wellFormed.slice(0, unitsMax + 64))) {
    if (length + segment.length > unitsMax) break;
    length += segment.length;
  }
  return wellFormed.slice(0, length);
}
