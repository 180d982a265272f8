/** Play: Buddy itself, and what makes it move. */
import { t } from "../language/language.js";
import type { JSX } from "preact";
import { EMOTIONS, PERFORM_TYPES, PHYSICAL_NAMES } from "../../wire/verbs.js";
import { FaceIcon } from "../ui/face-icon.js";
import { useNews } from "../ui/hooks.js";
import { whyDisabled } from "../ui/words.js";
import { CommandButton, type ControlProps } from "./controls.js";
import { FollowSwitch } from "./follow-switch.js";
import { LookPad } from "./look-pad.js";
import { OwnLine, Replies } from "./replies-view.js";
import { StageView } from "./stage-view.js";
import "./play.css";

const TURNS = [
  { line: "ATTENTION:up", label: "up", icon: "up", place: "up" },
  { line: "ATTENTION:right", label: "itsRight", icon: "left", place: "west" },
  { line: "ATTENTION:center", label: "ahead", icon: "center", place: "middle" },
  { line: "ATTENTION:left", label: "itsLeft", icon: "right", place: "east" },
  { line: "ATTENTION:down", label: "down", icon: "down", place: "down" },
] as const;

const GESTURES = [
  "NOD:2",
  "SHAKE:2",
  "ACKNOWLEDGE",
  "CELEBRATE",
  "LISTENING",
  "PERFORM:lean_forward",
] as const;
const LOOPS = ["THINKING", "STOP_THINKING", "SPEAKING", "STOP_SPEAKING"] as const;
const OTHERS = ["PRESENCE", "IDLE", "RESET_PID"] as const;

export function PlayView({ connection, log }: ControlProps): JSX.Element {
  useNews(connection);
  const why = whyDisabled(connection.view);
  const buttons = (lines: readonly (keyof typeof t.play.lines)[], look = ""): JSX.Element => (
    <div class={`buttons ${look}`}>
      {lines.map((line) => (
        <CommandButton
          key={line}
          connection={connection}
          log={log}
          line={line}
          label={t.play.lines[line]}
        />
      ))}
    </div>
  );
  return (
    <div class="play-view">
      <h1 tabIndex={-1}>{t.play.title}</h1>
      <StageView connection={connection} />
      <section class="card controls" aria-label={t.play.controls}>
        {why !== undefined && (
          <p class="why" role="status">
            {why}
          </p>
        )}
        <FollowSwitch connection={connection} log={log} />
        <fieldset>
          <legend>{t.play.gestures}</legend>
          {buttons(GESTURES, "is-even")}
        </fieldset>
        <fieldset>
          <legend>{t.play.moods}</legend>
          <div class="faces">
            {EMOTIONS.map((emotion) => (
              <CommandButton
                key={emotion}
                connection={connection}
                log={log}
                line={`EXPRESS:${emotion}`}
                label={t.play.lines[`EXPRESS:${emotion}`]}
                class="face"
              >
                <FaceIcon emotion={emotion} />
              </CommandButton>
            ))}
          </div>
        </fieldset>
        <fieldset>
          <legend>{t.play.look}</legend>
          <LookPad connection={connection} log={log} isDisabled={why !== undefined}>
            {TURNS.map(({ line, label, icon, place }) => (
              <CommandButton
                key={line}
                connection={connection}
                log={log}
                line={line}
                label={t.play[label]}
                icon={icon}
                isIconOnly
                class={`turn-${place}`}
              />
            ))}
          </LookPad>
        </fieldset>
        <details class="more" data-testid="more">
          <summary>{t.play.more}</summary>
          <fieldset>
            <legend>{t.play.performances}</legend>
            {buttons(
              PERFORM_TYPES.filter((type) => type !== "lean_forward").map(
                (type) => `PERFORM:${type}` as const,
              ),
            )}
          </fieldset>
          <fieldset>
            <legend>{t.play.smallMoves}</legend>
            {buttons(PHYSICAL_NAMES.map((name) => `PHYSICAL:${name}` as const))}
          </fieldset>
          <fieldset>
            <legend>{t.play.loops}</legend>
            {buttons(LOOPS)}
          </fieldset>
          <fieldset>
            <legend>{t.play.others}</legend>
            {buttons(OTHERS)}
            <OwnLine connection={connection} log={log} />
          </fieldset>
          <Replies log={log} />
        </details>
      </section>
    </div>
  );
}
