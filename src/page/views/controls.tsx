/** The controls. Each sends one line to the robot and shows how it went; all but STOP are off while they cannot work. */
import type { JSX } from "preact";
import { useEffect, useState } from "preact/hooks";
import { isStopLine } from "../../robot/stop-lines.js";
import { EMOTIONS, PERFORM_TYPES, PHYSICAL_NAMES } from "../../wire/verbs.js";
import type { CommandLog } from "../live/command-log.js";
import type { Connection } from "../live/connection.js";
import { useKeptFocus, useNews } from "../ui/hooks.js";
import { Icon, type IconName } from "../ui/icons.js";
import { LookPad } from "./look-pad.js";
import type { Outcome } from "../live/pending-commands.js";
import { explain, whyDisabled } from "../ui/words.js";

/** How long a button shows how its command went. */
const SHOWN_MS = 2500;
const TOAST_MS = 5000;

export interface ControlProps {
  readonly connection: Connection;
  readonly log: CommandLog;
}

type Status = "idle" | "pending" | Outcome["kind"];

interface ButtonProps extends ControlProps {
  readonly line: string;
  readonly label: string;
  readonly icon?: IconName;
  readonly isIconOnly?: boolean;
  readonly class?: string;
}

export function CommandButton(props: ButtonProps): JSX.Element {
  const [status, setStatus] = useState<Status>("idle");
  const [shown, setShown] = useState(0);
  const run = async (): Promise<void> => {
    clearTimeout(shown);
    setStatus("pending");
    const outcome = await props.log.run(props.line);
    setStatus(outcome.kind);
    setShown(window.setTimeout(() => setStatus("idle"), SHOWN_MS));
  };
  // A page that hears nothing may still be heard.
  const why = isStopLine(props.line) ? undefined : whyDisabled(props.connection.view);
  const isPending = status === "pending";
  const button = useKeptFocus<HTMLButtonElement>(why !== undefined);
  return (
    <button
      ref={button}
      type="button"
      class={`command ${props.class ?? ""} is-${status} ${props.isIconOnly ? "is-icon" : ""}`}
      data-line={props.line}
      data-status={status}
      disabled={why !== undefined}
      // Not disabled while it waits: that would take the focus from whoever presses it again and again.
      aria-disabled={isPending}
      title={why ?? props.line}
      aria-label={props.isIconOnly ? props.label : undefined}
      onClick={() => {
        if (!isPending || isStopLine(props.line)) void run();
      }}
    >
      {props.icon && <Icon name={props.icon} />}
      {!props.isIconOnly && <span>{props.label}</span>}
    </button>
  );
}

const TURNS: ReadonlyArray<{ line: string; label: string; icon: IconName; place: string }> = [
  { line: "ATTENTION:up", label: "Up", icon: "up", place: "up" },
  { line: "ATTENTION:right", label: "Its right", icon: "left", place: "west" },
  { line: "ATTENTION:center", label: "Ahead", icon: "center", place: "middle" },
  { line: "ATTENTION:left", label: "Its left", icon: "right", place: "east" },
  { line: "ATTENTION:down", label: "Down", icon: "down", place: "down" },
];

const GESTURES: ReadonlyArray<[string, string]> = [
  ["NOD:2", "Nod"],
  ["SHAKE:2", "Shake"],
  ["ACKNOWLEDGE", "Acknowledge"],
  ["CELEBRATE", "Celebrate"],
  ["LISTENING", "Listen"],
];

const LOOPS: ReadonlyArray<[string, string]> = [
  ["THINKING", "Think"],
  ["STOP_THINKING", "End thinking"],
  ["SPEAKING", "Speak"],
  ["STOP_SPEAKING", "End speaking"],
];

const capital = (word: string): string => {
  const text = word.replace(/_/g, " ");
  return text.charAt(0).toUpperCase() + text.slice(1);
};

