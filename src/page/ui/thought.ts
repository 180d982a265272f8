/** What Buddy would say of itself now: its mood for the header, and one line of what it does and why. Pure. */
import type { BuddyState } from "../../state/buddy-state.js";

const FEELINGS: Readonly<Record<string, string>> = {
  NEUTRAL: "calm",
  CURIOUS: "curious",
  EXCITED: "excited",
  CONTENT: "content",
  ANXIOUS: "anxious",
  STARTLED: "startled",
  BORED: "bored",
  CONFUSED: "confused",
};

/** Each behaviour as others see it, and as it would say it. */
const ACTS: Readonly<Record<string, readonly [itDoes: string, iDo: string]>> = {
  IDLE: ["is just here", "I am just here"],
  EXPLORE: ["looks around", "I look around"],
  INVESTIGATE: ["looks at something new", "I look at something new"],
  SOCIAL_ENGAGE: ["looks for company", "I look for company"],
  RETREAT: ["keeps away", "I keep away"],
  REST: ["rests", "I rest"],
  PLAY: ["plays", "I play"],
  VIGILANT: ["is watchful", "I am watchful"],
};

const CHOSE = "chose ";

/** "Buddy is curious and follows a face." */
export function moodSentence({ robot, vision }: BuddyState): string {
  if (!robot.linked) return "Buddy’s body is away.";
  const feeling = FEELINGS[robot.emotion] ?? robot.emotion.toLowerCase();
  const name = vision.face?.name ?? "a face";
  const act = robot.tracking
    ? `follows ${name}`
    : robot.animating
      ? "moves"
      : (ACTS[robot.behavior]?.[0] ?? robot.behavior);
  return `Buddy is ${feeling} and ${act}.`;
}

/** "I look around, because I want something new." */
export function thought({ robot, vision }: BuddyState): string {
  if (!robot.linked) return "I cannot feel my body: it is not linked to me.";
  if (robot.safeMode === true)
    return "I keep still, because I started three times and did not stay up.";
  if (robot.tracking) {
    const name = vision.face?.name;
    return name === undefined
      ? "I follow you, because a face is there."
      : `I follow ${name}, because I know this face.`;
  }
  const choice = robot.causes?.find(({ did }) => did.startsWith(CHOSE));
  const act = choice?.did.slice(CHOSE.length) ?? robot.behavior;
  const does = ACTS[act]?.[1] ?? act;
  return choice === undefined ? `${does}.` : `${does}, because ${inOwnWords(choice.why)}.`;
}

/** The robot's reasons (`devs/character/names.ts`), which speak of an "it", in its own words. Another is said as it came. */
const REASONS: Readonly<Record<string, string>> = {
  "it wants something to do": "I want something to do",
  "it wants something new": "I want something new",
  "it wants company": "I want company",
  "it feels threatened": "I feel threatened",
  "it is tired": "I am tired",
  "it has not played for long": "I have not played for long",
  "it does not feel safe": "I do not feel safe",
  "it is the turn of this one": "it is the turn of that",
  "it tries the second best": "I try the second best",
  "it was startled": "I was startled",
  "it looks for people where they usually are": "people are usually there",
  "it recovers from a fright": "I recover from a fright",
  "it breathes and shifts": "I breathe and shift",
  "the companion is gone": "I have lost my thoughts",
  "the companion has been gone for long": "I have been without my thoughts for long",
  "the companion is back": "my thoughts are back",
  "its emotion changed": "I feel different",
  "its thoughts wander": "my thoughts wander",
};

function inOwnWords(why: string): string {
  return REASONS[why] ?? why;
}
