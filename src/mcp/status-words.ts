/**
 * The state in plain sentences, for models and people.
 */
import type { BuddyState } from "../state/buddy-state.js";

export function side(deg: number, plus: string, minus: string): string {
  if (Math.round(deg) === 0) return plus === "left" ? "straight ahead" : "level";
  return `${Math.abs(Math.round(deg))}° ${deg > 0 ? plus : minus}`;
}

/** The state for a person or a model: first whether all is well, then what is not, each with its next step. */
export function statusWords(state: BuddyState): string {
  const { robot, vision, health } = state;
  const lines = [health.text];
  for (const part of health.parts) {
    if (part.level === "ok" || part.level === "off") continue;
    lines.push(`${part.title} (${part.level}): ${part.text} ${part.next}`.trim());
  }
  if (robot.linked) {
    const gaze = robot.tracking ? "follows a face" : "follows nobody";
    lines.push(`The robot is ${robot.emotion.toLowerCase()} and ${gaze}.`);
  }
  lines.push(`Camera: ${vision.camera.text} Faces in view: ${vision.faces}.`);
  lines.push(`Up for ${state.uptimeS} s, version ${state.version}.`);
  return lines.join("\n");
}
