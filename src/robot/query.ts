/** What the robot answers to QUERY (PROTOCOL §2): how it feels, where its head is, what it sees. */
import { z } from "zod";

const share = (initial: number): z.ZodDefault<z.ZodNumber> => z.number().default(initial);

/**
 * The robot's QUERY reply. Each field has a default, so an older robot that lacks one is never an
 * error; a field of the wrong type is. The defaults are what is shown before the first QUERY.
 */
export const queryFields = z.object({
  arousal: share(0.5),
  valence: share(0),
  dominance: share(0.5),
  emotion: z.string().max(40).default("NEUTRAL"),
  behavior: z.string().max(40).default("IDLE"),
  stimulation: share(0.5),
  social: share(0.5),
  energy: share(0.7),
  safety: share(0.8),
  novelty: share(0.5),
  tracking: z.boolean().default(false),
  animating: z.boolean().default(false),
  servoBase: share(90),
  servoNod: share(115),
  servoTilt: share(85),
  epistemic: z.string().max(40).default("confident"),
  tension: share(0),
  wondering: z.boolean().default(false),
  selfAwareness: share(0),
  speechUrge: share(0),
  wantsToSpeak: z.boolean().default(false),
  speechTrigger: z.string().max(40).default(""),
  hasVisionTarget: z.boolean().default(false),
  visionAge: share(9999),
  trackingError: share(0),
  pidPan: share(0),
  pidTilt: share(0),
  /** The firmware's version; empty before it said so. */
  fw: z.string().max(40).default(""),
  /** Seconds since the robot's start. */
  uptime: share(0),
  /** Datagrams that its intake refused. */
  invalidUdp: share(0),
});
export type QueryFields = z.infer<typeof queryFields>;
