/** Texts with places to fill, `{name}`, and texts that depend on a count. Pure. */

/** The names of a text's places, as a type: filling one that is not there, or leaving one open, does not compile. */
export type Places<Text extends string> = Text extends `${string}{${infer Name}}${infer Rest}`
  ? Name | Places<Rest>
  : never;

/** What is said of a count: the forms of `Intl.PluralRules` that the language has; `other` for all that have none. */
export interface Counted {
  readonly one?: string;
  readonly other: string;
}

/** The same tree with any texts: what another language must have. A missing key does not compile. */
export type SameKeys<Tree> = {
  readonly [Key in keyof Tree]: Tree[Key] extends string
    ? string
    : Tree[Key] extends Counted
      ? Counted
      : SameKeys<Tree[Key]>;
};

const PLACE = /\{(\w+)\}/;

/** The pieces of a text with its places filled, in order; what fills them may be more than text. */
export function pieces<Text extends string, Values extends Readonly<Record<Places<Text>, unknown>>>(
  text: Text,
  values: Values,
): (string | Values[Places<Text>])[] {
  // Splitting at a group gives text, name, text, name, text.
  return text
    .split(PLACE)
    .map((piece, at) => (at % 2 === 0 ? piece : values[piece as Places<Text>]));
}

export function filled<Text extends string>(
  text: Text,
  values: Readonly<Record<Places<Text>, string>>,
): string {
  return pieces(text, values).join("");
}
