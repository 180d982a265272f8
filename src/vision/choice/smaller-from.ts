/** Pictures of vision's camera made smaller by vision: foreign bytes are decoded nowhere else. */
import type { SmallerPicture } from "../../state/feeds.js";
import type { Clock } from "../../time/clock.js";
import { askOwnDoor } from "./own-door.js";

/** What takes longer is of the past; whoever waits gets the next whole one. */
const ANSWER_MS_MAX = 500;

/**
 * @param door of vision, `host:port`; undefined while it does not run.
 * @param ownKey by which its door knows us.
 */
export function smallerFrom(
  door: () => string | undefined,
  ownKey: string,
  clock: Clock,
): SmallerPicture {
  return async (width) => {
    const to = door();
    if (to === undefined) return undefined;
    try {
      const answer = await askOwnDoor(to, ownKey, `/snapshot?width=${width}`, ANSWER_MS_MAX);
      const jpeg = new Uint8Array(await answer.arrayBuffer());
      const ageMs = Number(answer.headers.get("x-frame-age"));
      return answer.ok ? { jpeg, capturedMs: clock.nowMs() - ageMs } : undefined;
    } catch {
      // Vision is away or busy, which its part says.
      return undefined;
    }
  };
}
