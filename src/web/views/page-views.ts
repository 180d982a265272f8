/** The page's views by name, and which kinds of messages each is sent. Without imports, for server and page alike. */

/** A page that nobody looks at is `hidden`, whatever view it has. */
export const PAGE_VIEWS = [
  "talk",
  "play",
  "inside",
  "health",
  "settings",
  "room",
  "hidden",
] as const;
export type PageView = (typeof PAGE_VIEWS)[number];

/** What flows beside the state. */
export const FLOW_NAMES = ["picture", "pose", "face", "mind", "sample", "log"] as const;
export type Flow = (typeof FLOW_NAMES)[number];

const FLOWS: Readonly<Record<PageView, readonly Flow[]>> = {
  talk: ["picture", "pose", "face", "mind"],
  play: ["picture", "pose", "face"],
  inside: [],
  health: ["sample", "log"],
  settings: [],
  room: [],
  hidden: [],
};

export function flowsTo(view: PageView, flow: Flow): boolean {
  return FLOWS[view].includes(flow);
}
