/** Hands pictures of a page's camera to the vision process, by its door on loopback. */
import type { GivenPicture } from "./given-picture.js";
import { askOwnDoor } from "./own-door.js";

/** Above the second that vision keeps a picture at most. */
const ANSWER_MS_MAX = 2000;

/**
 * @param door of vision, `host:port`; undefined while it does not run.
 * @param ownKey by which its door knows us.
 * @returns as `GiversDeps.handOver`.
 */
export function handOverTo(
  door: () => string | undefined,
  ownKey: string,
): (giver: string, picture: GivenPicture) => Promise<boolean> {
  return async (giver, { jpeg, head }) => {
    const to = door();
    if (to === undefined) return false;
    try {
      const answer = await askOwnDoor(to, ownKey, "/picture", ANSWER_MS_MAX, {
        method: "POST",
        headers: {
          "content-type": "image/jpeg",
          "x-giver": giver,
          "x-timestamp": ((head.timestampMs ?? 0) / 1000).toFixed(6),
          "x-frame-age": String(head.ageMs ?? 0),
        },
        body: jpeg as Uint8Array<ArrayBuffer>,
      });
      const body = (await answer.json()) as { isSearched?: unknown };
      return body.isSearched === true;
    } catch {
      // Vision is away or busy, which its part says; this picture is of the past by then.
      return false;
    }
  };
}
