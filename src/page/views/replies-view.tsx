/** What the robot answered to the newest commands, and a field for any command, for people who know the protocol. */
import { t } from "../language/language.js";
import type { JSX } from "preact";
import { useState } from "preact/hooks";
import type { CommandLog } from "../live/command-log.js";
import { useNews } from "../ui/hooks.js";
import { Icon } from "../ui/icons.js";
import { age, explain, whyUnreached } from "../ui/words.js";
import { type ControlProps, OUTCOME_LEVEL } from "./controls.js";

export function OwnLine({ connection, log }: ControlProps): JSX.Element {
  const [line, setLine] = useState("");
  const isDisabled = whyUnreached(connection.view) !== undefined;
  return (
    <form
      class="own-line"
      onSubmit={(event) => {
        event.preventDefault();
        if (line.trim() !== "" && !isDisabled) void log.run(line.trim());
      }}
    >
      <label>
        <span>{t.play.anyCommand}</span>
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
        {t.play.send}
      </button>
    </form>
  );
}

export function Replies({ log }: { log: CommandLog }): JSX.Element {
  useNews(log);
  return (
    <div class="replies">
      <h2>{t.play.answers}</h2>
      {log.entries.length === 0 && <p class="dim">{t.play.nothingSent}</p>}
      <p class="unseen" role="status" data-testid="reply-news">
        {newsOf(log)}
      </p>
      <ol>
        {log.entries.map(({ id, line, outcome, tookMs }) => (
          <li key={id} class={`level-${outcome ? OUTCOME_LEVEL[outcome.kind] : "busy"}`}>
            <Icon name={outcome ? OUTCOME_LEVEL[outcome.kind] : "busy"} />
            <code>{line}</code>
            <span>{outcome ? explain(outcome) : t.commands.waits}</span>
            {tookMs !== undefined && outcome?.kind !== "failed" && (
              <span class="dim">{age(tookMs)}</span>
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
