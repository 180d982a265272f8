/**
 * Which trouble is only the shadow of another. A camera cannot be seen without its process, and no picture comes without a
 * camera: a person who mends the first has mended all. Pure.
 */
import type { HealthLevel } from "../state/health.js";

/** Health source → sources of which it may be a shadow, nearest first. */
const SHADOW_OF: Readonly<Record<string, readonly string[]>> = {
  camera: ["process-vision", "process-camera"],
  pictures: ["camera", "process-vision"],
  link: ["process-gateway", "process-robot", "robot"],
  robot: ["process-gateway", "process-robot", "wifi"],
  wifi: ["process-robot"],
  chip: ["process-robot"],
  speech: ["process-voice"],
};

/** Trouble that is at least as bad may be the reason of another; what is only on its way is none. */
const WEIGHT: Readonly<Record<HealthLevel, number>> = { ok: 0, off: 0, busy: 0, warn: 1, bad: 2 };

/**
 * @param levels of all sources
 * @returns the source whose trouble explains this one's, its own id when that is its own
 */
export function causeOf(id: string, levels: ReadonlyMap<string, HealthLevel>): string {
  const weight = (one: string): number => WEIGHT[levels.get(one) ?? "ok"];
  const reason = SHADOW_OF[id]?.find((one) => weight(one) > 0 && weight(one) >= weight(id));
  return reason === undefined ? id : causeOf(reason, levels);
}
