/**
 * What the rest of the firmware may ask of the body. The command interpreter calls it, `devs/body` implements
 * it; all calls return at once and the motion layer moves afterwards. Angles in degrees, frames as
 * `src/wire/limits.ts`: base 90 forward, greater = the robot's left; nod 115 level, smaller = up; tilt 85 upright.
 */
import type { Pose } from "./pose.js";
import type {
  AttentionDirection,
  Emotion,
  PerformType,
  PhysicalName,
} from "../../src/wire/verbs.js";

/**
 * Held targets, base/nod/tilt in degrees; an axis not given stays where it is asked to be now.
 *
 * | name                  | base     | nod     | tilt | remarks                                   |
 * | --------------------- | -------- | ------- | ---- | ----------------------------------------- |
 * | attention_center      | 90       | 115     |      |                                           |
 * | attention_left        | 140      | 115     |      | the robot's own left                      |
 * | attention_right       | 40       | 115     |      |                                           |
 * | attention_up          | 90       | 90      |      |                                           |
 * | attention_down        | 90       | 140     |      |                                           |
 * | listening             | 90       | 105     |      | speed 0.7                                 |
 * | idle                  | 90       | 115     | 85   | the caller asks only while not tracking   |
 * | perform_pre_speech    | 90       | 108     |      |                                           |
 * | perform_watching      | 90       | 108     |      |                                           |
 * | perform_deflated      |          | nod +10 |      | from the pose asked for now               |
 * | perform_acknowledged  | 90       | 115     |      |                                           |
 * | perform_lean_forward  | 90       | 105     |      |                                           |
 * | physical_sigh         |          | nod +10 |      |                                           |
 * | physical_double_take  | base ∓30 |         |      | away from the side it is on               |
 * | physical_settle       |          | nod +12 |      |                                           |
 * | physical_expectant    | 90       | 105     |      |                                           |
 * | physical_dismissive   | base ∓40 |         |      | away from the side it is on               |
 * | physical_curious_tilt |          |         | 55   | the curious pose's tilt                   |
 * | physical_startled     | 90       | 90      | 105  | the anxious pose, fast                    |
 * | express_curious       | 90       | 120     | 55   |                                           |
 * | express_excited       |          |         |      | bounce: gesture "celebrate"               |
 * | express_content       | 90       | 105     | 85   |                                           |
 * | express_anxious       | 90       | 90      | 105  |                                           |
 * | express_confused      | 75       | 115     | 95   | then shake ×2                             |
 * | express_neutral, express_startled, express_bored | 90 | 110 | 85 | |
 *
 * While a face is tracked only `express_*` is asked for; it is then a small overlay that keeps the gaze.
 */
export type PostureName =
  | `attention_${AttentionDirection}`
  | `perform_${PerformType}`
  | `physical_${PhysicalName}`
  | `express_${Emotion}`
  | "listening"
  | "idle";

/**
 * Movements that end by themselves and give the pose back.
 * nod: ×count, nod +15, 150 ms, −5, 150 ms, back. shake: ×count, base −20/+20, 150 ms each. celebrate: 3 bounces,
 * base ±10 at random, nod +15/−5, tilt −10/+5, 100 ms. acknowledge: nod +8, 120 ms, back; a running loop keeps
 * running and tracking keeps its gaze.
 */
export const GESTURES = ["nod", "shake", "celebrate", "acknowledge"] as const;
export type GestureName = (typeof GESTURES)[number];

/**
 * Animations that run until another one or "none" (t in seconds).
 * thinking: base 90+10·sin(2πt/6), nod 108+5·sin(2πt/8), tilt 90+8·sin(2πt/7).
 * speaking: base 90+3·sin(2πt/10), nod 112+4·sin(2πt/1.5), tilt 85+3·sin(2πt/5).
 * While a face is tracked they are overlays round the gaze instead of round base 90.
 */
export const LOOPS = ["thinking", "speaking", "none"] as const;
export type LoopName = (typeof LOOPS)[number];

/**
 * Everything that the body can be asked for. look: eased move to base `a` and nod `b`, already clamped, tilt unchanged.
 * A gesture: `a` times, 1..10 (celebrate and acknowledge ignore it). hold: keep still for `a` seconds, before a face
 * too; anything else that is asked ends it. yield: a followed face waits for the next move to be done, and for 2 s more.
 * reset (RESET_PID): forget the gaze controller's memory, keep the pose.
 */
export type MoveName = "look" | PostureName | GestureName | LoopName | "hold" | "yield" | "reset";

export interface BodyPort {
  move(name: MoveName, a: number, b: number): void;
}

/** What the body tells the mind, each tick. */
export interface BodySense {
  /** Wire degrees of the base. */
  baseDeg: number;
  isTracking: boolean;
  isAnimating: boolean;
}

/** What `QUERY`, `WATCH` and `/health` tell of the body. Angles in degrees, fractions kept. */
export interface BodyStatus {
  pose: Pose;
  isTracking: boolean;
  /** A loop or a gesture is running. */
  isAnimating: boolean;
  /** Distance of the last face from the picture's centre, pixels; 0 while nobody is tracked. */
  trackingError: number;
  /** What the gaze still has to go, degrees; 0 while nobody is tracked. */
  pidPan: number;
  pidTilt: number;
}
