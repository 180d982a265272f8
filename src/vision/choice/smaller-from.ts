/** Pictures of vision's camera made smaller by vision: foreign bytes are decoded nowhere else. */
import type { SmallerPicture } from "../../state/feeds.js";
import type { Clock } from "../../time/clock.js";

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
      // By loopback, where plain HTTP stays allowed and nobody else listens in.
      const port = to.slice(to.lastIndexOf(":") + 1);
      const answer = await fetch(`http://127.0.0.1:${port}/snapshot?width=${width}`, {
        headers: { authorization: `Bearer ${ownKey}` },
        signal: AbortSignal.timeout(ANSWER_MS_MAX),
      });
      const jpeg = new Uint8Array(await answer.arrayBuffer());
      const ageMs = Number(answer.headers.get("x-frame-age"));
      return answer.ok ? { jpeg, capturedMs: clock.nowMs() - ageMs } : undefined;
    } catch {
      // Vision is away or busy, which its part says.
      return undefined;
    }
  };
}
