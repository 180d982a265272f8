/**
 * What the web server needs from the rest of the companion: interfaces and the shape of the state,
 * nothing else. The server never reaches for a robot, a camera or a clock of its own; whoever starts
 * it passes these in, so that its tests run real sockets against fakes.
 *
 * Angles are degrees on the wire (pan 90 forward, greater = the robot's left; nod 115 level, smaller =
 * up). Times named `atMs` are the companion's monotonic clock; `…AgeMs` are ages at the snapshot.
 */
import { z } from "zod";
import type { VoicePort } from "../voice/voice-port.js";
import { healthState, type HealthPort } from "./health-port.js";
import { robotLife } from "./robot-life.js";
import { mindState, type MindPort } from "./mind-port.js";

export type { HealthLevel, HealthPart } from "./health-port.js";

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
  /** Who it is, when known. Comes from outside: show it as text only. */
  name: z.string().optional(),
});
export type FaceSight = z.infer<typeof faceSight>;

export const visionState = z.object({
  /** off: no camera wanted. */
  state: z.enum(["off", "starting", "running", "down"]),
  text: z.string(),
  camera: z.object({
    state: z.enum(["off", "connecting", "live", "stale", "down"]),
    text: z.string(),
    framesPerS: z.number(),
    frameAgeMs: z.number().optional(),
  }),
  detector: z.object({ framesPerS: z.number(), latencyMs: z.number().optional() }),
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
});
export type LinkState = z.infer<typeof linkState>;

/** `GET /api/state`, and the state the page is sent. Stable contract (design §4). */
export const buddyState = z.object({
  robot: robotState,
  vision: visionState,
  mind: mindState,
  /** `ears`: off when no speech-to-text server is set; absent where there is no voice at all. */
  voice: partState.extend({ ears: partState.optional() }),
  link: linkState,
  health: healthState,
  uptimeS: z.number(),
  version: z.string(),
});
export type BuddyState = z.infer<typeof buddyState>;

/** What the robot's head does now, from the opt-in push (PROTOCOL §2.1); as `src/robot` gives it. */
export interface Pose {
  readonly baseDeg: number;
  readonly nodDeg: number;
  readonly tiltDeg: number;
  readonly reflex: "lost" | "acquire" | "track";
  /** Sequence number of the face behind this pose, and its age; absent when there is none. */
  readonly faceSeq?: number | undefined;
  readonly faceAgeMs?: number | undefined;
}

/** One camera picture. The bytes are shared by all viewers and must not be changed. */
export interface Frame {
  readonly jpeg: Uint8Array;
  readonly seq: number;
  /** When it was taken, companion's monotonic clock. */
  readonly capturedMs: number;
}

export interface LogLine {
  /** Unix time in ms, for people. */
  readonly wallMs: number;
  readonly level: "debug" | "info" | "warn" | "error";
  readonly part: string;
  readonly message: string;
}

/** One point of the page's plots. Either figure may be missing at that moment. */
export interface Sample {
  readonly atMs: number;
  /** Picture taken → servo commanded. */
  readonly latencyMs?: number;
  /** Angle between where the head points and where the face is. */
  readonly errorDeg?: number;
}

/** Something that has a newest value. Listeners are called at once and must not block. */
export interface Feed<T> {
  latest(): T | undefined;
  /** @returns the function that ends the subscription. */
  subscribe(listener: (value: T) => void): () => void;
}

export type FrameSource = Feed<Frame>;
export type PoseSource = Feed<Pose>;
/** `undefined` is not sent: a face that is gone shows by the next state and by its age. */
export type FaceSource = Feed<FaceSight>;

export interface LogSource {
  /** Oldest first, bounded by the implementation. */
  recent(): readonly LogLine[];
  subscribe(listener: (line: LogLine) => void): () => void;
}

export interface History {
  /** Oldest first, bounded by the implementation. */
  recent(): readonly Sample[];
  subscribe(listener: (sample: Sample) => void): () => void;
}

export interface StateSource {
  snapshot(): BuddyState;
  /** Called on each change; the server spaces what it sends. @returns the function that ends it. */
  onChange(listener: () => void): () => void;
}

export interface RobotCommands {
  /**
   * Sends one line (no `!` needed) and resolves with the robot's reply, a JSON object as text, also when
   * the robot refuses. Rejects with `RobotError` when no answer came, with `ResilienceError` when the robot
   * was not asked; never waits for ever.
   */
  send(line: string): Promise<string>;
}

export interface Readiness {
  /** What is still missing, in plain words; empty when ready. */
  reasons(): readonly string[];
}

/** Faults that a person may inject into a simulated robot, to see what it does. */
export interface SimulatorControl {
  /** The robot's WiFi; off really cuts the link. "silent" like a lost access point, "reset" like a closed one. */
  wifi(on: boolean, mode: "silent" | "reset"): void;
  /** Power cut: the VM is killed and boots again. */
  kill(): void;
}

export interface WebPorts {
  readonly state: StateSource;
  readonly robot: RobotCommands;
  readonly frames: FrameSource;
  readonly poses: PoseSource;
  readonly faces: FaceSource;
  readonly history: History;
  readonly logs: LogSource;
  readonly readiness: Readiness;
  readonly health: HealthPort;
  /** Absent where nothing is to be talked with. */
  readonly mind?: MindPort | undefined;
  /** Takes secrets out of a text that others will see. */
  redact(text: string): string;
  /** Pages that play what is said, and recordings that become words. */
  readonly voice?: VoicePort | undefined;
  /** Only with a simulated robot. */
  readonly simulator?: SimulatorControl | undefined;
}
