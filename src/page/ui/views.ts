/** The five views and their addresses: `#talk` and so on. Talk is where everybody begins. Pure. */

export const VIEWS = ["talk", "play", "inside", "health", "settings"] as const;
export type ViewName = (typeof VIEWS)[number];

/** What each view is called in the bar and in the browser's title. */
export const VIEW_TITLES: Readonly<Record<ViewName, string>> = {
  talk: "Talk",
  play: "Play",
  inside: "Inside",
  health: "Health",
  settings: "Settings",
};

/** @param hash as in `location.hash`; one that names no view is Talk. */
export function viewOf(hash: string): ViewName {
  return VIEWS.find((view) => hash === `#${view}`) ?? "talk";
}
