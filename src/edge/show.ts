/** What of Buddy becomes public: chosen by the owner, made from the one state. Pure. */
import type { BuddyState } from "../state/buddy-state.js";
import { THOUGHT_CHARS_MAX, type PublicState } from "./push.js";

/** Each can be switched off (`--edge-show`). */
export const EDGE_WORDS = ["awake", "mood", "thought"] as const;
export type EdgeWord = (typeof EDGE_WORDS)[number];

/** blurred: no features are left, but colours and shapes are; faces: all but faces is sharp; none: no picture leaves the house. */
export const EDGE_PICTURES = ["blurred", "faces", "none"] as const;
export type EdgePicture = (typeof EDGE_PICTURES)[number];

export interface EdgeShow {
  readonly words: readonly EdgeWord[];
  readonly picture: EdgePicture;
}

type Seen = Pick<BuddyState, "robot" | "mind">;

export function publicState({ robot, mind }: Seen, words: readonly EdgeWord[]): PublicState {
  const has = (word: EdgeWord): boolean => words.includes(word);
  const isKnown = robot.linked && robot.queryAgeMs !== undefined;
  return {
    ...(has("awake") && { awake: awakeness(robot) }),
    // A mood that is only remembered is none of now.
    ...(has("mood") && isKnown && { mood: robot.emotion }),
    ...(has("thought") && { thought: mind.doing.slice(0, THOUGHT_CHARS_MAX) }),
  };
}

function awakeness({ linked, stage }: BuddyState["robot"]): NonNullable<PublicState["awake"]> {
  if (!linked) return "away";
  return stage === "resting" ? "resting" : "awake";
}

/** For the log and for people: what everybody can read from now on. */
export function publicWords({ words, picture }: EdgeShow): string {
  const pictures: Record<EdgePicture, string> = {
    blurred: "a blurred picture",
    faces: "a picture with blurred faces",
    none: "no picture",
  };
  return [...(words.length > 0 ? words : ["no words"]), pictures[picture]].join(", ");
}
