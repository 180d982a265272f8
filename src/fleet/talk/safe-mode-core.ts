/**
 * What a robot does while its stage is out of reach. Pure.
 *
 * | away for | person before it | own wish | named by others | else by others |
 * | -------- | ---------------- | -------- | --------------- | -------------- |
 * | not      | converse         | converse | converse        | converse       |
 * | < 30 s   | converse         | silent   | silent          | silent         |
 * | ≥ 30 s   | converse         | silent   | canned line     | silent         |
 *
 * The person before it is whoever uses its own page, microphone or doors: that conversation needs no stage. Others are the
 * robots and people that it hears through the stage or the room.
 */

/** Fleet safe mode begins after so long without the stage. */
export const SAFE_MODE_MS = 30_000;

export type Contact =
  | { readonly kind: "there" }
  /** Monotonic ms since when. */
  | { readonly kind: "away"; readonly sinceMs: number };

export type ContactInput =
  /** A call of the stage was answered, or was not. */ "answered" | "unanswered";

/** A single slow call is no outage; the stage is away once it did not answer for this long. */
export const AWAY_MS = 1000;

export interface ContactState {
  readonly contact: Contact;
  /** Of the first call that was not answered since the last that was. */
  readonly firstUnansweredMs: number | undefined;
}

export const FIRST_CONTACT: ContactState = {
  contact: { kind: "away", sinceMs: 0 },
  firstUnansweredMs: 0,
};

/** @param sinceMs when the call was made that was not answered */
export function stepContact(
  before: ContactState,
  input: ContactInput,
  nowMs: number,
  sinceMs = nowMs,
): ContactState {
  if (input === "answered") return { contact: { kind: "there" }, firstUnansweredMs: undefined };
  const firstUnansweredMs = before.firstUnansweredMs ?? sinceMs;
  if (before.contact.kind === "away" || nowMs - firstUnansweredMs < AWAY_MS) {
    return { ...before, firstUnansweredMs };
  }
  return { contact: { kind: "away", sinceMs: firstUnansweredMs }, firstUnansweredMs };
}

export function isSafeMode(contact: Contact, nowMs: number): boolean {
  return contact.kind === "away" && nowMs - contact.sinceMs >= SAFE_MODE_MS;
}

export type Occasion =
  /** A person before it speaks to it. */
  | "person"
  /** It wants to say something by itself. */
  | "wish"
  /** Somebody it hears by the stage or the room, and its name is in it or not. */
  | "named"
  | "other";

export type Conduct = "converse" | "canned" | "silent";

export function conductOf(contact: Contact, occasion: Occasion, nowMs: number): Conduct {
  if (contact.kind === "there" || occasion === "person") return "converse";
  return occasion === "named" && isSafeMode(contact, nowMs) ? "canned" : "silent";
}
