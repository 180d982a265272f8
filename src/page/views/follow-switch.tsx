/** Whether Buddy follows faces or keeps still, as a choice of two, and what that means now. */
import { t } from "../language/language.js";
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
      <legend>{t.play.faces}</legend>
      <div class="choice-of-two">
        <CommandButton
          connection={connection}
          log={log}
          line="HOLD:0"
          label={t.play.follow}
          isPressed={!isHeld}
        />
        <CommandButton
          connection={connection}
          log={log}
          line={HOLD_LINE}
          label={t.play.still}
          isPressed={isHeld}
        />
      </div>
      <p class="dim follow-words" data-testid="follow">
        {isHeld ? t.play.held : isTracking ? t.play.tracking : t.play.waits}
      </p>
    </fieldset>
  );
}
