/**
 * The processes in the health view: their lines, restarts and the button.
 */
import { fill, t, wordFor } from "../language/language.js";
import type { JSX } from "preact";
import type { HealthDetails, ProcessDetails } from "../../state/health.js";
import { PROCESS_LEVELS } from "../../state/process-levels.js";
import { Icon } from "../ui/icons.js";
import { AT_REST } from "../ui/parts.js";
import { timeOfDay } from "../ui/words.js";
import { ago } from "../ui/time-words.js";

export function Processes(props: {
  details: HealthDetails;
  onRestart: (part: string) => Promise<void>;
}): JSX.Element {
  const { processes, changes, wallMs } = props.details;
  return (
    <div data-testid="processes">
      <h3>{t.processes.title}</h3>
      <ul class="health-list">
        {processes.map((one) => (
          <ProcessItem key={one.name} one={one} wallMs={wallMs} onRestart={props.onRestart} />
        ))}
      </ul>
      {changes.length > 0 && (
        <details>
          <summary>{t.processes.changes}</summary>
          <ul class="health-rows">
            {changes.map((change) => (
              <li key={`${change.wallMs} ${change.title} ${change.to}`}>
                <time>{timeOfDay(change.wallMs)}</time>
                <span>
                  <b>{change.title}</b> {wordFor(t.processes.phases, change.to)}: {change.why}
                  {change.to !== "running" && <span class="next"> → {change.next}</span>}
                </span>
              </li>
            ))}
          </ul>
        </details>
      )}
    </div>
  );
}

function ProcessItem(props: {
  one: ProcessDetails;
  wallMs: number;
  onRestart: (part: string) => Promise<void>;
}): JSX.Element {
  const { one, wallMs } = props;
  const level = PROCESS_LEVELS[one.phase as keyof typeof PROCESS_LEVELS] ?? "busy";
  const restarts =
    one.restarts === 0
      ? t.processes.noRestart
      : fill(t.processes.restarts, { n: one.restarts, max: one.restartsMax });
  return (
    <li data-process={one.name} class={`level-${level}`}>
      <Icon name={level} />
      <p>
        <strong>{one.title}</strong> {wordFor(t.processes.phases, one.phase)}{" "}
        <span class="dim">
          {fill(t.processes.since, { time: ago(wallMs, one.sinceWallMs), restarts })}
          {one.rssBytes > 0 && costOf(one)}
        </span>
        {AT_REST.has(one.phase) && (
          <button type="button" onClick={() => void props.onRestart(one.name)}>
            {t.health.restart}
          </button>
        )}
      </p>
    </li>
  );
}

/** Memory and processor in words, and whether it grows. */
function costOf({ rssBytes, load }: ProcessDetails): string {
  const mb = (bytes: number): number => Math.round(bytes / 1e6);
  if (load === undefined) return fill(t.processes.memory, { n: mb(rssBytes) });
  const { cpuShare, pssBytes, grown } = load;
  const memory = fill(t.processes.memory, { n: mb(pssBytes) });
  const growth = grown ? fill(t.processes.growing, { from: mb(grown.fromBytes) }) : "";
  const share =
    cpuShare === undefined ? "" : fill(t.processes.share, { percent: Math.round(100 * cpuShare) });
  return memory + growth + share;
}
