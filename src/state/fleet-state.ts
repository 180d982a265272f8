/** How a robot's stage is, as part of the state; absent where there is no fleet. */
import { z } from "zod";

export const fleetState = z.object({
  stage: z.string(),
  /** there; away: Redis does not answer; safe: it has not for 30 s. */
  state: z.enum(["there", "away", "safe"]),
  /** How it is, for people. */
  text: z.string(),
  /** This robot on the stage. */
  id: z.string(),
  name: z.string(),
  /** Who may speak now; absent while nobody may. */
  holder: z
    .object({ id: z.string(), name: z.string(), token: z.number(), leftMs: z.number() })
    .optional(),
  /** Names, in the order in which they are to have it. */
  queue: z.array(z.string()),
  members: z.array(z.object({ id: z.string(), name: z.string() })),
  mode: z.enum(["running", "paused", "ended"]),
  /** Name of who opens topics; absent: anyone. */
  lead: z.string().optional(),
  /** Id of the director at work; absent while none is. */
  director: z.string().optional(),
  scriptLeft: z.number().int(),
  /** Turns of robots since a person spoke. */
  turns: z.number().int(),
  /** Events that are not yet told, those that were too many, and those of others that were passed over. */
  outbox: z.object({ waiting: z.number(), dropped: z.number(), bad: z.number() }),
  /** The room of voices; absent where there is none. `listeners`: people in it. */
  room: z
    .object({
      state: z.enum(["joining", "there", "resuming", "away"]),
      listeners: z.number().int(),
    })
    .optional(),
  /** Version of the Redis; "" before it said it. */
  redis: z.string(),
  /** Code of what is wrong (docs/ERRORS.md); absent while nothing is. */
  trouble: z.string().optional(),
});
export type FleetState = z.infer<typeof fleetState>;
