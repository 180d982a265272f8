/** Whether Buddy follows faces or keeps still, as a choice of two, and what that means now. */
import type { JSX } from "preact";
import { useNews } from "../ui/hooks.js";
import { CommandButton, type ControlProps } from "./controls.js";

/** The longest that the robot holds still at one asking (PROTOCOL §2.3). */
const HOLD_LINE = "HOLD:3600";

export function FollowSwitch({ connection, log }: ControlProps): JSX.Element {
  useNews(log);
  const { isHeld } = log;
  const isTracking = connection.view.state?.robot.tracking === true;
  return (
    <fieldset class="follow">
      <legend>Faces it sees</legend>
      <div class="choice-of-two">
        <CommandButton
          connection={connection}
          log={log}
          line="HOLD:0"
          label="Follow them"
          isPressed={!isHeld}
        />
        <CommandButton
          connection={connection}
          log={log}
          line={HOLD_LINE}
          label="Keep still"
          isPressed={isHeld}
        />
      </div>
      <p class="dim follow-words" data-testid="follow">
        {isHeld
          ? "I keep still, for an hour or until you move me."
          : isTracking
            ? "I keep my eyes on you. What you press comes first; then I look at you again."
            : "I look at whoever comes."}
      </p>
    </fieldset>
  );
}
