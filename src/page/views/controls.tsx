/** A button that sends one line to the robot and shows how it went; all but STOP are off while they cannot work. */
import type { ComponentChildren, JSX } from "preact";
import { useEffect, useState } from "preact/hooks";
import { isStopLine } from "../../robot/stop-lines.js";
import type { CommandLog } from "../live/command-log.js";
import type { Connection } from "../live/connection.js";
import { useKeptFocus, useNews } from "../ui/hooks.js";
import { Icon, type IconName } from "../ui/icons.js";
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
  /** Of a choice: whether this is the one that holds now. */
  readonly isPressed?: boolean;
  /** In place of an icon. */
  readonly children?: ComponentChildren;
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
      aria-pressed={props.isPressed}
      title={why ?? props.line}
      aria-label={props.isIconOnly ? props.label : undefined}
      onClick={() => {
        if (!isPending || isStopLine(props.line)) void run();
      }}
    >
      {props.icon && <Icon name={props.icon} />}
      {props.children}
      {!props.isIconOnly && <span>{props.label}</span>}
    </button>
  );
}

export const OUTCOME_LEVEL = { ok: "ok", refused: "warn", failed: "bad" } as const;

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
