/** What the views know of Buddy, as it came over the page's connection. */
import type { BuddyState, FaceSight } from "../../state/buddy-state.js";

/** What the views show. A new object at each change. */
export interface LiveView {
  readonly isConnected: boolean;
  /** The first connection is still on its way: nothing is lost yet. */
  readonly isStarting: boolean;
  readonly state: BuddyState | undefined;
  readonly version: string;
  /** Set when this page does not fit the server: a sentence that says why. */
  readonly reload: string | undefined;
  readonly needsSignIn: boolean;
}

export interface Picture {
  readonly jpeg: Blob;
  /** Age when it was received. */
  readonly ageMs: number;
}

/** A face with the page's own time of its picture, so that its age can be drawn at any moment. */
export interface TimedFace extends FaceSight {
  readonly takenMs: number;
}

/** Before the first connection. */
export const NOTHING_YET: LiveView = {
  isConnected: false,
  isStarting: true,
  state: undefined,
  version: "",
  reload: undefined,
  needsSignIn: false,
};
