/** What the page says: the robot's own words turned into sentences for people. */
import { fill, t, wordFor } from "../language/language.js";
import type { BuddyState } from "../../state/buddy-state.js";
import type { LiveView } from "../live/live-view.js";
import type { Outcome } from "../live/pending-commands.js";

export { age, duration, timeOfDay } from "./time-words.js";

/** A short sentence for the outcome of a command. */
export function explain(outcome: Outcome): string {
  if (outcome.kind === "failed") return outcome.message;
  if (outcome.kind === "refused") {
    const { reason } = outcome;
    const why = wordFor(t.commands.refusals, reason);
    return why === reason
      ? fill(t.commands.refused, { reason })
      : fill(t.commands.because, { reason, why });
  }
  const keys = Object.keys(outcome.reply);
  return keys.length === 1 && outcome.reply["ok"] === true
    ? t.commands.done
    : JSON.stringify(outcome.reply);
}

/** Why the robot cannot be made to move now, or undefined when it can. */
export function whyDisabled(view: LiveView): string | undefined {
  const why = whyUnreached(view);
  if (why !== undefined || view.state?.robot.safeMode !== true) return why;
  return t.commands.safeMode;
}

/** Why the robot cannot be told anything now, or undefined when it can. */
export function whyUnreached(view: LiveView): string | undefined {
  if (view.isStarting) return t.commands.connecting;
  if (!view.isConnected) return t.commands.unconnected;
  if (view.state && !view.state.robot.linked) {
    return t.commands.unlinked;
  }
  return undefined;
}

/** A behaviour's name in words. */
export function behaviour(name: string): string {
  return wordFor(t.behaviours, name);
}

/** What the robot does and how it feels, in a few words. */
export function doing({ robot, vision }: BuddyState): string {
  if (!robot.linked) return t.mood.unlinked;
  const mood = wordFor(t.emotion.words, robot.emotion);
  if (robot.tracking) {
    return fill(t.mood.following, { name: vision.face?.name ?? t.mood.aFace, mood });
  }
  if (robot.animating) return fill(t.mood.moving, { mood });
  return fill(t.mood.doing, { act: behaviour(robot.behavior), mood });
}
