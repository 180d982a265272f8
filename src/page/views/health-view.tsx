/** What is called outside and how that went, and alerts. In words; the names that programs use stand in `/metrics`. */
import type { JSX } from "preact";
import type { AlertDetails, BreakerDetails, HealthDetails } from "../../state/health.js";
import { Icon } from "../ui/icons.js";
import { timeOfDay } from "../ui/words.js";
import { ago } from "../ui/time-words.js";

export function Alerts({ details }: { details: HealthDetails }): JSX.Element {
  const { alerts, alertLog, wallMs, backends } = details;
  /** What is a part's own trouble stands with the part. */
  const isNotAbove = ({ key }: AlertDetails): boolean =>
    !backends.some(({ id, level }) => level !== "ok" && key.replace(/^part /, "process-") === id);
  return (
    <div class="health-alerts" data-testid="alerts">
      {alerts.filter(isNotAbove).map((alert) => (
        <AlertLine key={alert.key} alert={alert} wallMs={wallMs} />
      ))}
      {alertLog.length > 0 && (
        <details>
          <summary>Alerts so far: {alertLog.length}</summary>
          <ul class="health-rows">
            {alertLog.map((entry) => (
              <li key={`${entry.wallMs} ${entry.key} ${entry.event}`}>
                <time>{timeOfDay(entry.wallMs)}</time>
                <span>
                  <b>{EVENT_WORDS[entry.event]}</b> {entry.text}
                </span>
              </li>
            ))}
          </ul>
        </details>
      )}
    </div>
  );
}

const EVENT_WORDS = { raised: "New:", worse: "Worse:", stands: "Still:", cleared: "Over:" };

function AlertLine({ alert, wallMs }: { alert: AlertDetails; wallMs: number }): JSX.Element {
  const level = alert.severity === "critical" ? "bad" : "warn";
  return (
    <div class={`health-alert level-${level}`}>
      <Icon name={level} />
      <p>
        {/* Read out when it is raised, not each time that it is older. */}
        <strong role="status">{alert.text}</strong>{" "}
        <span class="dim">For {ago(wallMs, alert.sinceWallMs)}.</span>
        {alert.next !== "" && <span class="next"> → {alert.next}</span>}
      </p>
    </div>
  );
}

const BREAKER_LEVEL = { closed: "ok", halfOpen: "busy", open: "bad", isolated: "off" } as const;
const BREAKER_WORDS = {
  closed: "is used",
  halfOpen: "is being tried again",
  open: "is left alone",
  isolated: "is switched off",
};

export function Calls(props: {
  details: HealthDetails;
  onReset: (breaker: string) => Promise<void>;
}): JSX.Element {
  const { breakers, wallMs } = props.details;
  return (
    <div data-testid="breakers">
      <h3>What Buddy calls</h3>
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
  return (
    <li data-breaker={one.id} class={`level-${level}`}>
      <Icon name={level} />
      <div>
        <p>
          <strong>{one.title}</strong> {BREAKER_WORDS[state]}{" "}
          <span class="dim">for {ago(wallMs, sinceWallMs)}</span>
          {state !== "closed" && (
            <button type="button" onClick={() => void props.onReset(one.id)}>
              Use it now
            </button>
          )}
        </p>
        {level !== "ok" && (
          <p>
            {one.text} {one.next !== "" && <span class="next">→ {one.next}</span>}
          </p>
        )}
        <p class="dim">
          {number(counts.calls)} calls, {number(counts.failures)} failed, {number(counts.rejected)}{" "}
          not made
        </p>
        {transitions.length > 0 && (
          <details>
            <summary>Last changes</summary>
            <ul class="health-rows">
              {[...transitions].reverse().map((change) => (
                <li key={`${change.wallMs} ${change.to}`}>
                  <time>{timeOfDay(change.wallMs)}</time>
                  <span>
                    {BREAKER_WORDS[change.to]}: {change.reason}
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

const number = (value: number): string => value.toLocaleString("en");
