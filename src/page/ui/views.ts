/** The views and their addresses: `#talk` and so on. Talk is where everybody begins. Pure. */

/** Those that are always there. */
export const VIEWS = ["talk", "play", "inside", "health", "settings"] as const;
export type ViewName = (typeof VIEWS)[number] | "room";

/** In their order. @param hasRoom of several robots: where there is none, there is no view of it. */
export function viewsThere(hasRoom: boolean): readonly ViewName[] {
  return hasRoom ? ["talk", "room", ...VIEWS.slice(1)] : VIEWS;
}

/** @param hash as in `location.hash`; one that names no view is Talk. */
export function viewOf(hash: string): ViewName {
  return viewsThere(true).find((view) => hash === `#${view}`) ?? "talk";
}
