/**
 * What the companion pushes to the edge, as both read it: the message, its limits and the words of a refusal. The Worker
 * (`edge/`) and the pusher share this file and `signature.ts`, and nothing else. By the small form of zod: the Worker
 * starts anew for many a visitor, and every byte of it is read then.
 */
import * as z from "zod/mini";

export const THOUGHT_CHARS_MAX = 300;

/** What a visitor may be told of Buddy; what is switched off is absent. */
const publicState = z.strictObject({
  /** away: the companion runs and its robot is not linked. */
  awake: z.optional(z.enum(["awake", "resting", "away"])),
  /** The robot's own word: CONTENT, CURIOUS, … */
  mood: z.optional(z.string().check(z.maxLength(40))),
  /** A sentence; "" when there is nothing to say. */
  thought: z.optional(z.string().check(z.maxLength(THOUGHT_CHARS_MAX))),
});
export type PublicState = z.infer<typeof publicState>;

/** A push with its picture in base64; a picture of 480 px takes about 25 KB. */
export const PUSH_BYTES_MAX = 300_000;

/** Shortest and longest time between two pushes; twice that, and the home is away. */
const PERIOD_S_MIN = 1;
const PERIOD_S_MAX = 3600;

/** A picture that is older is not worth a visitor's time; it is taken away. */
export const PICTURE_AGE_MS_MAX = 24 * 3600_000;

export const edgePush = z.strictObject({
  version: z.literal(1),
  /** Which home pushes: stable over restarts of one companion, another for another one. */
  home: z.string().check(z.regex(/^[0-9a-f]{16}$/)),
  periodS: z.int().check(z.minimum(PERIOD_S_MIN), z.maximum(PERIOD_S_MAX)),
  state: publicState,
  /** null: there is none to show, and the one that the edge may have is deleted. */
  picture: z.nullable(
    z.strictObject({
      jpeg: z.base64(),
      ageMs: z.number().check(z.minimum(0), z.maximum(PICTURE_AGE_MS_MAX)),
    }),
  ),
});
export type EdgePush = z.infer<typeof edgePush>;

/** The one path that is written to: POST pushes, DELETE erases. */
export const PUSH_PATH = "/push";

/** A signed time may differ this much from the edge's own, either way. */
export const REPLAY_WINDOW_MS = 60_000;

export type EdgeRefusalCode =
  | "EDGE_NO_KEY"
  | "EDGE_SIGNATURE"
  | "EDGE_TIME"
  | "EDGE_REPLAY"
  | "EDGE_OTHER_HOME"
  | "EDGE_TOO_LARGE"
  | "EDGE_FORM"
  | "EDGE_METHOD"
  | "EDGE_PATH"
  | "EDGE_STORE";

/**
 * Why the edge took nothing. The two times are told only to whom the key has proved: by them a home with a wrong clock
 * signs its next push.
 */
export const edgeRefusal = z.object({
  code: z.string().check(z.maxLength(40)),
  message: z.string().check(z.maxLength(400)),
  nowMs: z.optional(z.number()),
  lastMs: z.optional(z.number()),
});
