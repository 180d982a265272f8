/** What the robot says of itself when asked: `SELF` and `WHY` (PROTOCOL §2.3). */
import { z } from "zod";
import { LATE_LEVEL_MAX } from "./lateness.js";

const WORDS_MAX = 120;

const count = z.number().int().nonnegative().catch(0);
const words = z.string().max(WORDS_MAX).catch("");

function namesIn(text: string): string[] {
  return text.split(",").filter((name) => name !== "");
}

/** How late the robot's program is, and what it gives up for it (PROTOCOL §2.5). */
export const lateness = z.object({
  /** Mean of its last wakes, and the worst since boot: ms after they were due. */
  ms: count,
  worstMs: count,
  level: z.number().int().min(0).max(LATE_LEVEL_MAX).catch(0),
  /** How often something was given up since boot. */
  reliefs: count,
});
export type Lateness = z.infer<typeof lateness>;

/** Every field has a default: a robot of another version is shown with what it says. */
export const selfReply = z.object({
  ok: z.literal(true),
  idleMotion: z.boolean().catch(true),
  wifi: z
    .object({
      phase: words,
      reason: words,
      sinceS: count,
      joins: count,
      losses: count,
      refusals: count,
      addressChanges: count,
      radioRestarts: count,
      outageMs: count,
    })
    .optional(),
  boot: z
    .object({
      count,
      safe: z.boolean().catch(false),
      bad: count,
      panics: count,
      uptimeTotalS: count,
      reasons: z.array(words).max(16).catch([]),
    })
    .optional(),
  saved: z
    .object({
      generation: count,
      ageS: z.number().int().min(-1).catch(-1),
      place: words,
      origin: z.enum(["fresh", "own", "mirror"]).optional().catch(undefined),
      offer: words,
      error: words,
    })
    .optional(),
  companion: z.object({ stage: words, silenceS: count, refused: count }).optional(),
  /** `failing`: names with commas between them. */
  duties: z.object({ faults: count, failing: words.transform(namesIn) }).optional(),
  late: lateness.optional(),
});
export type Self = z.infer<typeof selfReply>;

export const whyReply = z.object({
  ok: z.literal(true),
  why: z
    .array(z.tuple([z.number(), words, words, z.number(), z.number().int()]).rest(z.unknown()))
    .max(20),
});

/** One thing it did, and why. */
export const cause = z.object({
  agoS: z.number(),
  did: z.string(),
  why: z.string(),
  /** The need, score or level behind it, 0..1. */
  figure: z.number(),
  /** How many alike in a row. */
  times: z.number().int(),
});
export type Cause = z.infer<typeof cause>;
