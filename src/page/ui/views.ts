/** The five views and their addresses: `#talk` and so on. Talk is where everybody begins. Pure. */

export const VIEWS = ["talk", "play", "inside", "health", "settings"] as const;
export type ViewName = (typeof VIEWS)[number];

/** @param hash as in `location.hash`; one that names no view is Talk. */
export function viewOf(hash: string): ViewName {
  return VIEWS.find((view) => hash === `#${view}`) ?? "talk";
}
