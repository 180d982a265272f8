/**
 * The one state of Buddy, as everybody is shown it: `GET /api/state`, the page, agents and models. Shapes, and nothing that
 * puts them together (`board.ts`).
 *
 * Angles are degrees on the wire (pan 90 forward, greater = the robot's left; nod 115 level, smaller =
 * up). `…AgeMs` are ages at the snapshot.
 */
import { z } from "zod";
import { queryFields } from "../robot/query.js";
import { fleetState } from "./fleet-state.js";
import { healthState } from "./health.js";
import { mindState } from "./mind-state.js";
import { robotLife } from "./robot-life.js";

/** The chip whose pace the simulated robot keeps; a model, not held against a board. */
export const chipState = z.object({
  name: z.string(),
  /** For people: ESP32-C3. */
  title: z.string(),
  /** Share of its time that the program takes, 0..1. */
  busy: z.number(),
  /** Steps of the program in the last second. */
  stepsPerS: z.number(),
  /** Longest time lately in which nothing else ran, ms. */
  longestSliceMs: z.number(),
});
export type ChipState = z.infer<typeof chipState>;

/** The robot: its QUERY fields, and how well we know them. */
export const robotState = queryFields.extend({
  /** A link session is open and the robot answers. */
  linked: z.boolean(),
  /** Number of the link session; grows with each one, 0 before the first. */
  generation: z.number().int(),
  /** Round trip of the newest command, ms; absent before the first. */
  rttMs: z.number().optional(),
  /** Age of the QUERY fields; absent when the robot was never asked. */
  queryAgeMs: z.number().optional(),
  /** Free in the simulated robot's heap of 64 KB (S2: 40 KB); garbage is not free until it is collected. Absent on a board, which cannot tell. */
  heapFreeBytes: z.number().optional(),
  /** Absent on a board, and when the simulator is as fast as the machine it runs on. */
  chip: chipState.optional(),
  ...robotLife.shape,
});
export type RobotState = z.infer<typeof robotState>;

/** One state word for programs, one sentence for people. */
const partState = z.object({ state: z.string(), text: z.string() });
export type PartState = z.infer<typeof partState>;

/** Somebody in the picture, as `faceSight`. */
const otherFace = z.object({
  number: z.number().int(),
  x: z.number(),
  y: z.number(),
  w: z.number(),
  h: z.number(),
});

/** A face in FACE space: centre and size, 0..240 on both axes, origin top left of the picture. */
export const faceSight = z.object({
  x: z.number(),
  y: z.number(),
  w: z.number(),
  h: z.number(),
  /** 0..100. */
  confidence: z.number(),
  seq: z.number(),
  /** Since the picture was taken. */
  ageMs: z.number(),
  /** Its centre as a camera on the robot's head would see it; only where the camera stands beside the robot. */
  headX: z.number().optional(),
  headY: z.number().optional(),
  /** Who it is, when known. Comes from outside: show it as text only. */
  name: z.string().optional(),
  /** Its number on screen, kept when people cross or are away for a second. It recognises nobody. */
  number: z.number().int().optional(),
  /** Everybody else in the picture, whom the robot does not look at. */
  others: z.array(otherFace).optional(),
});
export type FaceSight = z.infer<typeof faceSight>;

/** Where the pictures come from; browser: a page gives its camera. */
const cameraOrigin = z.object({
  kind: z.enum(["none", "demo", "browser", "webcam", "address"]),
});
export type CameraOrigin = z.infer<typeof cameraOrigin>;

export const visionState = z.object({
  /** off: no camera wanted. */
  state: z.enum(["off", "starting", "running", "down"]),
  text: z.string(),
  camera: z.object({
    /** slow: pictures come, too seldom to follow anybody by them; stale: the last one is old. */
    state: z.enum(["off", "connecting", "live", "slow", "stale", "down"]),
    text: z.string(),
    framesPerS: z.number(),
    frameAgeMs: z.number().optional(),
    source: cameraOrigin.optional(),
  }),
  detector: z.object({
    /** slow, silent: pictures come and it has looked at none for 2 s, for 10 s. */
    state: z.enum(["off", "starting", "works", "slow", "silent"]),
    text: z.string(),
    framesPerS: z.number(),
    latencyMs: z.number().optional(),
  }),
  faces: z.number().int(),
  face: faceSight.optional(),
});
export type VisionState = z.infer<typeof visionState>;

const linkState = z.object({
  /** down: the gateway does not run; away: it waits for the robot; up: a session is open. */
  state: z.enum(["down", "away", "up"]),
  text: z.string(),
  /** Why the newest session ended or was refused, in words. */
  lastReason: z.string().optional(),
  /** The same for programs: `LINK_SILENT`, … (docs/ERRORS.md). */
  lastCode: z.string().optional(),
  /** Time in this state. */
  sinceS: z.number(),
  sessions: z.number().int(),
  /** By which way the robot is linked; absent while it is not. */
  road: z.enum(["network", "usb"]).optional(),
  /** The USB cable, where one is wanted: looking: no board on it; blocked: its port cannot be opened; open: it could be used. */
  cable: z
    .object({ state: z.enum(["looking", "blocked", "open"]), port: z.string(), text: z.string() })
    .optional(),
  /** The robot that has the forwarded ports, 16 hex digits; absent while none has. */
  deviceId: z.string().optional(),
  /**
   * Only where a debugger owns the robot's VM: off: its tools do not run; waiting: no VM on their bus; up: it runs; held: the
   * debugger has stopped its program.
   */
  debugger: z.enum(["off", "waiting", "up", "held"]).optional(),
});
export type LinkState = z.infer<typeof linkState>;

/** `GET /api/state`, and the state the page is sent. Stable contract (PROTOCOL §5.1). */
export const buddyState = z.object({
  robot: robotState,
  vision: visionState,
  mind: mindState,
  /**
   * `ears`: off when no speech-to-text server is set. `volume`: of what pages play, percent. Both are absent where there is no
   * voice at all.
   */
  voice: partState.extend({
    ears: partState.optional(),
    volume: z.number().int().min(0).max(100).optional(),
  }),
  link: linkState,
  health: healthState,
  /** Only where it shares a stage with other robots. */
  fleet: fleetState.optional(),
  uptimeS: z.number(),
  version: z.string(),
});
export type BuddyState = z.infer<typeof buddyState>;

export interface StateSource {
  snapshot(): BuddyState;
  /** Called on each change; the server spaces what it sends. @returns the function that ends it. */
  onChange(listener: () => void): () => void;
}
