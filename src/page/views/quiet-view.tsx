/** Buddy's quiet: until when it says nothing aloud, and the switch. */
import { fill, languageNow, t } from "../language/language.js";
import type { JSX } from "preact";
import { useState } from "preact/hooks";
import { send } from "../live/chat.js";
import { Icon } from "../ui/icons.js";

const PATH = "/api/mind/settings";
const HOUR_MS = 3_600_000;

interface QuietProps {
  /** Unix ms; undefined while it may speak. */
  readonly untilMs: number | undefined;
  readonly isDisabled: boolean;
}

export function QuietView({ untilMs, isDisabled }: QuietProps): JSX.Element {
  const [trouble, setTrouble] = useState("");
  const set = async (quietUntilMs: number | null): Promise<void> => {
    setTrouble(await send(PATH, { method: "PUT", body: JSON.stringify({ quietUntilMs }) }));
  };
  const isQuiet = untilMs !== undefined && Date.now() < untilMs;
  return (
    <div class="quiet" data-testid="quiet">
      {isQuiet && (
        <p class="voice-state level-off" role="status">
          <Icon name="off" />
          <span>{fill(t.quiet.until, { time: clock(untilMs) })}</span>
        </p>
      )}
      <button
        type="button"
        disabled={isDisabled}
        aria-pressed={isQuiet}
        onClick={() => void set(isQuiet ? null : Date.now() + HOUR_MS)}
      >
        {isQuiet ? t.quiet.end : t.quiet.start}
      </button>
      {trouble !== "" && (
        <p class="level-bad" role="alert">
          {trouble}
        </p>
      )}
    </div>
  );
}

function clock(wallMs: number): string {
  return new Date(wallMs).toLocaleTimeString(languageNow(), { hour: "2-digit", minute: "2-digit" });
}