export function Controls({ connection, log }: ControlProps): JSX.Element {
  const why = whyDisabled(connection.view);
  const button = (line: string, label: string): JSX.Element => (
    <CommandButton key={line} connection={connection} log={log} line={line} label={label} />
  );
  return (
    <section class="card controls" aria-labelledby="controls-title">
      <h2 id="controls-title">Move it</h2>
      {why !== undefined && (
        <p class="why" role="status">
          {why}
        </p>
      )}
      <div class="control-columns">
        <fieldset>
          <legend>Look</legend>
          <LookPad connection={connection} log={log} isDisabled={why !== undefined} />
        </fieldset>
        <fieldset>
          <legend>Turn to</legend>
          <div class="turns">
            {TURNS.map(({ line, label, icon, place }) => (
              <CommandButton
                key={line}
                connection={connection}
                log={log}
                line={line}
                label={label}
                icon={icon}
                class={`turn-${place}`}
              />
            ))}
          </div>
        </fieldset>
        <fieldset>
          <legend>Gestures</legend>
          <div class="buttons">{GESTURES.map(([line, label]) => button(line, label))}</div>
        </fieldset>
        <fieldset>
          <legend>Animations</legend>
          <div class="buttons">{LOOPS.map(([line, label]) => button(line, label))}</div>
        </fieldset>
        <fieldset>
          <legend>Express</legend>
          <div class="buttons">{EMOTIONS.map((e) => button(`EXPRESS:${e}`, capital(e)))}</div>
        </fieldset>
        <fieldset>
          <legend>Small moves</legend>
          <div class="buttons">
            {PHYSICAL_NAMES.map((name) => button(`PHYSICAL:${name}`, capital(name)))}
          </div>
        </fieldset>
        <fieldset>
          <legend>Performance</legend>
          <div class="buttons">
            {PERFORM_TYPES.map((type) => button(`PERFORM:${type}`, capital(type)))}
          </div>
        </fieldset>
        <fieldset>
          <legend>Other</legend>
          <div class="buttons">
            {button("PRESENCE", "I am here")}
            {button("IDLE", "Rest")}
            {button("RESET_PID", "Reset tracking")}
          </div>
          <OwnLine connection={connection} log={log} />
        </fieldset>
      </div>
      <Replies log={log} />
    </section>
  );
}

/** Any command, for people who know the protocol. */
function OwnLine({ connection, log }: ControlProps): JSX.Element {
  const [line, setLine] = useState("");
  const isDisabled = whyDisabled(connection.view) !== undefined;
  return (
    <form
      class="own-line"
      onSubmit={(event) => {
        event.preventDefault();
        if (line.trim() !== "" && !isDisabled) void log.run(line.trim());
      }}
    >
      <label>
        <span>Any command</span>
        <input
          value={line}
          maxLength={2000}
          placeholder="QUERY"
          spellcheck={false}
          autocomplete="off"
          onInput={(event) => setLine(event.currentTarget.value)}
        />
      </label>
      <button type="submit" disabled={isDisabled || line.trim() === ""}>
        Send
      </button>
    </form>
  );
}

const OUTCOME_LEVEL = { ok: "ok", refused: "warn", failed: "bad" } as const;

function Replies({ log }: { log: CommandLog }): JSX.Element {
  useNews(log);
  return (
    <div class="replies">
      <h3>What it answered</h3>
      {log.entries.length === 0 && <p class="dim">Nothing was sent yet.</p>}
      <p class="unseen" role="status" data-testid="reply-news">
        {newsOf(log)}
      </p>
      <ol>
        {log.entries.map(({ id, line, outcome, tookMs }) => (
          <li key={id} class={`level-${outcome ? OUTCOME_LEVEL[outcome.kind] : "busy"}`}>
            <Icon name={outcome ? OUTCOME_LEVEL[outcome.kind] : "busy"} />
            <code>{line}</code>
            <span>{outcome ? explain(outcome) : "waiting for the robot"}</span>
            {tookMs !== undefined && outcome?.kind !== "failed" && (
              <span class="dim">{Math.round(tookMs)} ms</span>
            )}
          </li>
        ))}
      </ol>
    </div>
  );
}

/** For screen readers: how the newest command went. A drag that works says nothing, ten times a second. */
function newsOf({ entries: [newest] }: CommandLog): string {
  const { line, outcome } = newest ?? {};
  if (line === undefined || outcome === undefined) return "";
  if (outcome.kind === "ok" && line.startsWith("LOOK:")) return "";
  return `${line}: ${explain(outcome)}`;
}

/** A refusal where the eye is, also when the list of answers is far down the page. */
export function Toast({ log }: { log: CommandLog }): JSX.Element | null {
  useNews(log);
  const [closedId, setClosedId] = useState(0);
  const newest = log.entries.find((entry) => entry.outcome !== undefined);
  const id = newest?.id ?? 0;
  useEffect(() => {
    const timer = setTimeout(() => setClosedId(id), TOAST_MS);
    return () => clearTimeout(timer);
  }, [id]);
  if (!newest?.outcome || newest.outcome.kind === "ok" || closedId === id) return null;
  const level = OUTCOME_LEVEL[newest.outcome.kind];
  return (
    <div class={`toast level-${level}`} data-testid="toast">
      <Icon name={level} />
      <span>
        <code>{newest.line}</code> {explain(newest.outcome)}
      </span>
    </div>
  );
}
