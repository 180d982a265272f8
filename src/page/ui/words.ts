/** What the page says: the robot's own words turned into sentences for people. */
import type { BuddyState } from "../../state/buddy-state.js";
import type { LiveView } from "../live/live-view.js";
import type { Outcome } from "../live/pending-commands.js";

export { age, duration, timeOfDay } from "./time-words.js";

const REFUSALS: Readonly<Record<string, string>> = {
  tracking_active: "it is following a face; that comes first",
  not_initialized: "its servos are not ready yet",
  animating: "another movement is still running",
  parse_error: "it did not understand the numbers",
  unknown_command: "it does not know this command",
  unknown_emotion: "it does not know this emotion",
  unknown_direction: "it does not know this direction",
  unknown_need: "it does not know this need",
  unknown_perform: "it does not know this move",
  unknown_physical: "it does not know this move",
};

/** A short sentence for the outcome of a command. */
export function explain(outcome: Outcome): string {
  if (outcome.kind === "failed") return outcome.message;
  if (outcome.kind === "refused") {
    const why = REFUSALS[outcome.reason];
    return why === undefined ? `refused: ${outcome.reason}` : `${outcome.reason}: ${why}`;
  }
  const keys = Object.keys(outcome.reply);
  return keys.length === 1 && outcome.reply["ok"] === true ? "done" : JSON.stringify(outcome.reply);
}

/** Why the robot cannot be made to move now, or undefined when it can. */
export function whyDisabled(view: LiveView): string | undefined {
  const why = whyUnreached(view);
  if (why !== undefined || view.state?.robot.safeMode !== true) return why;
  return "It started three times and did not stay up. It moves again after a good minute.";
}

/** Why the robot cannot be told anything now, or undefined when it can. */
export function whyUnreached(view: LiveView): string | undefined {
  if (view.isStarting) return "Connecting to Buddy…";
  if (!view.isConnected)
    return "Not connected to Buddy: the controls come back with the connection.";
  if (view.state && !view.state.robot.linked) {
    return "The robot is not linked. Health says what to do.";
  }
  return undefined;
}

const BEHAVIORS: Readonly<Record<string, string>> = {
  IDLE: "Idle",
  EXPLORE: "Looking around",
  INVESTIGATE: "Looking at something new",
  SOCIAL_ENGAGE: "Seeking company",
  RETREAT: "Keeping away",
  REST: "Resting",
  PLAY: "Playing",
  VIGILANT: "Watchful",
};

/** A behaviour's name in words. */
export function behaviour(name: string): string {
  return BEHAVIORS[name] ?? name;
}

/** What the robot does and how it feels, in a few words. */
export function doing({ robot, vision }: BuddyState): string {
  if (!robot.linked) return "Not linked";
  const mood = robot.emotion.toLowerCase();
  if (robot.tracking) {
    const name = vision.face?.name;
    return `Following ${name === undefined ? "a face" : name}, ${mood}`;
  }
  if (robot.animating) return `Moving, ${mood}`;
  return `${behaviour(robot.behavior)}, ${mood}`;
}
