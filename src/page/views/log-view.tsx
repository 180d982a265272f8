/** The newest log lines of the companion. Everything in them is shown as text. */
import type { JSX } from "preact";
import { useMemo, useState } from "preact/hooks";
import type { LogLine } from "../../state/feeds.js";
import type { Connection } from "../live/connection.js";
import { timeOfDay } from "../ui/words.js";

export function LogView({ connection }: { connection: Connection }): JSX.Element {
  const [isTroubleOnly, setTroubleOnly] = useState(false);
  const { logs } = connection;
  // The robot's state changes twenty times a second, its log seldom.
  const lines = useMemo(
    () => <Lines logs={logs} isTroubleOnly={isTroubleOnly} />,
    [logs, isTroubleOnly],
  );
  return (
    <section class="card log" aria-labelledby="log-title">
      <div class="log-head">
        <h2 id="log-title">What happened</h2>
        <label>
          <input
            type="checkbox"
            checked={isTroubleOnly}
            onChange={(event) => setTroubleOnly(event.currentTarget.checked)}
          />
          only trouble
        </label>
      </div>
      {lines}
    </section>
  );
}

interface LinesProps {
  readonly logs: readonly LogLine[];
  readonly isTroubleOnly: boolean;
}

function Lines({ logs, isTroubleOnly }: LinesProps): JSX.Element {
  const lines = logs.filter(({ level }) => !isTroubleOnly || level === "warn" || level === "error");
  return (
    <ol tabIndex={0} aria-label="Log, newest first">
      {lines.length === 0 && <li class="dim">Nothing to show.</li>}
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
