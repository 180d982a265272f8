/** Play: Buddy itself, and what makes it move. */
import type { JSX } from "preact";
import { EMOTIONS, PERFORM_TYPES, PHYSICAL_NAMES } from "../../wire/verbs.js";
import { FaceIcon } from "../ui/face-icon.js";
import { useNews } from "../ui/hooks.js";
import type { IconName } from "../ui/icons.js";
import { whyDisabled } from "../ui/words.js";
import { CommandButton, type ControlProps } from "./controls.js";
import { FollowSwitch } from "./follow-switch.js";
import { LookPad } from "./look-pad.js";
import { OwnLine, Replies } from "./replies-view.js";
import { StageView } from "./stage-view.js";
import "./play.css";

const TURNS: ReadonlyArray<{ line: string; label: string; icon: IconName; place: string }> = [
  { line: "ATTENTION:up", label: "Look up", icon: "up", place: "up" },
  { line: "ATTENTION:right", label: "Look to its right", icon: "left", place: "west" },
  { line: "ATTENTION:center", label: "Look ahead", icon: "center", place: "middle" },
  { line: "ATTENTION:left", label: "Look to its left", icon: "right", place: "east" },
  { line: "ATTENTION:down", label: "Look down", icon: "down", place: "down" },
];

const GESTURES: ReadonlyArray<[string, string]> = [
  ["NOD:2", "Nod"],
  ["SHAKE:2", "Shake its head"],
  ["ACKNOWLEDGE", "Acknowledge"],
  ["CELEBRATE", "Celebrate"],
  ["LISTENING", "Listen"],
  ["PERFORM:lean_forward", "Lean forward"],
];

const LOOPS: ReadonlyArray<[string, string]> = [
  ["THINKING", "Think"],
  ["STOP_THINKING", "End thinking"],
  ["SPEAKING", "Speak"],
  ["STOP_SPEAKING", "End speaking"],
];

const OTHERS: ReadonlyArray<[string, string]> = [
  ["PRESENCE", "I am here"],
  ["IDLE", "Rest"],
  ["RESET_PID", "Reset tracking"],
];

const capital = (word: string): string => {
  const text = word.replace(/_/g, " ");
  return text.charAt(0).toUpperCase() + text.slice(1);
};

export function PlayView({ connection, log }: ControlProps): JSX.Element {
  useNews(connection);
  const why = whyDisabled(connection.view);
  const buttons = (all: ReadonlyArray<readonly [string, string]>): JSX.Element => (
    <div class="buttons">
      {all.map(([line, label]) => (
        <CommandButton key={line} connection={connection} log={log} line={line} label={label} />
      ))}
    </div>
  );
  return (
    <div class="play-view">
      <h1 tabIndex={-1}>Play with Buddy</h1>
      <StageView connection={connection} />
      <section class="card controls" aria-label="What makes it move">
        {why !== undefined && (
          <p class="why" role="status">
            {why}
          </p>
        )}
        <FollowSwitch connection={connection} log={log} />
        <fieldset>
          <legend>Gestures</legend>
          <div class="buttons is-even">
            {GESTURES.map(([line, label]) => (
              <CommandButton
                key={line}
                connection={connection}
                log={log}
                line={line}
                label={label}
              />
            ))}
          </div>
        </fieldset>
        <fieldset>
          <legend>Faces</legend>
          <div class="faces">
            {EMOTIONS.map((emotion) => (
              <CommandButton
                key={emotion}
                connection={connection}
                log={log}
                line={`EXPRESS:${emotion}`}
                label={capital(emotion)}
                class="face"
              >
                <FaceIcon emotion={emotion} />
              </CommandButton>
            ))}
          </div>
        </fieldset>
        <fieldset>
          <legend>Look</legend>
          <LookPad connection={connection} log={log} isDisabled={why !== undefined}>
            {TURNS.map(({ line, label, icon, place }) => (
              <CommandButton
                key={line}
                connection={connection}
                log={log}
                line={line}
                label={label}
                icon={icon}
                isIconOnly
                class={`turn-${place}`}
              />
            ))}
          </LookPad>
        </fieldset>
        <details class="more" data-testid="more">
          <summary>More</summary>
          <fieldset>
            <legend>Performances</legend>
            {buttons(
              PERFORM_TYPES.filter((type) => type !== "lean_forward").map((type) => [
                `PERFORM:${type}`,
                capital(type),
              ]),
            )}
          </fieldset>
          <fieldset>
            <legend>Small moves</legend>
            {buttons(PHYSICAL_NAMES.map((name) => [`PHYSICAL:${name}`, capital(name)]))}
          </fieldset>
          <fieldset>
            <legend>Until it is ended</legend>
            {buttons(LOOPS)}
          </fieldset>
          <fieldset>
            <legend>Other</legend>
            {buttons(OTHERS)}
            <OwnLine connection={connection} log={log} />
          </fieldset>
          <Replies log={log} />
        </details>
      </section>
    </div>
  );
}
