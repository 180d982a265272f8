/** The newest log lines of the companion. Everything in them is shown as text. */
import { t } from "../language/language.js";
import type { JSX } from "preact";
import { useMemo, useState } from "preact/hooks";
import type { LogLine } from "../../state/feeds.js";
import type { Connection } from "../live/connection.js";
import { timeOfDay } from "../ui/words.js";

export function LogView({ connection }: { connection: Connection }): JSX.Element {
  const [isTroubleOnly, setTroubleOnly] = useState(false);
  const [search, setSearch] = useState("");
  const { logs } = connection;
  // The robot's state changes twenty times a second, its log seldom.
  const lines = useMemo(
    () => <Lines logs={logs} isTroubleOnly={isTroubleOnly} search={search} />,
    // The words of the page too, once it speaks another language.
    [logs, isTroubleOnly, search, t],
  );
  return (
    <section class="card log" aria-labelledby="log-title">
      <div class="log-head">
        <h2 id="log-title">{t.log.title}</h2>
        <input
          type="search"
          placeholder={t.log.search}
          aria-label={t.log.searchLabel}
          value={search}
          onInput={(event) => setSearch(event.currentTarget.value)}
        />
        <label>
          <input
            type="checkbox"
            checked={isTroubleOnly}
            onChange={(event) => setTroubleOnly(event.currentTarget.checked)}
          />
          {t.log.troubleOnly}
        </label>
      </div>
      {lines}
    </section>
  );
}

interface LinesProps {
  readonly logs: readonly LogLine[];
  readonly isTroubleOnly: boolean;
  readonly search: string;
}

function Lines({ logs, isTroubleOnly, search }: LinesProps): JSX.Element {
  const wanted = search.trim().toLowerCase();
  const lines = logs.filter(
    ({ level, part, message }) =>
      (!isTroubleOnly || level === "warn" || level === "error") &&
      `${level} ${part} ${message}`.toLowerCase().includes(wanted),
  );
  return (
    <ol tabIndex={0} aria-label={t.log.list}>
      {lines.length === 0 && <li class="dim">{t.log.nothing}</li>}
      {lines.reverse().map((line) => (
        <li key={`${line.wallMs} ${line.part} ${line.message}`} class={`log-${line.level}`}>
          <time>{timeOfDay(line.wallMs)}</time>
          <b>{line.level}</b>
          <em>{line.part}</em>
          <span>{line.message}</span>
        </li>
      ))}
    </ol>
  );
}
