/**
 * The robot's inner life as part of `/api/state` (PROTOCOL §2.3, §5.1): where its state lives, why it started, its WiFi,
 * and why it does what it does. A field that is not known (an older robot, or none yet) is absent, never invented.
 */
import { z } from "zod";
import { cause, lateness } from "../robot/self.js";

/** What is kept of the robot on this side. */
const mirrorState = z.object({
  /** Newest generation; 0 when none is kept. */
  generation: z.number().int(),
  /** Since it was kept. */
  ageS: z.number().optional(),
  /** Generations kept in all. */
  images: z.number().int(),
  /** The last offer of it to the robot, and what became of it in the robot's words ("" not known yet). */
  offered: z
    .object({ generation: z.number().int(), agoS: z.number(), result: z.string() })
    .optional(),
  /** Why the newest state that came was not kept. */
  refused: z.string().optional(),
});

const savedState = z.object({
  /** Newest generation known; 0: nothing is saved. */
  generation: z.number().int(),
  /** Since it was saved; absent when that was in an earlier boot. */
  ageS: z.number().optional(),
  /** Where it lives: settings, fram or eeprom in the robot; mirror while only this side knows. */
  place: z.string(),
  /** Where the state that the robot lives with came from; absent while it is away. */
  origin: z.enum(["own", "mirror", "fresh"]).optional(),
  /** What became of the last state offered to the robot, in its words; "" nothing was. */
  took: z.string(),
  /** Why it could not be saved; "" none. */
  error: z.string(),
  mirror: mirrorState.optional(),
});

/** One stretch of the robot's life that people may ask about. */
export const lifeEvent = z.object({
  /** When it began, Unix ms. */
  wallMs: z.number(),
  /** How long it took; 0 for a moment. */
  durationMs: z.number(),
  kind: z.enum(["boot", "wifi", "link"]),
  text: z.string(),
});
export type LifeEvent = z.infer<typeof lifeEvent>;

const wifiState = z.object({
  phase: z.string(),
  /** In words; "" when there is nothing to say. */
  reason: z.string(),
  /** Time in this phase. */
  sinceS: z.number(),
  joins: z.number().int(),
  losses: z.number().int(),
  refusals: z.number().int(),
  addressChanges: z.number().int(),
  radioRestarts: z.number().int(),
  /** The last time without a network. */
  outageMs: z.number(),
});

export const robotLife = z.object({
  saved: savedState.optional(),
  /** Times it was started in its life. */
  boots: z.number().int().optional(),
  /** Reasons of the last boots, newest first. */
  bootReasons: z.array(z.string()).optional(),
  panics: z.number().int().optional(),
  uptimeTotalS: z.number().optional(),
  /** In safe mode: body limits, link and `/health` only. */
  safeMode: z.boolean().optional(),
  /** How it takes the companion's absence: here, away, alone, resting. */
  stage: z.string().optional(),
  /** Ambient motion is wanted. */
  idleMotion: z.boolean().optional(),
  /** How late its program is; level 0: in time. */
  late: lateness.optional(),
  /** Names of duties that keep failing in the robot. */
  failing: z.array(z.string()).optional(),
  wifi: wifiState.optional(),
  /** Newest first, at most 20. */
  causes: z.array(cause).optional(),
  /** What its saved state says of its character, each 0..1 by name. */
  traits: z.record(z.string(), z.number()).optional(),
  /** Boots, and times without WiFi or link, oldest first. */
  life: z.array(lifeEvent).optional(),
  /** Age of what the robot says of itself here. */
  selfAgeMs: z.number().optional(),
});
export type RobotLife = z.infer<typeof robotLife>;
