/**
 * The processes in the health view: their lines, restarts and the button.
 */
import type { JSX } from "preact";
import type { HealthDetails, ProcessDetails } from "../../state/health.js";
import { Icon } from "../ui/icons.js";
import { AT_REST } from "../ui/parts.js";
import { timeOfDay } from "../ui/words.js";
import { ago } from "../ui/time-words.js";

const PHASES: Readonly<Record<string, readonly [level: "ok" | "busy" | "bad" | "off", string]>> = {
  stopped: ["off", "is stopped"],
  waiting: ["busy", "waits for what it needs"],
  starting: ["busy", "is starting"],
  running: ["ok", "runs"],
  hung: ["bad", "hangs"],
  stopping: ["busy", "is stopping"],
  backoff: ["bad", "died and waits for its restart"],
  ended: ["off", "has ended"],
  givenUp: ["bad", "was given up"],
};

export function Processes(props: {
  details: HealthDetails;
  onRestart: (part: string) => Promise<void>;
}): JSX.Element {
  const { processes, changes, wallMs } = props.details;
  return (
    <div data-testid="processes">
      <h3>Processes</h3>
      <ul class="health-list">
        {processes.map((one) => (
          <ProcessItem key={one.name} one={one} wallMs={wallMs} onRestart={props.onRestart} />
        ))}
      </ul>
      {changes.length > 0 && (
        <details>
          <summary>What happened to them</summary>
          <ul class="health-rows">
            {changes.map((change) => (
              <li key={`${change.wallMs} ${change.title} ${change.to}`}>
                <time>{timeOfDay(change.wallMs)}</time>
                <span>
                  <b>{change.title}</b> {PHASES[change.to]?.[1] ?? change.to}: {change.why}
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
  const [level, words] = PHASES[one.phase] ?? (["busy", one.phase] as const);
  const restarts =
    one.restarts === 0 ? "no restart" : `${one.restarts} of ${one.restartsMax} allowed restarts`;
  return (
    <li data-process={one.name} class={`level-${level}`}>
      <Icon name={level} />
      <p>
        <strong>{one.title}</strong> {words}{" "}
        <span class="dim">
          for {ago(wallMs, one.sinceWallMs)}, {restarts} in 10 min
          {one.rssBytes > 0 && `, ${costOf(one)}`}
        </span>
        {AT_REST.has(one.phase) && (
          <button type="button" onClick={() => void props.onRestart(one.name)}>
            Start it again
          </button>
        )}
      </p>
    </li>
  );
}

/** Memory and processor in words, and whether it grows. */
function costOf({ rssBytes, load }: ProcessDetails): string {
  const mb = (bytes: number): string => `${Math.round(bytes / 1e6)} MB`;
  if (load === undefined) return mb(rssBytes);
  const { cpuShare, pssBytes, grown } = load;
  const share = cpuShare === undefined ? "" : `, ${Math.round(100 * cpuShare)} % of a core`;
  return `${mb(pssBytes)}${grown ? `, growing from ${mb(grown.fromBytes)}` : ""}${share}`;
}
