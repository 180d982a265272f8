/**
 * The state object of QUERY and of STATE lines (PROTOCOL §2.2): one line, two decimals, no nulls, always
 * below 1 KiB. Order and names are frozen; the last group is ours.
 */
import { clamp } from "../../src/wire/clamp.js";
import { BASE_DEG_MAX, BASE_DEG_MIN, NOD_DEG_MAX, NOD_DEG_MIN } from "../../src/wire/limits.js";
import { TILT_DEG_MAX, TILT_DEG_MIN } from "../../src/wire/limits.js";
import { fixed2, whole, wholePair } from "../runtime/text.js";
import type { CharacterView, RobotView } from "./views.js";

function clampedPair(name: string, deg: number, min: number, max: number): string {
  return wholePair(name, clamp(deg, min, max));
}

/** The state object. `invalidUdp`: malformed datagrams since boot. All texts in it are our own words. */
export function queryReply(robot: RobotView, mind: CharacterView, invalidUdp: number): string {
  const body = robot.statusNow();
  const { pose } = body;
  const mood = `{"arousal":${fixed2(mind.arousal)},"valence":${fixed2(mind.valence)},"emotion":"${mind.emotion}","behavior":"${mind.behavior}"`;
  const needs = `,"stimulation":${fixed2(mind.stimulation)},"social":${fixed2(mind.social)},"energy":${fixed2(mind.energy)},"safety":${fixed2(mind.safety)}`;
  const head =
    `,"tracking":${body.isTracking}` +
    clampedPair("servoBase", pose.pan, BASE_DEG_MIN, BASE_DEG_MAX) +
    clampedPair("servoNod", pose.nod, NOD_DEG_MIN, NOD_DEG_MAX) +
    clampedPair("servoTilt", pose.tilt, TILT_DEG_MIN, TILT_DEG_MAX);
  const inner = `,"epistemic":"${mind.epistemic}","tension":${fixed2(mind.tension)},"wondering":${mind.wondering},"selfAwareness":${fixed2(mind.selfAwareness)}`;
  const speech = `,"speechUrge":${fixed2(mind.speechUrge)},"wantsToSpeak":${mind.wantsToSpeak}`;
  const level = `,"dominance":${fixed2(mind.dominance)},"novelty":${fixed2(mind.novelty)},"animating":${body.isAnimating}`;
  const seen = `,"speechTrigger":"${mind.speechTrigger}","hasVisionTarget":${mind.hasVisionTarget},"visionAge":${whole(mind.visionAge)}`;
  const gaze = `,"trackingError":${fixed2(body.trackingError)},"pidPan":${fixed2(body.pidPan)},"pidTilt":${fixed2(body.pidTilt)}`;
  const own = `,"fw":"${robot.firmwareVersion()}","uptime":${robot.uptimeS()},"invalidUdp":${invalidUdp}}`;
  return mood + needs + head + inner + speech + level + seen + gaze + own;
}
