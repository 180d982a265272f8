/** The state of Buddy with a change that came over the line. Pure. */
import type { BuddyState } from "../../state/buddy-state.js";
import type { StateChange } from "../../web/views/state-feed.js";

type Fields = Record<string, unknown>;

/** A new object where something is new, the same one where nothing is: what is drawn may compare by identity. */
export function changed(state: BuddyState, { set, gone }: StateChange): BuddyState {
  const next: Fields = { ...state };
  for (const [part, fields] of Object.entries(set)) {
    if (part === "buddy") Object.assign(next, fields);
    else next[part] = { ...(next[part] as Fields), ...fields };
  }
  for (const name of gone) {
    const [part = "", field = ""] = name.split(".", 2);
    const { [field]: _gone, ...left } = (part === "buddy" ? next : next[part]) as Fields;
    // A stage that is no more is no stage without fields.
    if (part !== "buddy") next[part] = Object.keys(left).length > 0 ? left : undefined;
  }
  return next as unknown as BuddyState;
}
