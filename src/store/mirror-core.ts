/**
 * What to do with a MIRROR message (PROTOCOL §2.4), as a pure decision: keep it or not, offer what is kept or not, and whether
 * it is the receipt of an offer.
 */
import type { Image } from "../wire/image.js";

/** What is known of one session of a robot's link. */
export interface MirrorSession {
  /** Number of the session; a greater one is a new session. */
  readonly number: number;
  /** Generation that was offered in it; 0 none. One offer a session. */
  readonly offered: number;
  /** Generation the robot has committed as its receipt; 0 none. */
  readonly taken: number;
}

export interface Verdict {
  readonly keep: boolean;
  readonly offer: boolean;
  readonly isReceipt: boolean;
  /** Why it is not kept, for people; "" when it is, or when there is nothing to keep. */
  readonly refused: string;
}

const NOTHING: Verdict = { keep: false, offer: false, isReceipt: false, refused: "" };

/**
 * @param image what the robot sent; undefined: that it has none
 * @param kept generation of the newest image that is kept; undefined: none is
 * @param isSame the image's bytes are those of the kept one
 */
export function judge(
  session: MirrorSession,
  image: Image | undefined,
  kept: number | undefined,
  isSame: boolean,
): Verdict {
  const mayOffer = kept !== undefined && session.offered === 0;
  if (image === undefined) return { ...NOTHING, offer: mayOffer };
  // What a damaged message would have said is not known: the robot itself refuses what is older than its own.
  if (image.kind === "bad") return { ...NOTHING, offer: mayOffer, refused: image.why };
  if (kept !== undefined && image.generation < kept) return { ...NOTHING, offer: mayOffer };
  const isReceipt =
    session.offered > 0 && session.taken === 0 && image.generation > session.offered;
  return { ...NOTHING, keep: !isSame, isReceipt };
}
