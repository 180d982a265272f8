/**
 * Tables as text. A literal lies in flash: it costs no heap and none of the 64 KB that the machine allows for code,
 * where the same table as arrays or `case`s would cost 3 to 9 bytes a number.
 */

/** The numbers of a line, one space between two of them. */
export function numbersIn(line: string): number[] {
  const numbers: number[] = [];
  for (let at = 0; at >= 0;) {
    numbers.push(parseFloat(line.slice(at)));
    const space = line.indexOf(" ", at);
    at = space < 0 ? -1 : space + 1;
  }
  return numbers;
}

/** Word `index` of a text with a `|` behind each word; "" beyond the last. */
export function wordAt(words: string, index: number): string {
  let from = 0;
  for (let i = 0; i < index && from >= 0; i++) from = words.indexOf("|", from) + 1;
  return words.slice(from, words.indexOf("|", from));
}
