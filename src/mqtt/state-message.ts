/** The state as Home Assistant reads it. Pure. */
import type { BuddyState } from "../state/buddy-state.js";
import type { MindSettingsView } from "../state/mind-state.js";

type Switch = "ON" | "OFF";

export interface StateMessage {
  readonly linked: Switch;
  /** The robot is linked and does not rest. */
  readonly awake: Switch;
  readonly tracking: Switch;
  readonly somebody: Switch;
  /** Buddy does not begin to talk by itself. */
  readonly quiet: Switch;
  /** Percent. */
  readonly volume: number;
  /** The robot's word, in small letters; "unknown" while it is away: what it felt then is not what it feels. */
  readonly mood: string;
  /** Percent; null, which Home Assistant shows as unknown, while the robot is away. */
  readonly energy: number | null;
  readonly social: number | null;
  readonly stimulation: number | null;
  readonly novelty: number | null;
  readonly safety: number | null;
}

export function stateMessage(
  { robot, vision }: BuddyState,
  { speaksUp, volume }: Pick<MindSettingsView, "speaksUp" | "volume">,
): StateMessage {
  const isKnown = robot.linked && robot.queryAgeMs !== undefined;
  const percent = (share: number): number | null =>
    isKnown ? Math.round(100 * Math.min(1, Math.max(0, share))) : null;
  return {
    linked: onOff(robot.linked),
    awake: onOff(robot.linked && robot.stage !== "resting"),
    tracking: onOff(isKnown && robot.tracking),
    somebody: onOff(vision.state === "running" && vision.faces > 0),
    quiet: onOff(!speaksUp),
    volume,
    mood: isKnown ? robot.emotion.toLowerCase() : "unknown",
    energy: percent(robot.energy),
    social: percent(robot.social),
    stimulation: percent(robot.stimulation),
    novelty: percent(robot.novelty),
    safety: percent(robot.safety),
  };
}

function onOff(is: boolean): Switch {
  return is ? "ON" : "OFF";
}
