/** What is called outside and how that went, and alerts. In words; the names that programs use stand in `/metrics`. */
import { fill, t } from "../language/language.js";
import type { JSX } from "preact";
import type { AlertDetails, BreakerDetails, HealthDetails } from "../../state/health.js";
import { Icon } from "../ui/icons.js";
import { timeOfDay } from "../ui/words.js";
import { ago } from "../ui/time-words.js";
import { told } from "../ui/told.js";

export function Alerts({ details }: { details: HealthDetails }): JSX.Element {
  const { alerts, alertLog, wallMs, backends } = details;
  /** What is a part's own trouble stands with the part. */
  const isNotAbove = ({ key }: AlertDetails): boolean =>
    !backends.some(({ id, level }) => level !== "ok" && idOf(key) === id);
  return (
    <div class="health-alerts" data-testid="alerts">
      {alerts.filter(isNotAbove).map((alert) => (
        <AlertLine key={alert.key} alert={alert} wallMs={wallMs} />
      ))}
      {alertLog.length > 0 && (
        <details>
          <summary>{fill(t.alerts.soFar, { n: alertLog.length })}</summary>
          <ul class="health-rows">
            {alertLog.map((entry) => (
              <li key={`${entry.wallMs} ${entry.key} ${entry.event}`}>
                <time>{timeOfDay(entry.wallMs)}</time>
                <span>
                  <b>{t.alerts[entry.event]}</b> {entry.text}
                </span>
              </li>
            ))}
          </ul>
        </details>
      )}
    </div>
  );
}

/** The part that an alert is of: "part vision" of `process-vision`, "breaker ollama" of `ollama`. */
function idOf(key: string): string {
  return key.replace(/^part /, "process-").replace(/^breaker /, "");
}

function AlertLine({ alert, wallMs }: { alert: AlertDetails; wallMs: number }): JSX.Element {
  const level = alert.severity === "critical" ? "bad" : "warn";
  const { plain, reason } = told(alert.text);
  return (
    <div class={`health-alert level-${level}`}>
      <Icon name={level} />
      <p>
        {/* Read out when it is raised, not each time that it is older. */}
        <strong role="status">{plain}</strong>
        {reason !== "" && <span class="dim">: {reason}</span>}{" "}
        <span class="dim">{fill(t.health.since, { time: ago(wallMs, alert.sinceWallMs) })}</span>
        {alert.next !== "" && <span class="next"> → {alert.next}</span>}
      </p>
    </div>
  );
}

const BREAKER_LEVEL = { closed: "ok", halfOpen: "busy", open: "bad", isolated: "off" } as const;

export function Calls(props: {
  details: HealthDetails;
  onReset: (breaker: string) => Promise<void>;
}): JSX.Element {
  const { breakers, wallMs } = props.details;
  return (
    <div data-testid="breakers">
      <h3>{t.calls.title}</h3>
      <ul class="health-list">
        {breakers.map((one) => (
          <BreakerItem key={one.id} one={one} wallMs={wallMs} onReset={props.onReset} />
        ))}
      </ul>
    </div>
  );
}

function BreakerItem(props: {
  one: BreakerDetails;
  wallMs: number;
  onReset: (breaker: string) => Promise<void>;
}): JSX.Element {
  const { one, wallMs } = props;
  const { state, counts, sinceWallMs, transitions } = one.breaker;
  const level = one.breaker.failuresInRow > 0 ? "warn" : BREAKER_LEVEL[state];
  const { plain, reason } = told(one.text);
  return (
    <li data-breaker={one.id} class={`level-${level}`}>
      <Icon name={level} />
      <div>
        <p>
          <strong>{one.title}</strong> {t.calls[state]}{" "}
          <span class="dim">{fill(t.calls.since, { time: ago(wallMs, sinceWallMs) })}</span>
          {state !== "closed" && (
            <button type="button" onClick={() => void props.onReset(one.id)}>
              {t.calls.useNow}
            </button>
          )}
        </p>
        {level !== "ok" && (
          <p>
            {plain}
            {reason !== "" && <span class="dim">: {reason}</span>}{" "}
            {one.next !== "" && <span class="next">→ {one.next}</span>}
          </p>
        )}
        <p class="dim">
          {fill(t.calls.counts, {
            calls: counts.calls,
            failed: counts.failures,
            rejected: counts.rejected,
          })}
        </p>
        {transitions.length > 0 && (
          <details>
            <summary>{t.calls.changes}</summary>
            <ul class="health-rows">
              {[...transitions].reverse().map((change) => (
                <li key={`${change.wallMs} ${change.to}`}>
                  <time>{timeOfDay(change.wallMs)}</time>
                  <span>
                    {t.calls[change.to]}: {change.reason}
                  </span>
                </li>
              ))}
            </ul>
          </details>
        )}
      </div>
    </li>
  );
}
