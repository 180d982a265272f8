/**
 * The closed list of `actions.ts` as a grammar (GBNF), for a model that can be held to one: what stands in square brackets is a
 * tag of the list, whatever it would like to write there. Angles are left out: a small head does not know where it looks.
 */
import { ATTENTION_DIRECTIONS, EMOTIONS, PHYSICAL_NAMES } from "../../wire/verbs.js";

/** Every tag that it lets through, without its brackets. */
export const GRAMMAR_TAGS: readonly string[] = [
  ...["nod", "nod:2", "shake", "shake:2", "celebrate", "acknowledge"],
  ...ATTENTION_DIRECTIONS.map((direction) => `attention:${direction}`),
  ...EMOTIONS.map((emotion) => `express:${emotion.toLowerCase()}`),
  ...PHYSICAL_NAMES,
];

export const ACTION_GRAMMAR = [
  "root ::= item+",
  'item ::= [^\\[\\]] | "[" tag "]"',
  `tag ::= ${GRAMMAR_TAGS.map((tag) => JSON.stringify(tag)).join(" | ")}`,
  "",
].join("\n");
