/** Lines of the floor that are broken on purpose. */

/** A line of the product broken on purpose: the judge must see it. */
export type Mutation =
  | "the page plays beyond its fence"
  | "the next one need not wait for the beats to be old"
  | "a new server trusts its state"
  | "a lapsed holder goes on"
  | "it gives the floor back before its page is silent"
  | "a robot takes again what it gave back";

export const MUTATIONS: readonly Mutation[] = [
  "the page plays beyond its fence",
  "the next one need not wait for the beats to be old",
  "a new server trusts its state",
  "a lapsed holder goes on",
  "it gives the floor back before its page is silent",
  "a robot takes again what it gave back",
];
