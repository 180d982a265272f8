/** What Buddy would say of itself now: its mood for the header, and one line of what it does and why. Pure. */
import { fill, t, wordFor } from "../language/language.js";
import type { BuddyState } from "../../state/buddy-state.js";

const CHOSE = "chose ";

/** "Buddy is curious and follows a face." */
export function moodSentence({ robot, vision }: BuddyState): string {
  if (!robot.linked) return t.mood.away;
  const feeling = wordFor(t.feelings, robot.emotion);
  const name = vision.face?.name ?? t.mood.aFace;
  const act = robot.tracking
    ? fill(t.mood.follows, { name })
    : robot.animating
      ? t.mood.moves
      : wordFor(t.itDoes, robot.behavior);
  return fill(t.mood.sentence, { feeling, act });
}

/** "I look around, because I want something new." */
export function thought({ robot, vision }: BuddyState): string {
  if (!robot.linked) return t.thought.unlinked;
  if (robot.safeMode === true) return t.thought.safe;
  if (robot.tracking) {
    const name = vision.face?.name;
    return name === undefined ? t.thought.followsYou : fill(t.thought.followsName, { name });
  }
  const choice = robot.causes?.find(({ did }) => did.startsWith(CHOSE));
  const act = choice?.did.slice(CHOSE.length) ?? robot.behavior;
  const does = wordFor(t.iDo, act);
  return choice === undefined
    ? fill(t.thought.plain, { act: does })
    : fill(t.thought.because, { act: does, why: wordFor(t.ownReasons, choice.why) });
}
