/**
 * The state object of QUERY and of STATE lines (`buddy-protocol` §2.5): one line, two decimals, no nulls, always
 * below 1 KiB. Order and names are frozen; the last group is ours.
 */
import { clamp } from "../../src/wire/clamp.js";
import { BASE_DEG_MAX, BASE_DEG_MIN, NOD_DEG_MAX, NOD_DEG_MIN } from "../../src/wire/limits.js";
import { TILT_DEG_MAX, TILT_DEG_MIN } from "../../src/wire/limits.js";
import { pairs, wholePair } from "../runtime/text.js";
import type { CharacterView, RobotView } from "./views.js";

const MOOD = "arousal|valence|emotion|behavior|";
const NEED = "stimulation|social|energy|safety|";
const INNER = "epistemic|tension|wondering|selfAwareness|speechUrge|wantsToSpeak|";
const LEVEL = "dominance|novelty|";
const SPEECH = "speechTrigger|hasVisionTarget|";
const GAZE = "trackingError|pidPan|pidTilt|";

function clampedPair(name: string, deg: number, min: number, max: number): string {
  return wholePair(name, clamp(deg, min, max));
}

/** The state object. `invalidUdp`: malformed datagrams since boot. */
export function queryReply(robot: RobotView, mind: CharacterView, invalidUdp: number): string {
  const body = robot.statusNow();
  let text = pairs(mind, MOOD) + pairs(mind, NEED) + `,"tracking":${body.isTracking}`;
  text += clampedPair("servoBase", body.pose.pan, BASE_DEG_MIN, BASE_DEG_MAX);
  text += clampedPair("servoNod", body.pose.nod, NOD_DEG_MIN, NOD_DEG_MAX);
  text += clampedPair("servoTilt", body.pose.tilt, TILT_DEG_MIN, TILT_DEG_MAX);
  text += pairs(mind, INNER) + pairs(mind, LEVEL) + `,"animating":${body.isAnimating}`;
  text += pairs(mind, SPEECH) + wholePair("visionAge", mind.visionAge) + pairs(body, GAZE);
  text += `,"fw":"${robot.firmwareVersion()}"` + wholePair("uptime", robot.uptimeS());
  return "{" + text.slice(1) + wholePair("invalidUdp", invalidUdp) + "}";
}
