/** A command of the owner's comes before the robot's reflex: the gaze lets go of a face for it (PROTOCOL §2). */
import { OWNER_MARK } from "../wire/verbs.js";

/** What the robot refuses while it follows a face. */
const REFUSED_ON_FACE = /^!?(?=(?:LOOK|ATTENTION|NOD|SHAKE|PERFORM|PHYSICAL):|LISTENING|CELEBRATE)/;

/** The line with the owner's mark, if it needs one. */
export function ownerLine(line: string): string {
  return line.replace(REFUSED_ON_FACE, OWNER_MARK);
}
